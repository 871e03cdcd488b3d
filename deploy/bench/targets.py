"""What is asked of each server: the same work in each one's own paths. An endpoint that a server lacks is left out."""
import concurrent.futures
import itertools
import random
import urllib.parse
import uuid

from client import Client, request

DISTINCT = 5000         # requests that an endpoint goes round
CARTS_TO_ADD_TO = 2000
VARIANTS_IN_A_CART = 40  # so that a cart stays a cart however long is added to it
PREPARING = 8           # connections


def in_parallel(port, count, work):
    """work(client, number) for each number below count, over a few connections."""
    def share(first):
        client = Client(port)
        return [work(client, number) for number in range(first, count, PREPARING)]

    with concurrent.futures.ThreadPoolExecutor(PREPARING) as threads:
        return list(itertools.chain.from_iterable(threads.map(share, range(PREPARING))))


class Nginx:
    """`return 200` of bytes that are already in memory: the most that any server could reach here."""

    def __init__(self, port):
        self.name, self.port = "nginx", port

    def requests(self, endpoint):
        path = {"live": "/health", "product cached": "/products/1"}.get(endpoint)
        return path and [request("GET", path)]


class Go:
    """The Go service: numeric ids, 10,000 products of 3 variants in 50 categories."""

    def __init__(self, port):
        self.name, self.port = "go", port

    def requests(self, endpoint):
        products = [number * 7919 % 10_000 + 1 for number in range(DISTINCT)]
        if endpoint == "live":
            return [request("GET", "/health")]
        if endpoint == "product cached":
            return [request("GET", f"/products/{product}") for product in products]
        if endpoint == "product uncached":
            return [request("GET", f"/products/{product}?nocache=1") for product in products]
        if endpoint == "listing uncached":
            return [request("GET", f"/products?category={category}&limit=20&after={after}&nocache=1")
                    for category in range(1, 51) for after in range(0, 9000, 1000)]
        if endpoint == "cart add":
            carts = in_parallel(self.port, CARTS_TO_ADD_TO, self.cart)
            return [self.add(carts[number % len(carts)], 1 + number * 31 % VARIANTS_IN_A_CART) for number in range(DISTINCT)]
        return None

    def cart(self, client, number):
        return client.ask(request("POST", "/carts", {}))[0]["id"]

    def add(self, cart, variant):
        return request("POST", f"/carts/{cart}/items", {"variant_id": variant, "quantity": 1})

    def checkouts(self, count):
        def ready(client, number):
            cart = self.cart(client, number)
            client.ask(*[self.add(cart, random.randint(1, 29_999)) for _ in range(2)])
            return request("POST", f"/carts/{cart}/checkout", {}, [f"Idempotency-Key: {uuid.uuid4()}"])
        return in_parallel(self.port, count, ready)


class Shop:
    """Shop over a generated catalogue. `uncached` is the port of a second process with SHOP_CATALOGUE_CACHE=off."""

    def __init__(self, port, uncached):
        self.name, self.port, self.uncached = "shop", port, uncached
        self.browse(Client(port))

    def browse(self, client):
        """Learns the handles, the variants in stock, and the pages of each category."""
        self.handles, self.variants, self.listings = [], [], []
        page = "/v1/products?limit=100"
        while page and len(self.handles) < DISTINCT:
            body, = client.ask(request("GET", page))
            self.handles += [product["handle"] for product in body["data"]]
            self.variants += [variant["id"] for product in body["data"] for variant in product["variants"]
                              if variant["availability"] == "in_stock" and sells_in_dollars(variant)]
            page = after("/v1/products?limit=100", body)
        categories, = client.ask(request("GET", "/v1/categories"))
        for handle in handles(categories["data"]):
            page = first = f"/v1/products?category={handle}&limit=20"
            for _ in range(9):
                body, = client.ask(request("GET", page))
                if len(body["data"]) == 20:
                    self.listings.append(page)
                page = after(first, body)
                if not page:
                    break
        random.Random(1).shuffle(self.variants)
        self.next_variant = itertools.cycle(self.variants).__next__

    def requests(self, endpoint):
        if endpoint == "live":
            return [request("GET", "/health/live")]
        if endpoint in ("product cached", "product uncached"):
            return [request("GET", f"/v1/products/{handle}") for handle in self.handles]
        if endpoint == "listing uncached":
            return [request("GET", page) for page in self.listings]
        if endpoint == "cart add":
            carts = in_parallel(self.port, CARTS_TO_ADD_TO, self.cart)
            return [self.add(carts[number % len(carts)], self.variants[number * 31 % VARIANTS_IN_A_CART])
                    for number in range(DISTINCT)]
        return None

    def port_for(self, endpoint):
        return self.uncached if endpoint.endswith("uncached") else self.port

    def cart(self, client, number):
        created, = client.ask(request("POST", "/v1/carts", {"currency": "USD", "country": "US"}))
        return f"/v1/carts/{created['id']}", [f"Shop-Cart-Token: {created['token']}"]

    def add(self, cart, variant):
        return request("POST", f"{cart[0]}/lines", {"variant_id": variant, "quantity": 1}, cart[1])

    def checkouts(self, count):
        address = {"name": "Ada Lovelace", "line1": "1 Main St", "city": "Springfield", "region": "IL",
                   "postal_code": "62701", "country": "US"}

        def ready(client, number):
            path, token = cart = self.cart(client, number)
            client.ask(self.add(cart, self.next_variant()), self.add(cart, self.next_variant()),
                       request("PUT", f"{path}/email", {"email": "ada@example.com"}, token),
                       request("PUT", f"{path}/shipping-address", address, token))
            options, = client.ask(request("GET", f"{path}/shipping-options", headers=token))
            _, quote = client.ask(request("PUT", f"{path}/shipping-method", {"id": options["data"][0]["id"]}, token),
                                  request("GET", f"{path}/quote", headers=token))
            return request("POST", f"{path}/complete",
                           {"expected_total": {"amount": quote["totals"]["total"], "currency": "USD"},
                            "payment": {"provider": "test", "token": "tok_ok"}},
                           [*token, f"Idempotency-Key: {uuid.uuid4()}"])
        return in_parallel(self.port, count, ready)


def after(path, body):
    cursor = body["page"]["next"]
    return cursor and f"{path}&after={urllib.parse.quote(cursor)}"


def sells_in_dollars(variant):
    return any(price["currency"] == "USD" for price in variant["prices"])


def handles(categories):
    for category in categories:
        yield category["handle"]
        yield from handles(category.get("children") or [])
