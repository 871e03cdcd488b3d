"""Monthly cost of each environment and region from prices.json, environments.json and the model of deploy/capacity.

    cost.py --write     brings docs/cost.md up to date
    cost.py --check     exit status 1 if it is not
"""

import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "capacity"))
import capacity  # noqa: E402

PRICES = json.loads((HERE / "prices.json").read_text())
ENVIRONMENTS = json.loads((HERE / "environments.json").read_text())
PAGE = HERE.parents[1] / "docs" / "cost.md"
MARKS = ("<!-- made by deploy/cost/cost.py -->", "<!-- end -->")
HOURS = PRICES["hours_a_month"]
# Of a request, on average; the peak is five times the mean of the month, and CloudFront answers a share of the rest.
KILOBYTES_OUT, LOG_BYTES, EDGE_HITS, SERIES = 6, 350, 0.5, 1500
WORKER = (0.25, 0.5)  # vCPU and GB of a worker, in every environment
TRACED = 0.01  # of the requests: SHOP_TRACE_SAMPLE
INTERFACE_ENDPOINTS = 6  # ECR twice, logs, secrets, KMS, monitoring


def price(name, region):
    return PRICES["prices"][name][region]


def month(environment, region, factor=1):
    """Lines (what, USD) of one region for a month with `factor` times the environment's load."""
    shape = ENVIRONMENTS[environment]["regions"][region]
    peak = ENVIRONMENTS[environment]["peak_requests"] * factor
    # Two regions share the readers; writes go to the one that writes.
    share = 1 / len(ENVIRONMENTS[environment]["regions"])
    millions = peak / capacity.MODEL["shoppers"]["peak_over_mean"] * 30 * 86400 / 1e6 * share
    at_origin = millions * (1 - EDGE_HITS)
    plan = capacity.plan(peak)
    vcpu, memory = shape["task"]
    small = WORKER[0] * price("fargate_vcpu_hour", region) + WORKER[1] * price("fargate_gb_hour", region)
    per_task = vcpu * price("fargate_vcpu_hour", region) + memory * price("fargate_gb_hour", region)
    # A service grows with its load, never below what the environment asks for.
    grown = math.ceil(plan["shop_vcpu"] / (vcpu * capacity.MODEL["task"]["busy"]))
    serving = sum(max(count, grown) for service, count in shape["tasks"].items() if service != "worker")
    workers = shape["tasks"]["worker"]
    name, count = shape["database"]
    order = [c["name"] for c in capacity.MODEL["database"]["classes"]]
    if plan["class"] in order and (name not in order or order.index(plan["class"]) > order.index(name)) and name in order:
        name = plan["class"]
    checkouts = capacity.MODEL["mix"]["shares"]["checkout"] / sum(capacity.MODEL["mix"]["shares"].values())
    writes = capacity.MODEL["mix"]["shares"]["cart write"] / sum(capacity.MODEL["mix"]["shares"].values())
    all_millions = millions / share
    ios = all_millions * (checkouts * 40 + writes * 8) if shape["writes"] else 0
    cache, nodes = shape["cache"]
    tasks = serving + workers
    lines = [
        ("Fargate, serving", serving * per_task * HOURS),
        ("Fargate Spot, workers", workers * small * HOURS * price("fargate_spot_factor", region)),
        (f"Aurora, {count} × {name}", count * price(name, region) * HOURS),
        ("Aurora storage, I/O, backups", shape["storage_gb"] * (price("aurora_gb_month", region) + price("aurora_backup_gb_month", region))
         + ios * price("aurora_million_io", region)),
        (f"ElastiCache, {nodes} × {cache}", nodes * price(cache, region) * HOURS),
        ("Load balancer", HOURS * (price("alb_hour", region) + max(1, math.ceil(peak * share / 250)) * price("alb_lcu_hour", region))),
        ("NAT gateways", shape["zones_of_nat"] * HOURS * price("nat_hour", region) + 50 * price("nat_gb", region)),
        ("Endpoints", INTERFACE_ENDPOINTS * max(2, shape["zones_of_nat"]) * HOURS * price("endpoint_hour", region)),
        ("CloudFront and WAF", millions * (price("cloudfront_million", region) + price("waf_million", region)
                                           + KILOBYTES_OUT * price("cloudfront_gb", region)) + price("waf_fixed_month", region)),
        ("Logs", (at_origin * LOG_BYTES * 1e6 / 1e9 + 5) * price("logs_gb", region)),
        ("Traces", at_origin * TRACED * price("trace_million", region)),
        ("Metrics", tasks * SERIES * (30 * 86400 / 15) / 1e7 * price("amp_ten_million_samples", region)),
        ("Keys, alarms, guards", price("fixed_month", region)),
    ]
    if len(ENVIRONMENTS[environment]["regions"]) > 1:
        lines.append(("Second region: replication, Transit Gateway",
                      HOURS * price("transit_gateway_hour", region) * 2 + all_millions * (checkouts * 40 + writes * 8)
                      * price("aurora_million_replicated", region) * (0 if shape["writes"] else 1)))
    return lines


def total(environment, factor):
    return sum(usd for region in ENVIRONMENTS[environment]["regions"] for _, usd in month(environment, region, factor))


def tables():
    lines = ["| environment | region | at its load | at ten times its load |", "|---|---|--:|--:|"]
    for environment, shape in ENVIRONMENTS.items():
        for region in shape["regions"]:
            one, ten = (sum(usd for _, usd in month(environment, region, factor)) for factor in (1, 10))
            lines.append(f"| {environment}, {shape['peak_requests']} requests/s at the peak | {region} | {one:,.0f} | {ten:,.0f} |")
    million = capacity.users_to_requests(1_000_000)
    factor = million / ENVIRONMENTS["prod"]["peak_requests"]
    lines += ["", f"**1 M users a month** ({million:,.0f} requests/s at the peak, {million / 5 * 30 * 86400 / 1e6:,.0f} M requests): "
              f"{total('prod', factor):,.0f} USD a month for prod's two regions; with dev and staging "
              f"{total('prod', factor) + total('dev', 1) + total('staging', 1):,.0f}.", "", "Where it goes, at prod's load and at ten times it:", "",
              "| | us-east-1 | eu-west-1 | us-east-1, × 10 | eu-west-1, × 10 |", "|---|--:|--:|--:|--:|"]
    columns = [month("prod", region, factor) for factor in (1, 10) for region in ("us-east-1", "eu-west-1")]
    for row in zip(*columns):
        names = list(dict.fromkeys(name for name, _ in row))
        lines.append(f"| {'; '.join(names)} | " + " | ".join(f"{usd:,.0f}" for _, usd in row) + " |")
    lines += ["", "| price | us-east-1 | eu-west-1 | state |", "|---|--:|--:|---|"]
    lines += [f"| {entry['what']}{' (' + name + ')' if '.' in name else ''} | {entry['us-east-1']} | {entry['eu-west-1']} | {entry['state']} |"
              for name, entry in PRICES["prices"].items()]
    return "\n".join(lines)


def page():
    text = PAGE.read_text()
    before, rest = text.split(MARKS[0])
    return before + MARKS[0] + "\n" + tables() + "\n" + MARKS[1] + rest.split(MARKS[1], 1)[1]


def main():
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page())
    elif sys.argv[1:] == ["--check"]:
        if PAGE.read_text() != page():
            sys.exit("docs/cost.md is not what cost.py makes: run python3 deploy/cost/cost.py --write")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
