"""Leads schemathesis to the shop's deep states, and says which refusals of a well-formed request are no failure.

An id that is well-formed is replaced by one of something that exists: a product, or a cart or an order that was made for this
request, with its token. A cursor is replaced by one of the same listing.
"""

import os
import random
import re
import threading
import uuid

import requests
import schemathesis
from schemathesis.core.failures import ServerError
from schemathesis.openapi.checks import RejectedPositiveData, UnsupportedMethodResponse

SHOP = os.environ["SHOP_URL"]
ADMIN = {"Authorization": f"Bearer {os.environ['SHOP_ADMIN_KEY']}"}
ID = re.compile(r"(prod|var|cat|cart|line|ord|pay|loc|disc)_[0-7][0-9a-hjkmnp-tv-z]{25}")
ADDRESS = {"name": "Ann", "line1": "1 Main St", "city": "Portland", "region": "OR", "postal_code": "97201", "country": "US"}
PAYMENTS = ["tok_ok", "tok_ok", "tok_declined", "tok_timeout", "tok_requires_action"]


def ask(method, path, headers=None, **body):
    answer = requests.request(method, SHOP + path, headers=headers, json=body or None, timeout=10)
    answer.raise_for_status()
    return answer.json()


def sell():
    """The id of a variant that nothing else knows of, so that no other request changes it."""
    variant = {"sku": str(uuid.uuid4()), "prices": [{"amount": 1299, "currency": "USD"}], "stock": 10}
    return ask("POST", "/v1/admin/products", ADMIN, title="Mug", status="active", variants=[variant])["variants"][0]["id"]


class Cart:
    """A cart of its own for one request; `fullness` 0 is empty, 1 has a line, 2 can be completed."""

    def __init__(self, fullness):
        made = ask("POST", "/v1/carts", currency="USD", country="US")
        self.id, self.headers, self.line = made["id"], {"Shop-Cart-Token": made["token"]}, None
        self.path = f"/v1/carts/{self.id}"
        if fullness > 0:
            filled = ask("POST", self.path + "/lines", self.headers, variant_id=sell(), quantity=1)
            self.line = filled["lines"][0]["id"]
        if fullness > 1:
            ask("PUT", self.path + "/email", self.headers, email="ann@example.com")
            ask("PUT", self.path + "/shipping-address", self.headers, **ADDRESS)
            option = ask("GET", self.path + "/shipping-options", self.headers)["data"][0]
            ask("PUT", self.path + "/shipping-method", self.headers, id=option["id"])

    def total(self):
        totals = ask("GET", self.path + "/quote", self.headers)["totals"]
        return {"amount": totals["total"], "currency": totals["currency"]}

    def order(self):
        headers = {**self.headers, "Idempotency-Key": str(uuid.uuid4())}
        payment = {"provider": "test", "token": "tok_ok"}
        return ask("POST", self.path + "/complete", headers, expected_total=self.total(), payment=payment)


def offer_discount():
    """A discount of its own for one request."""
    code = str(uuid.uuid4())
    return ask("POST", "/v1/admin/discount-codes", ADMIN, code=code, kind="percentage", basis_points=1000, combinable=True)


class Known:
    """What the seeded shop has, by the prefix of its ids."""

    lock = threading.Lock()
    ids = None

    @classmethod
    def any(cls, prefix):
        with cls.lock:
            cls.ids = cls.ids or cls.read()
        return random.choice(cls.ids[prefix])

    @staticmethod
    def read():
        products = ask("GET", "/v1/products?limit=100")["data"]
        return {
            "prod": [product["id"] for product in products],
            "var": [variant["id"] for product in products for variant in product["variants"]],
            "cat": [category["id"] for category in ask("GET", "/v1/admin/categories", ADMIN)["data"]],
            "loc": [level["location_id"] for level in ask("GET", "/v1/admin/stock-levels?limit=1", ADMIN)["data"]],
        }


def real(value):
    """The value with ids of what exists in place of those that are only well-formed."""
    if isinstance(value, dict):
        return {name: real(member) for name, member in value.items()}
    if isinstance(value, list):
        return [real(element) for element in value]
    found = ID.fullmatch(value) if isinstance(value, str) else None
    return Known.any(found[1]) if found and found[1] in ("prod", "var", "cat", "loc") else value


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.path_parameters:
        case.path_parameters = real(case.path_parameters)
        open_cart(case)
    if isinstance(case.body, (dict, list)):
        case.body = real(case.body)
    if case.meta is not None and case.meta.generation.mode.is_positive:
        make_sense(case)


