"""From measured CPU for each request to tasks, connections and a class of database.

    capacity.py --requests N     what N requests a second need, in the busiest second
    capacity.py --users N        the same, for N users a month
    capacity.py --write          brings the tables of docs/capacity.md up to date
    capacity.py --check          exit status 1 if they are not

Measured values are in measured.json, assumptions in model.json, each with its reason.
"""

import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
MEASURED = json.loads((HERE / "measured.json").read_text())
MODEL = json.loads((HERE / "model.json").read_text())
PAGE = HERE.parents[1] / "docs" / "capacity.md"
MARKS = ("<!-- made by deploy/capacity/capacity.py -->", "<!-- end -->")


def cost_of_mix():
    """CPU seconds of the shop and of PostgreSQL for one request of the mix."""
    shares = MODEL["mix"]["shares"]
    total = sum(shares.values())
    return [sum(share * MEASURED["kinds"][kind][side] for kind, share in shares.items()) / total / 1000 for side in ("shop", "postgres")]


def users_to_requests(users):
    shoppers = MODEL["shoppers"]
    return users * shoppers["visits_a_month"] * shoppers["requests_a_visit"] / (30 * 86400) * shoppers["peak_over_mean"]


def connections_of(memory_gib):
    """Aurora's default for max_connections: LEAST(bytes of memory / 9531392, 5000)."""
    return min(int(memory_gib * 2**30 / 9531392), 5000)


def plan(requests):
    shop, postgres = cost_of_mix()
    task, database = MODEL["task"], MODEL["database"]
    needed = math.ceil(requests * shop / (task["vcpu"] * task["busy"]))
    tasks = max(needed, task["fewest"])
    connections = tasks * task["loops"] * task["connections_a_loop"]
    writer = requests * postgres
    chosen = next((c for c in database["classes"] if c["vcpu"] * database["busy"] >= writer
                   and connections_of(c["memory_gib"]) * database["share_of_connections"] >= connections), None)
    return {"requests": requests, "shop_vcpu": requests * shop, "needed": needed, "tasks": tasks, "connections": connections,
            "postgres_vcpu": writer, "class": chosen["name"] if chosen else "none: divide the databases"}


def ceilings():
    shop, postgres = cost_of_mix()
    task, database = MODEL["task"], MODEL["database"]
    largest = database["classes"][-1]
    checkout = MODEL["mix"]["shares"]["checkout"] / sum(MODEL["mix"]["shares"].values())
    rows = [
        ("tasks of one service", f"{task['most']} tasks of {task['vcpu']} vCPU, half busy", task["most"] * task["vcpu"] * task["busy"] / shop,
         "more tasks: the limit is a value of the environment"),
        ("the writer's CPU", f"{largest['name']}, half busy", largest["vcpu"] * database["busy"] / postgres,
         "catalogue and sales with a database each (ADR 8); listings to the reader"),
        ("connections", f"{connections_of(largest['memory_gib'])} × {database['share_of_connections']:.2f}",
         connections_of(largest["memory_gib"]) * database["share_of_connections"] / (task["loops"] * task["connections_a_loop"]) * task["vcpu"]
         * task["busy"] / shop, "fewer exclusive connections a loop, then RDS Proxy for the worker (ADR 26)"),
    ]
    return rows, checkout


def tables():
    shop, postgres = cost_of_mix()
    lines = [f"Measured {MEASURED['when']}: {MEASURED['how']}.", "", "| request | of 1,000 | shop, CPU s / 1,000 | PostgreSQL, CPU s / 1,000 |",
             "|---|--:|--:|--:|"]
    for kind, share in MODEL["mix"]["shares"].items():
        lines.append(f"| {kind} | {share} | {MEASURED['kinds'][kind]['shop']:.3f} | {MEASURED['kinds'][kind]['postgres']:.3f} |")
    lines.append(f"| **the mix** | 1,000 | **{shop * 1000:.3f}** | **{postgres * 1000:.3f}** |")
    lines += ["", "| load | requests/s at the peak | orders/min | shop, vCPU | tasks | connections | writer, vCPU | class |",
              "|---|--:|--:|--:|--:|--:|--:|---|"]
    rows, checkout = ceilings()
    one = users_to_requests(1_000_000)
    for name, requests in (("100,000 users", one / 10), ("1 M users", one), ("1 M users × 10", one * 10), ("5,000/s", 5000), ("20,000/s", 20000)):
        p = plan(requests)
        lines.append(f"| {name} | {requests:,.0f} | {requests * checkout * 60:,.0f} | {p['shop_vcpu']:.2f} | {p['tasks']} | {p['connections']} "
                     f"| {p['postgres_vcpu']:.2f} | {p['class']} |")
    lines += ["", "| ceiling | at | requests/s | what comes next |", "|---|---|--:|---|"]
    lines += [f"| {name} | {at} | {requests:,.0f} | {then} |" for name, at, requests, then in rows]
    return "\n".join(lines)


def page():
    text = PAGE.read_text()
    before, rest = text.split(MARKS[0])
    return before + MARKS[0] + "\n" + tables() + "\n" + MARKS[1] + rest.split(MARKS[1], 1)[1]


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--write"]:
        PAGE.write_text(page())
    elif arguments[:1] == ["--check"]:
        if PAGE.read_text() != page():
            sys.exit("docs/capacity.md is not what capacity.py makes: run python3 deploy/capacity/capacity.py --write")
    elif len(arguments) == 2 and arguments[0] in ("--requests", "--users"):
        number = float(arguments[1])
        print(json.dumps(plan(number if arguments[0] == "--requests" else users_to_requests(number)), indent=2))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
