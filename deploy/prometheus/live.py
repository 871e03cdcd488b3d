"""Shoppers for a running shop, and every expression of every rule, dashboard and runbook asked of the Prometheus that scrapes it.

    live.py load SHOP SECONDS        browses, fills carts, pays, is declined, finds nothing left
    live.py ask PROMETHEUS           prints each expression that comes back empty or without a number; exit status 1 if any does
"""

import json
import math
import pathlib
import re
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import yaml

HERE = pathlib.Path(__file__).parent
ADDRESS = {"name": "Ada Lovelace", "line1": "1 Main St", "city": "Springfield", "region": "IL", "postal_code": "62701", "country": "US"}


def call(shop, method, path, body=None, headers=None):
    request = urllib.request.Request(
        shop + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, json.loads(answer.read() or b"{}")


def buy(shop, variant, token):
    """One cart from its making to its completion; the status of the last step."""
    _, cart = call(shop, "POST", "/v1/carts", {"currency": "USD", "country": "US"})
    mine = {"Shop-Cart-Token": cart["token"]}
    path = f"/v1/carts/{cart['id']}"
    call(shop, "POST", f"{path}/lines", {"variant_id": variant, "quantity": 1}, mine)
    call(shop, "PUT", f"{path}/email", {"email": "ada@example.com"}, mine)
    call(shop, "PUT", f"{path}/shipping-address", ADDRESS, mine)
    _, options = call(shop, "GET", f"{path}/shipping-options", headers=mine)
    call(shop, "PUT", f"{path}/shipping-method", {"id": options["data"][0]["id"]}, mine)
    _, quote = call(shop, "GET", f"{path}/quote", headers=mine)
    order = {"expected_total": {"amount": quote["totals"]["total"], "currency": "USD"}, "payment": {"provider": "test", "token": token}}
    mine["Idempotency-Key"] = str(uuid.uuid4())
    status, _ = call(shop, "POST", f"{path}/complete", order, mine)
    if status == 201:
        call(shop, "POST", f"{path}/complete", order, mine)
    return status


def load(shop, seconds):
    _, products = call(shop, "GET", "/v1/products?limit=100&currency=USD")
    shelves = {}
    for product in products["data"]:
        for variant in product["variants"]:
            shelves.setdefault(variant["availability"], []).append(variant["id"])
    full, empty = shelves["in_stock"], shelves["out"]
    seen, end = {}, time.monotonic() + seconds

    def shopper(number):
        turn = number
        while time.monotonic() < end:
            turn += 1
            call(shop, "GET", "/v1/products?limit=20&currency=USD&filter%5Bin_stock%5D=true")
            call(shop, "GET", f"/v1/products/{products['data'][turn % len(products['data'])]['id']}")
            call(shop, "GET", "/v1/search?q=shirt")
            call(shop, "GET", "/v1/categories")
            shelf, token = ((full, "tok_ok"), (full, "tok_ok"), (full, "tok_declined"), (empty, "tok_ok"))[turn % 4]
            status = buy(shop, shelf[turn % len(shelf)], token)
            seen[status] = seen.get(status, 0) + 1

    threads = [threading.Thread(target=shopper, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("completions by status:", dict(sorted(seen.items())), file=sys.stderr)
    missing = {201, 402, 409} - seen.keys()
    if missing:
        sys.exit(f"The load never got {sorted(missing)}: nothing is proved about what they are counted as.")


def expressions():
    """Where each comes from, and its text as it can be asked here."""
    for path in sorted((HERE / "rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                text = rule["expr"]
                if "alert" in rule:
                    # A healthy shop's comparisons select nothing: what they compare must be there. It is not an hour old, either.
                    text = re.sub(r" (==|>=|<=|>|<) ", r" \1 bool ", text).replace(" offset 1h", "")
                yield f"{path.name} {rule.get('alert') or rule.get('record')}", text
    for path in sorted((HERE.parent / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                text = target["expr"].replace("$__rate_interval", "1m").replace("$instance", ".*")
                yield f"{path.name} {panel['title']} {target['legendFormat']}", text
    for path in sorted((HERE.parents[1] / "runbooks").glob("*.md")):
        for text in re.findall(r"promtool query instant \"\$PROMETHEUS\" '([^']+)'", path.read_text()):
            yield f"runbooks/{path.name}", text


def ask(prometheus):
    def get(path):
        with urllib.request.urlopen(f"{prometheus}/api/v1/{path}", timeout=20) as answer:
            return json.load(answer)["data"]

    faults, count = [], 0
    for name, text in expressions():
        count += 1
        result = get("query?" + urllib.parse.urlencode({"query": text}))["result"]
        if not result:
            faults.append(f"{name}: empty: {text}")
        elif all(math.isnan(float(sample["value"][1])) for sample in result):
            faults.append(f"{name}: no number: {text}")
    rules = [rule for group in get("rules")["groups"] for rule in group["rules"]]
    faults += [f"{rule['name']}: {rule['health']}: {rule.get('lastError', '')}" for rule in rules if rule["health"] != "ok"]
    firing = {rule["name"] for rule in rules if rule["type"] == "alerting" and rule["state"] == "firing"}
    if firing != {"Watchdog"}:
        faults.append(f"In a healthy shop fires Watchdog alone, and here: {sorted(firing)}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{count} expressions asked, {len(rules)} rules evaluated, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1] == "load":
        load(sys.argv[2], float(sys.argv[3]))
    else:
        sys.exit(ask(sys.argv[2]))
