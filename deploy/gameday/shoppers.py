"""Shoppers who place orders all the time, as a well-behaved client does, and remember what they were told.

Every write has a key, and whatever has no clear outcome is asked for again under the same key, after a moment, until it has one. What
was sent and what came back is written down in a journal before and after each checkout: the audit holds the shop to it.
"""
import http.client
import itertools
import json
import random
import threading
import time
import uuid

ADDRESS = {"name": "Ada Lovelace", "line1": "1 Main St", "city": "Springfield", "region": "IL", "postal_code": "62701", "country": "US"}
# Most are decided at once, some take a moment, some are decided only later: at any time payments are under way.
TOKENS = (("tok_ok", "tok_slow_200", "tok_timeout"), (75, 20, 5))
# Above what the shop itself takes for a checkout, so that it is the shop who gives up first.
REQUEST_SECONDS = 12
# How long a shopper asks for the same thing before leaving the shop: above the longest outage that is a goal.
PATIENCE = 330


class Left(Exception):
    """The shopper gave up: a refusal, or no clear outcome in all that time."""


class Journal:
    """What all shoppers did and were told, for the audit, and as lines in a file for people."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")
        self.lock = threading.Lock()
        self.began = time.monotonic()
        self.checkouts = []
        self.orders, self.writes, self.reads, self.failures, self.refusals = [], [], [], [], {}

    def note(self, what, **fields):
        with self.lock:
            line = {"at": round(time.monotonic() - self.began, 3), "what": what, **fields}
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()

    def sent(self, checkout):
        with self.lock:
            self.checkouts.append(checkout)
        self.note("sent", key=checkout["key"], cart=checkout["cart"], total=checkout["total"])

    def acknowledged(self, checkout, order):
        now = time.monotonic()
        with self.lock:
            checkout.update(state="acknowledged", order=order, at=now)
            self.orders.append(now)
        self.note("acknowledged", key=checkout["key"], order=order)

    def ended(self, checkout, state, why):
        with self.lock:
            checkout.update(state=state, at=time.monotonic())
        self.note(state, key=checkout["key"], why=why)

    def refused(self, code):
        with self.lock:
            self.refusals[code] = self.refusals.get(code, 0) + 1

    def write_succeeded(self):
        self.writes.append(time.monotonic())

    def failed(self, request, why):
        with self.lock:
            self.failures.append((time.monotonic(), request, why))
        self.note("failed", request=request, why=why)

    def in_state(self, state):
        with self.lock:
            return [checkout for checkout in self.checkouts if checkout["state"] == state]


def longest_gap(times, since, until):
    """Seconds between two successes that are next to each other, or between one and an end of the time."""
    points = [since, *sorted(time for time in times if since <= time <= until), until]
    return max(later - earlier for earlier, later in itertools.pairwise(points))


class Caller:
    """One connection to the shop, made anew after each failure; it writes down what failed."""

    def __init__(self, port, journal, leave):
        self.port, self.journal, self.leave = port, journal, leave
        self.connection = None

    def once(self, method, path, body=None, headers=None):
        """Status, fields and body of one attempt."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS)
        content = None if body is None else json.dumps(body)
        headers = {**(headers or {}), **({"Content-Type": "application/json"} if content else {})}
        try:
            self.connection.request(method, path, content, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.will_close:
            self.close()
        fields = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, fields, json.loads(text) if text[:1] == b"{" else {}

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def until_clear(self, method, path, body=None, token=None, key=None):
        """Asks until the outcome is clear: the status and the body."""
        # Every write takes a key; reads need none.
        headers = {"Idempotency-Key": key or uuid.uuid4().hex} if method != "GET" else {}
        if token:
            headers["Shop-Cart-Token"] = token
        request = f"{method} {path.rsplit('/', 1)[-1]}"
        pause, end = 0.1, time.monotonic() + PATIENCE
        while True:
            wanted = 0
            try:
                status, fields, answer = self.once(method, path, body, headers)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.journal.failed(request, f"{type(error).__name__}: {error}")
            else:
                code = answer.get("code")
                if status >= 500 or status == 429:
                    self.journal.failed(request, f"{status} {code or ''}".strip())
                elif not (status == 202 or code in ("idempotency_in_progress", "checkout_in_progress")):
                    if status < 300 and method != "GET":
                        self.journal.write_succeeded()
                    return status, answer
                wanted = float(fields.get("retry-after", 0))
            if time.monotonic() > end:
                raise Left(f"{request} had no clear outcome in {PATIENCE} s")
            # With jitter, or all would come back at the same moment.
            self.leave.wait(max(min(wanted, 2), pause) * random.uniform(0.8, 1.2))
            pause = min(pause * 2, 1)


class Shopper(threading.Thread):
    """Buys and buys, one cart after the other."""

    def __init__(self, shop, wares, journal, stop, leave):
        super().__init__(daemon=True)
        self.caller = Caller(shop, journal, leave)
        self.wares, self.journal, self.stop_buying = wares, journal, stop
        self.trouble = None

    def run(self):
        try:
            while not self.stop_buying.is_set():
                try:
                    self.buy()
                except Left as left:
                    self.journal.note("left", why=str(left))
        except Exception as error:
            self.trouble = error
            raise

    def step(self, method, path, body=None, token=None):
        status, answer = self.caller.until_clear(method, path, body, token)
        if status >= 300:
            # A cart may be unknown after the loss of a region: what was written in its last moment.
            self.journal.refused(f"{status} {answer.get('code')}")
            raise Left(f"{method} {path}: {status} {answer.get('code')}")
        return answer

    def buy(self):
        cart = self.step("POST", "/v1/carts", {"currency": "USD", "country": "US"})
        path, token = f"/v1/carts/{cart['id']}", cart["token"]
        for ware in self.wares.choose():
            self.step("POST", f"{path}/lines", {"variant_id": ware, "quantity": 1}, token)
        self.step("PUT", f"{path}/email", {"email": "ada@example.com"}, token)
        self.step("PUT", f"{path}/shipping-address", ADDRESS, token)
        options = self.step("GET", f"{path}/shipping-options", token=token)
        self.step("PUT", f"{path}/shipping-method", {"id": options["data"][0]["id"]}, token)
        quote = self.step("GET", f"{path}/quote", token=token)
        self.complete(cart["id"], path, token, quote["totals"]["total"])

    def complete(self, cart, path, token, total):
        checkout = {"key": uuid.uuid4().hex, "cart": cart, "total": total, "state": "unknown"}
        self.journal.sent(checkout)
        body = {"expected_total": {"amount": total, "currency": "USD"}, "payment": {"provider": "test", "token": random.choices(*TOKENS)[0]}}
        try:
            status, answer = self.caller.until_clear("POST", f"{path}/complete", body, token, checkout["key"])
        except Left as left:
            self.journal.note("unknown", key=checkout["key"], why=str(left))
            raise
        if status == 201:
            self.journal.acknowledged(checkout, answer["id"])
        else:
            self.journal.refused(f"{status} {answer.get('code')}")
            self.journal.ended(checkout, "refused", f"{status} {answer.get('code')}")


class Browser(threading.Thread):
    """Looks at products meanwhile, some twenty a second, and asks nothing twice."""

    def __init__(self, shop, handles, journal, stop):
        super().__init__(daemon=True)
        self.caller = Caller(shop, journal, stop)
        self.handles, self.journal, self.stop_browsing = handles, journal, stop

    def run(self):
        for handle in itertools.cycle(self.handles):
            if self.stop_browsing.wait(0.05):
                return
            try:
                status, _, answer = self.caller.once("GET", f"/v1/products/{handle}")
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.journal.failed("GET product", f"{type(error).__name__}: {error}")
                continue
            if status == 200:
                self.journal.reads.append(time.monotonic())
            else:
                self.journal.failed("GET product", f"{status} {answer.get('code')}")


class Wares:
    """What is sold: some of which there is plenty, and one of which there is not."""

    PLENTY, SCARCE = 1_000_000, 60

    def __init__(self, shop, admin_key):
        """Makes the products; the shop must be up."""
        caller = Caller(shop, None, threading.Event())
        self.handles, self.variants, self.scarce = [], [], None
        for number in range(20):
            self.variants.append(self.make(caller, admin_key, f"MUG-{number}", self.PLENTY))
        self.scarce = self.make(caller, admin_key, "LAST-ONES", self.SCARCE)

    def make(self, caller, admin_key, sku, stock):
        variant = {"sku": sku, "options": {}, "prices": [{"amount": 1299, "currency": "USD"}], "tax_class": "standard", "stock": stock}
        product = {"title": f"Mug {sku}", "handle": None, "description": "", "status": "active", "attributes": {}, "options": [],
                   "category_ids": [], "media": [], "variants": [variant]}
        headers = {"Authorization": f"Bearer {admin_key}", "Idempotency-Key": uuid.uuid4().hex}
        status, _, made = caller.once("POST", "/v1/admin/products", product, headers)
        if status != 201:
            raise Left(f"POST /v1/admin/products: {status} {made}")
        self.handles.append(made["handle"])
        return made["variants"][0]["id"]

    def choose(self):
        """One or two; one cart in five wants the scarce one."""
        wanted = random.sample(self.variants, random.choice((1, 2)))
        return [self.scarce, *wanted[1:]] if random.random() < 0.2 else wanted


class Crowd:
    """All shoppers of a drill."""

    def __init__(self, shop, wares, journal, shoppers=6):
        self.journal, self.stop, self.leave = journal, threading.Event(), threading.Event()
        self.shoppers = [Shopper(shop, wares, journal, self.stop, self.leave) for _ in range(shoppers)]
        self.browser = Browser(shop, wares.handles, journal, self.stop)

    def __enter__(self):
        for thread in (*self.shoppers, self.browser):
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()

    def wait_for_orders(self, count, seconds=180):
        """Until so many more were acknowledged."""
        goal, end = len(self.journal.orders) + count, time.monotonic() + seconds
        while len(self.journal.orders) < goal:
            self.look()
            if time.monotonic() > end:
                raise Left(f"{count} orders in {seconds} s: {len(self.journal.orders) - goal + count} were acknowledged; "
                           f"the last failures: {self.journal.failures[-3:]}")
            time.sleep(0.02)

    def sell_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()
            time.sleep(0.05)

    def look(self):
        for shopper in self.shoppers:
            if shopper.trouble:
                raise shopper.trouble

    def close(self, seconds=60):
        """No new carts; those that are being bought are brought to their end."""
        self.stop.set()
        end = time.monotonic() + seconds
        for thread in self.shoppers:
            thread.join(max(0.1, end - time.monotonic()))
        self.look()
