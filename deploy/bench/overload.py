#!/usr/bin/env python3
"""Asks a server for three times what it can do, and says what became of it: how much was done, how long that took, who came first,
and how soon all was as before.

What it can do is measured first, by connections that ask as soon as they have their answer. The overload is an open loop: requests
come when they come, whatever became of those before, and are timed from the moment at which they were due.
"""
import argparse
import sys
import tempfile

import load
from client import request
from targets import Shop


class Overload:
    def __init__(self, options):
        self.options = options
        self.third = 1 if not options.short else 1 / 3
        self.goals = load.Goals()

    def seconds(self, count):
        return max(3, round(count * self.third))

    def peak(self, port, kinds, directory):
        """The most requests a second, over as many connections as that takes."""
        rates = {}
        for connections in (16, 32, 64):
            report = load.run(self.options.load, port, [("max", 2), ("max", self.seconds(6))], kinds(connections), directory, connections)
            phase = report["phases"][1]
            rates[connections] = load.count(phase, "done") / phase["seconds"]
        best = max(rates, key=rates.get)
        print(f"  peak: {rates[best]:,.0f} requests/s over {best} connections "
              f"({', '.join(f'{connections}: {rate:,.0f}' for connections, rate in rates.items())})", flush=True)
        return rates[best]

    def run(self, name, port, kinds, least, slowest):
        print(f"{name}:")
        with tempfile.TemporaryDirectory() as directory:
            peak = self.peak(port, kinds, directory)
            before_series = load.series(port)
            phases = [(peak / 2, self.seconds(10)), (peak * 3, self.seconds(20)), (peak / 2, self.seconds(12))]
            report = load.run(self.options.load, port, phases, kinds(1000), directory, 1000)
        normal, overload, after = report["phases"]
        for title, phase in (("normal", normal), ("overload", overload), ("after", after)):
            print(f"  {title}: {phase['offered'] / phase['seconds']:,.0f} requests/s offered, "
                  f"{load.count(phase, 'done') / phase['seconds']:,.0f} done, {load.count(phase, 'refused') / phase['seconds']:,.0f} "
                  f"refused, {load.count(phase, 'abandoned') / phase['seconds']:,.0f} given up by the client, "
                  f"{load.count(phase, 'failed') + load.count(phase, 'broken')} failed")
            for kind in phase["kinds"]:
                print(f"    {kind}: {load.count(phase, 'done', kind):,} done, p99 {load.p99(phase, kind):.1f} ms; "
                      f"{load.count(phase, 'refused', kind):,} refused, p99 {load.p99(phase, kind, 'refused'):.1f} ms")
        self.goals.check("done while overloaded, of the peak", load.count(overload, "done") / overload["seconds"] / peak, least, True)
        if slowest:
            for kind in overload["kinds"]:
                if load.count(overload, "done", kind) > 100:
                    ratio = load.p99(overload, kind) / max(load.p99(normal, kind), 1)
                    self.goals.check(f"p99 of {kind} while overloaded, of the normal", ratio, slowest, unit=" ×")
        failed = sum(load.count(phase, outcome) for phase in (normal, overload, after) for outcome in ("failed", "broken"))
        self.goals.check("answered neither as asked nor with 503", failed, 0)
        self.goals.check("back to normal after", self.recovery(report, normal, overload, after), 5, unit=" s")
        if report["other_statuses"]:
            print(f"  other statuses: {report['other_statuses']}")
        if report["exhausted"]:
            print(f"  there were too few requests of {report['exhausted']}")
        changed = {key: value - before_series.get(key, 0) for key, value in load.series(port).items()
                   if key.startswith("shop_admission_refused_total") and value > before_series.get(key, 0)}
        limits = [int(value) for key, value in load.series(port).items() if key.startswith("shop_admission_limit")]
        print(f"  limits now: {limits}; turned away: " + (", ".join(f"{key.partition('{')[2][:-1]} {value:,.0f}" for key, value in changed.items()) or "none"))

    @staticmethod
    def recovery(report, normal, overload, after):
        """Seconds until what is done is what is asked, for a second on end."""
        start = int((normal["seconds"] + overload["seconds"]) * 10)
        end = start + int(after["seconds"] * 10)
        done = report["done_per_tenth"][start:end]
        asked = after["offered"] / after["seconds"]
        for tenth in range(len(done) - 10):
            if 0.9 * asked <= sum(done[tenth:tenth + 10]) <= 1.1 * asked:
                return tenth / 10
        return after["seconds"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--load", required=True, metavar="PROGRAM")
    arguments.add_argument("--shop", type=int, required=True, metavar="PORT")
    arguments.add_argument("--shop-uncached", type=int, required=True, metavar="PORT")
    arguments.add_argument("--short", action="store_true")
    options = arguments.parse_args()
    drill = Overload(options)
    shop = Shop(options.shop_uncached, options.shop_uncached)
    listings, adds = shop.requests("listing uncached"), shop.requests("cart add")

    def database_bound(connections):
        # Carts become orders: each run has its own.
        till = shop.checkouts(1500 if connections < 1000 else 6000)
        return {"browsing": (70, listings), "shopping": (27, adds), "checkout!": (3, till)}

    drill.run("Listings, carts and checkouts from the database", options.shop_uncached, database_bound, 0.9, 3)
    handles = [request("GET", f"/v1/products/{handle}") for handle in shop.handles]
    drill.run("Products from the cache", options.shop, lambda _: {"products": (1, handles)}, 0.5, None)
    sys.exit(1 if drill.goals.missed else 0)


main()