def open_cart(case):
    """Puts a cart, an order or a payment that was made for this request in the place of one that does not exist."""
    noun = case.operation.path.split("/")[2]
    if noun not in ("carts", "orders", "payments") or not ID.fullmatch(str(case.path_parameters["id"])):
        return
    if "Shop-Cart-Token" not in (case.headers or {}):
        return
    is_ordered = noun != "carts"
    cart = Cart(2 if is_ordered or case.operation.path.endswith(("/complete", "/holds")) else random.choice([0, 1, 2]))
    case.headers.update(cart.headers)
    case.path_parameters["id"] = cart.id
    if "code" in case.path_parameters and random.random() < 0.8:
        code = offer_discount()["code"]
        ask("POST", cart.path + "/discount-codes", cart.headers, code=code)
        case.path_parameters["code"] = code
    if cart.line and ID.fullmatch(str(case.path_parameters.get("line_id", ""))):
        case.path_parameters["line_id"] = cart.line
    if is_ordered:
        order = cart.order()
        case.path_parameters["id"] = order["id"] if noun == "orders" else order["payments"][0]["id"]


def make_sense(case):
    """Most of the time, what a schema cannot ask for: without it few requests would get as far as to change anything."""
    if case.query:
        case.query = real(case.query)
        turn_page(case)
    if random.random() < 0.2:
        return
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = "*"
    match case.operation.definition.raw["operationId"]:
        case "completeCart":
            cart = Cart(2)
            case.path_parameters["id"] = cart.id
            case.headers.update(cart.headers)
            payment = {"provider": "test", "token": random.choice(PAYMENTS)}
            case.body = {"expected_total": cart.total(), "payment": payment}
        case "changeDiscount":
            case.path_parameters["id"] = offer_discount()["id"]
        case "addDiscountCode":
            case.body["code"] = offer_discount()["code"]
        case "addLine":
            case.body["variant_id"] = sell()
        case "setShippingMethod":
            case.body["id"] = "standard"
        case "createProduct":
            case.body["variants"] = [{**case.body["variants"][0], "options": None}]
            case.body["options"] = []


def turn_page(case):
    """Puts the listing's own next cursor in the place of one that nobody signed."""
    if "after" not in case.query:
        return
    del case.query["after"]
    request = case.as_transport_kwargs(base_url=SHOP)
    first = requests.get(request["url"], params=request.get("params"), headers=ADMIN, timeout=10)
    following = first.json()["page"]["next"] if first.ok else None
    if following:
        case.query["after"] = following


# What depends on what is in the shop, or on two members together, no schema can tell.
PROBLEMS = {"invalid_cursor", "stale", "payment_declined", "cart_empty", "cart_incomplete", "idempotency_mismatch"}
CONDITION = re.compile(r'(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)')
PARAMETERS = re.compile(r"names no category|is above filter")
FAULTS = {"unknown_reference", "duplicate", "conflicting", "not_sellable", "not_priced", "out_of_stock", "card_number"}
FAULTS |= {"noncharacter"}  # RFC 7493: those beyond U+FFFF are in no pattern that all dialects read
DISCOUNTS = {"unknown", "not_started", "expired", "exhausted", "spent", "below_minimum", "other_currency", "not_combinable"}
DISCOUNTS = {f"discount_{reason}" for reason in DISCOUNTS}
PLACES = [
    (re.compile(r"/code"), DISCOUNTS, "a discount code that there is not, or that does not count in this cart"),
    (re.compile(r"/(starts|ends)_at"), {"malformed"}, "a day that its month does not have"),
    (re.compile(r"/region"), {"not_allowed"}, "no state of the country"),
    (re.compile(r"(/variants/\d+)?/options/.*"), {"not_allowed", "required"}, "no option of the product"),
    (re.compile(r".*/compare_at_amount"), {"out_of_range"}, "not above the amount"),
    (re.compile(r"/handle"), {"required"}, "none can be made of the title"),
    (re.compile(r"/payment/provider"), {"not_allowed"}, "which there are is a setting"),
    (re.compile(r"/id"), {"not_allowed"}, "a shipping method that does not take this cart"),
    (re.compile(r"/(quantity|delta|set)"), {"out_of_range"}, "too many together with what is there"),
]


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """False where a request that its schema allows was refused for a reason of those above, or where no method is known."""
    problem = response.json()
    if isinstance(failure, (ServerError, UnsupportedMethodResponse)) and response.status_code == 501:
        # RFC 9110, 9.1: methods that nothing here knows, as QUERY and TRACE, are answered 501, others 405.
        return problem["code"] != "method_not_implemented"
    if not isinstance(failure, RejectedPositiveData):
        return True
    if problem["code"] == "invalid_header" and not CONDITION.fullmatch((case.headers or {}).get("If-Match", "*")):
        return False  # schemathesis takes a bare 0 for what fits the pattern
    if problem["code"] in PROBLEMS or PARAMETERS.search(problem["detail"]):
        return False
    return not problem["errors"] or not all(is_of_state(fault) for fault in problem["errors"])


def is_of_state(fault):
    return fault["code"] in FAULTS or any(
        place.fullmatch(fault["pointer"]) and fault["code"] in codes for place, codes, _ in PLACES
    )
