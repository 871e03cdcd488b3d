#!/usr/bin/env python3
"""Times listings of every sort at page 1, at page 4,000 and at pages in between, one request after the other.

Page 1 and the deep page are asked in turn, so that whatever else the machine does meets both; their medians are compared.
"""
import argparse
import json
import random
import statistics
import sys
import time

from client import Client, request

SORTS = ["-created_at", "created_at", "title", "-title", "price", "-price"]
LIMIT, PAGE = 20, 4000
ROUNDS, SAMPLE = 400, 1000
LARGEST_RATIO, LARGEST_P99 = 1.2, 10.0


class Listing:
    """One sort: where each page begins, found by walking there."""

    def __init__(self, client, sort):
        self.client, self.path = client, f"/v1/products?sort={sort}&currency=USD&limit={LIMIT}"
        self.pages = [self.path]
        while len(self.pages) < PAGE:
            cursor = json.loads(self.get(self.pages[-1])[1])["page"]["next"]
            if cursor is None:
                raise SystemExit(f"sort={sort} has {len(self.pages)} pages of {LIMIT}: page {PAGE} needs more products")
            self.pages.append(f"{self.path}&after={cursor}")

    def get(self, path):
        """Milliseconds from the first byte sent to the last received, and the body."""
        began = time.perf_counter()
        body = self.client.read(request("GET", path))
        return (time.perf_counter() - began) * 1000, body

    def time(self, path):
        return self.get(path)[0]


def p99(times):
    return statistics.quantiles(times, n=100)[98]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--port", type=int, required=True)
    client = Client(arguments.parse_args().port)
    chance = random.Random(1)
    failures = []
    print(f"| sort | page 1, ms | page {PAGE:,}, ms | ratio | p99 of {SAMPLE:,} pages, ms |")
    print("|---|--:|--:|--:|--:|")
    for sort in SORTS:
        listing = Listing(client, sort)
        pairs = [(listing.time(listing.pages[0]), listing.time(listing.pages[-1])) for _ in range(ROUNDS)]
        first, last = (statistics.median(times) for times in zip(*pairs))
        tail = p99([listing.time(chance.choice(listing.pages)) for _ in range(SAMPLE)])
        ratio = max(first, last) / min(first, last)
        print(f"| {sort} | {first:.2f} | {last:.2f} | {last / first:.2f} | {tail:.2f} |", flush=True)
        if ratio > LARGEST_RATIO:
            failures.append(f"sort={sort}: page 1 and page {PAGE:,} differ by {ratio:.2f} × (at most {LARGEST_RATIO})")
        if tail >= LARGEST_P99:
            failures.append(f"sort={sort}: p99 {tail:.2f} ms (below {LARGEST_P99:.0f})")
    print("\n" + ("\n".join(failures) or f"Within {LARGEST_RATIO} × and below {LARGEST_P99:.0f} ms throughout."))
    sys.exit(1 if failures else 0)


main()
