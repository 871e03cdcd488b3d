#!/usr/bin/env python3
"""Runs wrk against Shop and, in turn with it, against the servers beside it, and prints one table.

Every figure is the median of the rounds. CPU is what the kernel counted for the server's process and for all of its
PostgreSQL's, while wrk ran. The errors are all statuses above 399 and all broken connections, added up.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

from client import Refused
from targets import Go, Nginx, Shop

HERE = os.path.dirname(os.path.abspath(__file__))
ENDPOINTS = ["live", "product cached", "product uncached", "listing uncached", "cart add", "checkout"]
# The least that Shop shall reach of another server's requests a second, on the same two cores.
RATIOS = [("live", "nginx", 0.65), ("product cached", "nginx", 0.55), ("product uncached", "go", 2.0),
          ("listing uncached", "go", 1.5), ("cart add", "go", 1.5), ("checkout", "go", 1.0)]
CONNECTIONS, THREADS = 32, 2
TICKS = os.sysconf("SC_CLK_TCK")


def family(root):
    """The process and all below it, each with its CPU seconds, those of its ended children included."""
    parents, used = {}, {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                with open(f"/proc/{entry.name}/stat") as stat:
                    fields = stat.read().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            used[int(entry.name)] = sum(map(int, fields[11:15])) / TICKS

    def below(pid):
        return pid == root or (pid in parents and below(parents[pid]))
    return {pid: seconds for pid, seconds in used.items() if below(pid)}


def cpu_seconds(root):
    return sum(family(root).values())


def resident_megabytes(root):
    """With shared pages shared out, so that several workers are not counted several times over."""
    kilobytes = 0
    for pid in family(root):
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            kilobytes += int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.M)[1])
    return kilobytes / 1024


def listener(port):
    """The process that listens on the port: with several workers, the one that started the others."""
    lines = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    return min(map(int, re.findall(r"pid=(\d+)", lines)), default=None)


def wrk(port, requests, seconds, once, directory):
    path = os.path.join(directory, "requests")
    with open(path, "wb") as file:
        for request in requests:
            file.write(b"%d\n%s" % (len(request), request))
    output = subprocess.run(
        ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", f"{HERE}/requests.lua",
         f"http://127.0.0.1:{port}"],
        capture_output=True, text=True, timeout=seconds + 60,
        env={**os.environ, "REQUESTS": path, "REQUESTS_ONCE": "1" if once else "0", "REQUESTS_THREADS": str(THREADS)})
    measured = re.search(r"^MEASURED (.*)$", output.stdout, re.M)
    if not measured:
        raise SystemExit(f"wrk failed: {output.stdout}{output.stderr}")
    return json.loads(measured[1])


class Bench:
    def __init__(self, seconds, postgres):
        self.seconds, self.postgres = seconds, postgres
        self.prepared, self.checkout_rate = {}, {}
        self.directory = tempfile.TemporaryDirectory()

    def run(self, target, endpoint):
        """One run, or None where the target lacks the endpoint."""
        once = endpoint == "checkout"
        if once:
            if not hasattr(target, "checkouts"):
                return None
            # Enough carts for the whole run: the first, short one tells how many that is.
            rate = self.checkout_rate.get(target.name)
            if rate is None:
                rate = self.measure(target, endpoint, target.checkouts(400), 1, once)["rate"]
            requests = target.checkouts(int(rate * self.seconds * 1.2) + 200)
        else:
            if (target, endpoint) not in self.prepared:
                self.prepared[target, endpoint] = target.requests(endpoint)
            requests = self.prepared[target, endpoint]
            if requests is None:
                return None
            self.measure(target, endpoint, requests, 1, once)  # warms caches, pools and prepared statements
        result = self.measure(target, endpoint, requests, self.seconds, once)
        self.checkout_rate[target.name] = result["rate"]
        return result

    def measure(self, target, endpoint, requests, seconds, once):
        port = target.port_for(endpoint) if hasattr(target, "port_for") else target.port
        server, postgres = listener(port), self.postgres.get(target.name)
        before = cpu_seconds(server), cpu_seconds(postgres)
        result = wrk(port, requests, seconds, once, self.directory.name)
        thousands = max(result["requests"], 1) / 1000
        return {"rate": result["requests"] / result["seconds"], "p50": result["p50_us"] / 1000, "p99": result["p99_us"] / 1000,
                "errors": result["refused"] + result["broken"], "server": (cpu_seconds(server) - before[0]) / thousands,
                "postgres": (cpu_seconds(postgres) - before[1]) / thousands if postgres else None,
                "resident": resident_megabytes(server)}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--shop", type=int, required=True, metavar="PORT")
    arguments.add_argument("--shop-uncached", type=int, required=True, metavar="PORT")
    arguments.add_argument("--shop-postgres", type=int, required=True, metavar="PID")
    arguments.add_argument("--go", type=int, metavar="PORT")
    arguments.add_argument("--go-postgres", type=int, metavar="PID")
    arguments.add_argument("--nginx", type=int, metavar="PORT")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("--endpoints", default=",".join(ENDPOINTS))
    options = arguments.parse_args()

    targets = [Shop(options.shop, options.shop_uncached)]
    targets += [Go(options.go)] if options.go else []
    targets += [Nginx(options.nginx)] if options.nginx else []
    bench = Bench(options.seconds, {"shop": options.shop_postgres, "go": options.go_postgres})
    medians = {}
    print("| endpoint | server | req/s | p50 ms | p99 ms | errors | CPU s / 1,000 | Postgres CPU s / 1,000 | memory MB |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for endpoint in options.endpoints.split(","):
        rounds = {}
        for _ in range(options.rounds):
            for target in targets:
                try:
                    result = bench.run(target, endpoint)
                except Refused as refused:
                    print(f"Skipped {endpoint} of {target.name}: {refused}", file=sys.stderr)
                    continue
                if result:
                    rounds.setdefault(target.name, []).append(result)
        for name, results in rounds.items():
            median = {key: statistics.median(result[key] for result in results) for key in results[0] if results[0][key] is not None}
            medians[endpoint, name] = median["rate"]
            postgres = f"{median['postgres']:.3f}" if "postgres" in median else ""
            print(f"| {endpoint} | {name} | {median['rate']:,.0f} | {median['p50']:.2f} | {median['p99']:.2f} "
                  f"| {sum(result['errors'] for result in results)} | {median['server']:.3f} | {postgres} "
                  f"| {median['resident']:.0f} |", flush=True)
    print()
    for endpoint, other, least in RATIOS:
        if {(endpoint, other), (endpoint, "shop")} <= medians.keys():
            ratio = medians[endpoint, "shop"] / medians[endpoint, other]
            print(f"{endpoint}: {ratio:.2f} × {other} (at least {least:.2f}: {'reached' if ratio >= least else 'NOT reached'})")


main()
