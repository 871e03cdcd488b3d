#!/usr/bin/env python3
"""Rehearses a bad day on one machine; deploy/gameday/gameday prepares what this needs and calls it.

{drills}

Each drill places orders all the time and writes down what shoppers are told. Afterwards every acknowledged order must be there exactly
once, nothing charged without an order, nothing oversold. "Out" is the longest time in which no order went through. Exits 1 when a
goal is missed.
"""
import argparse
import hashlib
import pathlib
import sys
import time

from drills import database, deploy, instance, redis, region, restore
from machine import ROOT, Missed
from shoppers import Left
from stage import Stage

DRILLS = {"instance": instance, "deploy": deploy, "database": database, "redis": redis, "region": region, "restore": restore}


def first_line(module):
    return module.__doc__.strip().splitlines()[0]


def main():
    listed = "\n".join(f"  {name:10}{first_line(module)}" for name, module in DRILLS.items())
    arguments = argparse.ArgumentParser(prog="gameday", description=__doc__.format(drills=listed),
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("drills", nargs="*", metavar="DRILL", help="all of them where none is named")
    arguments.add_argument("--program", help="the executable shop", default=str(ROOT / ".build/release/shop"))
    arguments.add_argument("--folder", help="for journals and logs", default=str(ROOT / ".local/gameday"))
    options = arguments.parse_args()
    unknown = [name for name in options.drills if name not in DRILLS]
    if unknown:
        arguments.error(f"there is no drill '{unknown[0]}': the drills are {', '.join(DRILLS)}")

    # The users of the stores must be able to enter it, which a checkout in someone's home would not let them.
    folder = pathlib.Path(f"/var/tmp/shop-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}-gameday")
    results = []
    for name in options.drills or DRILLS:
        print(f"== {name}: {first_line(DRILLS[name])}", file=sys.stderr, flush=True)
        began = time.monotonic()
        try:
            with Stage(name, folder, pathlib.Path(options.folder), options.program) as stage:
                results.append(DRILLS[name].run(stage))
        except (Missed, Left) as missed:
            print(f"   {name} could not be brought to its end: {missed}", file=sys.stderr)
            results.append(None)
            continue
        for fault in results[-1].faults:
            print(f"   MISSED: {fault}", file=sys.stderr)
        print(f"   {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    print("\n| drill | what happened | lost | out, s | failed | orders | goal | |")
    print("|---|---|--:|--:|--:|--:|---|---|")
    for result in filter(None, results):
        print(f"| {result.drill} | {result.what} | {result.lost} | {result.out:.1f} | {result.failed} | {result.orders} | {result.goal} "
              f"| {'missed' if result.faults else 'reached'} |")
    print("\nLost: acknowledged orders that are not there. Failed: answers of 5xx and broken connections, each asked for again.")
    return 1 if any(result is None or result.faults for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
