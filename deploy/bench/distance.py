#!/usr/bin/env python3
"""A line that takes its time, and what a shop behind it takes."""
import argparse
import asyncio
import json
import re
import statistics
import time
import urllib.request
import uuid

ROUNDS = 30


async def serve_line(listen, to, one_way):
    """A TCP proxy that hands on what it got `one_way` seconds later, in both directions, however much is on its way."""

    async def pump(reader, writer):
        waiting = asyncio.Queue()

        async def hand_on():
            while True:
                due, data = await waiting.get()
                await asyncio.sleep(max(0, due - time.monotonic()))
                if not data:
                    writer.close()
                    return
                writer.write(data)
                await writer.drain()

        task = asyncio.create_task(hand_on())
        try:
            while data := await reader.read(65536):
                waiting.put_nowait((time.monotonic() + one_way, data))
        except ConnectionError:
            pass
        waiting.put_nowait((time.monotonic() + one_way, b""))
        await task

    async def connected(reader, writer):
        # The handshake of TCP takes a round trip, too.
        await asyncio.sleep(2 * one_way)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to)
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer), return_exceptions=True)

    async with await asyncio.start_server(connected, "127.0.0.1", listen) as server:
        await server.serve_forever()


class Shop:
    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"

    def ask(self, method, path, body=None, **headers):
        """Milliseconds, and what came back."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json", **headers}, method=method)
        began = time.perf_counter()
        with urllib.request.urlopen(request, timeout=20) as reply:
            content = reply.read()
        taken = (time.perf_counter() - began) * 1000
        return taken, content.decode()

    def trips(self):
        """Of the connections to the writer."""
        series = re.findall(r"^shop_database_trips_total\{(.*)\} (\S+)$", self.ask("GET", "/metrics")[1], re.M)
        return sum(int(float(value)) for labels, value in series if "server=" not in labels)

    def reads_from_reader(self):
        found = re.findall(r'^shop_catalogue_reads_total\{source="reader"\} (\S+)$', self.ask("GET", "/metrics")[1], re.M)
        return float(found[0]) if found else 0


def one_order(shop, variant, product):
    """Milliseconds and round trips of what a shopper does, by name."""
    costs = {}

    def cost(name, method, path, body=None, **headers):
        before = shop.trips()
        taken, text = shop.ask(method, path, body, **headers)
        costs[name] = (taken, shop.trips() - before)
        return json.loads(text)

    cost("product page", "GET", f"/v1/products/{product}")
    cart = cost("new cart", "POST", "/v1/carts", {"currency": "USD", "country": "US"})
    path, token = f"/v1/carts/{cart['id']}", {"Shop-Cart-Token": cart["token"]}
    cost("add a line", "POST", f"{path}/lines", {"variant_id": variant, "quantity": 1}, **token)
    address = {"name": "Ada", "line1": "1 Main St", "city": "Portland", "region": "OR", "postal_code": "97201", "country": "US"}
    cost("set the address", "PUT", f"{path}/shipping-address", address, **token)
    shop.ask("PUT", f"{path}/email", {"email": "ada@example.com"}, **token)
    shop.ask("PUT", f"{path}/shipping-method", {"id": "standard"}, **token)
    total = cost("look at the cart", "GET", path, **token)["totals"]["total"]
    body = {"expected_total": {"amount": total, "currency": "USD"}, "payment": {"provider": "test", "token": "tok_ok"}}
    order = cost("complete", "POST", f"{path}/complete", body, **token, **{"Idempotency-Key": str(uuid.uuid4())})
    cost("look at the order", "GET", f"/v1/orders/{order['id']}", **token)
    return costs


def measure(near, far):
    query = "/v1/products?limit=1&filter[in_stock]=true&currency=USD".replace("[", "%5B").replace("]", "%5D")
    found = json.loads(near.ask("GET", query)[1])["data"][0]
    variant = next(variant["id"] for variant in found["variants"] if variant["availability"] == "in_stock")
    while far.reads_from_reader() == 0:
        far.ask("GET", "/v1/products?limit=1")
        time.sleep(0.1)
    rows = {}
    for shop in (near, far):
        # Connections are made and rates read.
        for _ in range(3):
            one_order(shop, variant, found["id"])
    # In turn, so that whatever else the machine does meets both.
    for _ in range(ROUNDS):
        for place, shop in (("near", near), ("far", far)):
            for name, cost in one_order(shop, variant, found["id"]).items():
                rows.setdefault(name, {}).setdefault(place, []).append(cost)
    print("| request | near, ms | far, ms | round trips to the writer |")
    print("|---|--:|--:|--:|")
    for name, places in rows.items():
        (near_ms, _), (far_ms, trips) = (
            (statistics.median(taken for taken, _ in costs), statistics.mode(trips for _, trips in costs)) for costs in (places["near"], places["far"])
        )
        print(f"| {name} | {near_ms:.1f} | {far_ms:.1f} | {trips} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    line = commands.add_parser("line")
    line.add_argument("--listen", type=int, required=True)
    line.add_argument("--to", type=int, required=True)
    line.add_argument("--round-trip", type=float, required=True, help="milliseconds")
    both = commands.add_parser("measure")
    both.add_argument("--near", type=int, required=True)
    both.add_argument("--far", type=int, required=True)
    arguments = parser.parse_args()
    if arguments.command == "line":
        asyncio.run(serve_line(arguments.listen, arguments.to, arguments.round_trip / 2000))
    else:
        measure(Shop(arguments.near), Shop(arguments.far))


main()
