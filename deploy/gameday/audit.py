"""Holds the shop to what shoppers were told: its orders, its stock, and what the payment provider charged.

The provider's list is the other half of the truth. `void_unknown` is what runbooks/region-failover.md asks for after the loss of a
region: what the provider authorised for operations that the database does not know is given back.
"""
import dataclasses
import json
import time
import urllib.request
import uuid

from machine import wait_until

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid_of(identifier):
    """Of an identifier as it is on the wire: a prefix and Crockford's base 32."""
    value = 0
    for digit in identifier.rsplit("_", 1)[1]:
        value = value << 5 | DIGITS.index(digit)
    return str(uuid.UUID(int=value))


class Provider:
    """The payment provider's own view."""

    def __init__(self, port):
        self.origin = f"http://127.0.0.1:{port}"

    def ask(self, path, key=None):
        request = urllib.request.Request(self.origin + path, method="POST" if key else "GET", data=b"{}" if key else None,
                                         headers={"Idempotency-Key": key, "Content-Type": "application/json"} if key else {})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def authorisations(self):
        """All of them by the id of the operation that they were asked for with."""
        found, path = {}, "/authorizations?limit=1000"
        while path:
            page = self.ask(path)
            found |= {uuid_of(item["id"]): item for item in page["data"]}
            path = page["next"] and f"/authorizations?limit=1000&after={page['next']}"
        return found

    def void(self, authorisation):
        operation = authorisation["id"].removeprefix("auth_")
        return self.ask(f"/authorizations/{operation}/void", key=f"reconcile-{operation}")["status"]


class Books:
    """What the database has, read as a whole."""

    def __init__(self, database):
        self.database = database

    def rows(self, query):
        text = self.database.sql(f"select coalesce(json_agg(t), '[]') from ({query}) t", database="shop")
        return json.loads(text)

    def settled(self):
        return not self.rows("""
            select 1 from sales.payment where state in ('authorizing', 'requires_action', 'unknown')
            union all select 1 from sales.payment_operation where state in ('pending', 'unknown')
            union all select 1 from sales.reservation where state = 'paying' limit 1""")

    def wait_until_settled(self, seconds=60):
        """The worker brings to their end what was cut off; seconds that it took."""
        began = time.monotonic()
        wait_until(seconds, self.settled, "the end of all payments by the reconciler", every=0.2)
        return time.monotonic() - began

    def orders(self):
        return {row["id"]: row for row in self.rows("select id, cart_id, total, status, created_at from sales.orders")}

    def operations(self):
        return {row["id"]: row for row in self.rows("""
            select o.id, o.kind, o.state, p.order_id, p.state as payment, o.amount
            from sales.payment_operation o join sales.payment p on p.id = o.payment_id""")}


def void_unknown(provider, books):
    """Gives back what was authorised for operations that the database does not know; those authorisations.

    The provider is asked first: an operation is written down before the provider hears of it, so what is not there afterwards never
    will be.
    """
    authorised = provider.authorisations()
    known = books.operations()
    lost = [item for operation, item in authorised.items() if operation not in known and item["status"] != "voided"]
    for authorisation in lost:
        if provider.void(authorisation) != "voided":
            raise SystemExit(f"the provider did not void {authorisation['id']}")
    return lost


@dataclasses.dataclass
class Verdict:
    """What is wrong; all of it is empty or 0 after a good day."""

    lost: list
    renumbered: list
    doubled: int
    unknown: int
    invented: int
    charged_for_nothing: int
    not_charged: int
    oversold: int

    def faults(self, lost_are_allowed=False):
        named = {"acknowledged orders are not there": 0 if lost_are_allowed else len(self.lost),
                 "acknowledged orders have become others": 0 if lost_are_allowed else len(self.renumbered),
                 "carts have two orders": self.doubled, "checkouts have no clear outcome": self.unknown, "orders are nobody's": self.invented,
                 "charges have no order": self.charged_for_nothing, "orders have no charge": self.not_charged,
                 "variants are oversold": self.oversold}
        return [f"{count} {what}" for what, count in named.items() if count]


def audit(journal, database, provider):
    """Compares shoppers, database and provider, once nothing is open any more."""
    books = Books(database)
    orders, operations, authorised = books.orders(), books.operations(), provider.authorisations()
    told = journal.in_state("acknowledged")
    by_cart = {row["cart_id"]: row for row in orders.values()}
    # Acknowledged means this order, for this cart, at this total.
    there = {checkout["key"] for checkout in told
             if (order := orders.get(uuid_of(checkout["order"]))) and order["total"] == checkout["total"]
             and order["cart_id"] == uuid_of(checkout["cart"])}
    missing = [checkout for checkout in told if checkout["key"] not in there]
    # Where a promoted database has the payment and not the order, the reconciler makes the order anew, with another id.
    renumbered = [checkout for checkout in missing if uuid_of(checkout["cart"]) in by_cart]
    lost = [checkout for checkout in missing if uuid_of(checkout["cart"]) not in by_cart]
    known = {uuid_of(checkout["cart"]) for checkout in (*told, *journal.in_state("unknown"))}

    charged = {operation: item for operation, item in authorised.items() if item["status"] == "authorized"}
    for_nothing = [operation for operation in charged if operation not in operations or operations[operation]["order_id"] not in orders]
    charges = [operations[operation]["order_id"] for operation in charged if operation in operations]
    not_charged = [order for order, row in orders.items() if row["status"] != "cancelled" and charges.count(order) != 1]
    oversold = books.rows("""
        select variant_id from sales.stock_level l
        where reserved > on_hand + backorder_limit
           or reserved <> (select coalesce(sum(quantity), 0) from sales.reservation r
                           where r.variant_id = l.variant_id and r.location_id = l.location_id and state in ('held', 'paying', 'committed'))
           or on_hand < (select coalesce(sum(quantity - cancelled), 0) from sales.order_line o where o.variant_id = l.variant_id)""")
    return Verdict(
        lost=lost, renumbered=renumbered, doubled=len(orders) - len(by_cart), unknown=len(journal.in_state("unknown")),
        invented=sum(row["cart_id"] not in known for row in orders.values()),
        charged_for_nothing=len(for_nothing), not_charged=len(not_charged), oversold=len(oversold))
