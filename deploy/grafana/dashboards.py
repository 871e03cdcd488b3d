"""Writes dashboards/*.json, the form in which Grafana takes them; with --check it only says whether they are what this file makes.

    python3 deploy/grafana/dashboards.py [--check]

A dashboard is a list of rows, a row a list of panels, a panel a title, a unit and its queries with their legends. $instance is a
variable of each dashboard; $__rate_interval is Grafana's.
"""

import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent / "dashboards"
CLIENTS = 'route!~"/health.*|/metrics"'
HERE = 'instance=~"$instance"'


def rate(selector, by=""):
    return f"sum{f' by ({by})' if by else ''} (rate({selector}[$__rate_interval]))"


def quantile(share, name, matchers, by=""):
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({labels}) (rate({name}_bucket{{{matchers}}}[$__rate_interval])))"


def panel(title, unit, *queries, kind="timeseries", help=""):
    return {"title": title, "unit": unit, "queries": queries, "kind": kind, "help": help}


def stat(title, unit, query, help=""):
    return panel(title, unit, (query, ""), kind="stat", help=help)


REQUESTS = "shop_http_requests_total"
DURATION = "shop_http_request_duration_seconds"

DASHBOARDS = {
    "shop-service": (
        "Shop: service",
        "Rate, errors and duration of what clients ask for; objective 99.95 % without a 5xx.",
        [
            [
                stat("Requests", "reqps", "shop:http_requests:rate5m"),
                stat("Errors, 1 h", "percentunit", "shop:http_errors:ratio1h"),
                stat("Budget left, 3 d", "percentunit", "1 - shop:http_errors:ratio3d / 0.0005", "Of what three days may cost."),
                stat("Processes", "short", 'sum(up{job="shop"})'),
            ],
            [
                panel("Rate by route", "reqps", (rate(f"{REQUESTS}{{{CLIENTS},{HERE}}}", "method, route"), "{{method}} {{route}}")),
                panel("Errors by route", "reqps",
                      (rate(f'{REQUESTS}{{{CLIENTS},{HERE},status="5xx"}}', "method, route"), "{{method}} {{route}}")),
                panel("Answers by class", "reqps", (rate(f"{REQUESTS}{{{CLIENTS},{HERE}}}", "status"), "{{status}}")),
            ],
            [
                panel("Duration, all routes", "s",
                      *[(quantile(share, DURATION, f"{CLIENTS},{HERE}"), f"p{int(share * 100)}") for share in (0.5, 0.9, 0.99)]),
                panel("p99 by route", "s", (quantile(0.99, DURATION, f"{CLIENTS},{HERE}", "method, route"), "{{method}} {{route}}")),
                panel("Burn rate", "short", ("shop:http_errors:ratio5m / 0.0005", "5 min"), ("shop:http_errors:ratio1h / 0.0005", "1 h"),
                      ("shop:http_errors:ratio6h / 0.0005", "6 h"), help="1 spends the budget of a month in a month; 14.4 pages."),
            ],
            [
                panel("Turned away", "reqps", (rate(f"shop_admission_refused_total{{{HERE}}}", "priority, reason"), "{{priority}}: {{reason}}"),
                      help="Answered 503 before they cost anything; browsing first, the till last."),
                panel("Places", "short", (f"sum by (instance) (shop_admission_limit{{{HERE}}})", "{{instance}}: limit"),
                      (f"sum by (instance) (shop_admission_under_way{{{HERE}}})", "{{instance}}: taken"),
                      (f"sum by (instance) (shop_admission_waiting{{{HERE}}})", "{{instance}}: in line")),
                panel("Let in", "reqps", (rate(f"shop_admission_admitted_total{{{HERE}}}", "priority"), "{{priority}}")),
            ],
            [
                panel("Connections", "short", (f"sum by (instance) (shop_http_connections{{{HERE}}})", "{{instance}}")),
                panel("Refused, malformed, too slow", "reqps",
                      (rate(f"shop_http_connections_refused_total{{{HERE}}}", "reason"), "one too many: {{reason}}"),
                      (rate(f"shop_http_requests_refused_total{{{HERE}}}", "reason"), "too much: {{reason}}"),
                      (rate(f"shop_http_malformed_requests_total{{{HERE}}}"), "malformed"),
                      (rate(f"shop_http_timeouts_total{{{HERE}}}", "reason"), "too slow: {{reason}}"),
                      (rate(f"shop_tls_handshake_failures_total{{{HERE}}}"), "TLS failed")),
                panel("Versions", "short", ("count by (version) (shop_build_info)", "{{version}}")),
                panel("Log lines dropped", "reqps", (rate(f"shop_log_dropped_lines_total{{{HERE}}}", "instance"), "{{instance}}")),
                panel("Spans of traces", "reqps", (rate(f"shop_trace_spans_exported_total{{{HERE}}}"), "taken"),
                      (rate(f"shop_trace_spans_dropped_total{{{HERE}}}", "reason"), "dropped: {{reason}}"),
                      help="Dropped: the collector is away, or takes less than comes."),
            ],
        ],
    ),
    "shop-checkout": (
        "Shop: checkout",
        "From cart to order: where shoppers fall out, and what the payment provider says.",
        [
            [
                stat("Orders, 24 h", "short", "sum(increase(shop_orders_total[24h]))"),
                stat("Failing", "percentunit", "shop:checkouts_failed:ratio5m"),
                stat("Provider unclear", "percentunit", "shop:authorisations_unknown:ratio5m"),
                stat("Oldest open payment", "s", "max(shop_payments_open_oldest_seconds)"),
            ],
            [
                panel("Funnel", "reqps",
                      (rate(f'{REQUESTS}{{method="POST",route="/v1/carts",status="2xx",{HERE}}}'), "1 carts made"),
                      (rate(f'{REQUESTS}{{method="POST",route="/v1/carts/{{id}}/lines",status="2xx",{HERE}}}'), "2 lines added"),
                      (rate(f'{REQUESTS}{{method="PUT",route="/v1/carts/{{id}}/shipping-address",status="2xx",{HERE}}}'), "3 addresses given"),
                      (rate(f'{REQUESTS}{{method="PUT",route="/v1/carts/{{id}}/shipping-method",status="2xx",{HERE}}}'), "4 shipping chosen"),
                      (rate(f'shop_checkouts_total{{outcome!="replayed",{HERE}}}'), "5 completions tried"),
                      (rate(f"shop_orders_total{{{HERE}}}"), "6 orders")),
                panel("What completions come to", "reqps", (rate(f"shop_checkouts_total{{{HERE}}}", "outcome"), "{{outcome}}")),
            ],
            [
                panel("Completing a cart", "s",
                      *[(quantile(share, DURATION, f'method="POST",route="/v1/carts/{{id}}/complete",{HERE}'), f"p{int(share * 100)}")
                        for share in (0.5, 0.9, 0.99)]),
                panel("Payment provider", "s",
                      *[(quantile(share, "shop_payment_authorisation_duration_seconds", HERE), f"p{int(share * 100)}")
                        for share in (0.5, 0.99)]),
                panel("Authorisations", "reqps", (rate(f"shop_payment_authorisations_total{{{HERE}}}", "outcome"), "{{outcome}}")),
            ],
            [
                panel("Open payments and voids", "short", ("max(shop_payments_open)", "payments"), ("max(shop_voids_open)", "voids")),
                panel("Age of the oldest", "s", ("max(shop_payments_open_oldest_seconds)", "payment"),
                      ("max(shop_voids_open_oldest_seconds)", "void")),
            ],
        ],
    ),
    "shop-stores": (
        "Shop: stores and pools",
        "PostgreSQL, Redis and the caches, as the processes see them.",
        [
            [
                stat("Database reached", "bool", "max(shop_backlog_known)"),
                stat("Time-outs", "percentunit", "shop:database_timeouts:ratio5m"),
                stat("Cache hits", "percentunit", "shop:cache_hits:ratio5m"),
                stat("Redis connections", "short", "sum(shop_redis_connected)"),
            ],
            [
                panel("Exclusive connections", "short",
                      (f'sum by (instance) (shop_database_connections{{lane="work",{HERE}}})', "open {{instance}}"),
                      (f"sum by (instance) (shop_database_connections_busy{{{HERE}}})", "busy {{instance}}"),
                      (f"sum by (instance) (shop_database_waiting{{{HERE}}})", "waiting {{instance}}")),
                panel("Statements and trips", "ops", (rate(f"shop_database_statements_total{{{HERE}}}"), "statements"),
                      (rate(f"shop_database_trips_total{{{HERE}}}"), "trips")),
                panel("Database trouble", "ops",
                      *[(rate(f"shop_database_{name}_total{{{HERE}}}"), name.replace("_", " "))
                        for name in ("errors", "timeouts", "lost", "retries", "pool_exhausted", "connects", "connect_failures")]),
            ],
            [
                panel("Cache lookups", "ops", (rate(f"shop_cache_lookups_total{{{HERE}}}", "outcome"), "{{outcome}}")),
                panel("Cache upkeep", "ops", (rate(f"shop_cache_invalidations_total{{{HERE}}}"), "invalidations"),
                      (rate(f"shop_cache_undecodable_total{{{HERE}}}"), "undecodable")),
                panel("Redis", "ops",
                      *[(rate(f"shop_redis_{name}_total{{{HERE}}}"), name) for name in ("commands", "timeouts", "refusals", "losses")]),
                panel("Redis circuit", "short", (f"sum by (instance) (shop_redis_circuit_open{{{HERE}}})", "open {{instance}}"),
                      (f"sum by (instance) (shop_redis_connected{{{HERE}}})", "connected {{instance}}")),
            ],
            [
                panel("Overdue holds", "short", ("max(shop_holds_overdue)", "holds")),
                panel("Outbox", "s", ("max(shop_outbox_lag_seconds)", "lag")),
                panel("Age of offers", "s", ("max by (instance) (shop_offer_lag_seconds)", "{{instance}}"),
                      help="Where catalogue and sales have a database each; past 60 s nothing can be bought."),
                panel("Age of the region's reader", "s", ("max by (instance) (shop_reader_lag_seconds)", "{{instance}}"),
                      help="Past SHOP_READ_MAX_LAG_MS, and while it is -1, the catalogue is read from the writer."),
                panel("Catalogue reads by source", "ops", (rate(f"shop_catalogue_reads_total{{{HERE}}}", "source"), "{{source}}")),
            ],
        ],
    ),
    "shop-loops": (
        "Shop: event loops and processes",
        "One thread a loop: what blocks one, blocks every request on it.",
        [
            [
                panel("Lag", "s", (f"max by (instance, loop) (shop_loop_lag_seconds{{{HERE}}})", "{{instance}} {{loop}}")),
                panel("Jobs found waiting", "short", (f"max by (instance, loop) (shop_loop_ready_jobs{{{HERE}}})", "{{instance}} {{loop}}")),
                panel("Turns", "ops", (rate(f"shop_loop_turns_total{{{HERE}}}", "instance, loop"), "{{instance}} {{loop}}")),
            ],
            [
                panel("CPU", "short", (f'rate(process_cpu_seconds_total{{job="shop",{HERE}}}[$__rate_interval])', "{{instance}}"), help="In cores."),
                panel("Memory", "bytes", (f'process_resident_memory_bytes{{job="shop",{HERE}}}', "{{instance}}")),
                panel("Descriptors", "percentunit",
                      (f'process_open_fds{{job="shop",{HERE}}} / process_max_fds{{job="shop",{HERE}}}', "{{instance}}")),
                panel("Running for", "s", (f'time() - process_start_time_seconds{{job="shop",{HERE}}}', "{{instance}}")),
            ],
            [
                panel("Connections accepted", "reqps", (rate(f"shop_http_connections_accepted_total{{{HERE}}}", "instance"), "{{instance}}")),
                panel("Accepting paused", "ops", (rate(f"shop_http_accept_pauses_total{{{HERE}}}", "instance"), "{{instance}}"),
                      help="The process was out of descriptors."),
            ],
        ],
    ),
    "shop-business": (
        "Shop: business",
        "Orders, revenue, conversion. Amounts are in minor units of their currency: cents, but whole yen.",
        [
            [
                stat("Orders, 24 h", "short", "sum(increase(shop_orders_total[24h]))"),
                stat("Orders, 30 min", "short", "shop:orders:increase30m"),
                stat("Conversion, 24 h", "percentunit",
                     f'sum(increase(shop_orders_total[24h])) / sum(increase({REQUESTS}{{method="POST",route="/v1/carts",status="2xx"}}[24h]))',
                     "Orders for each cart that was made."),
                stat("Refused for stock", "percentunit", "shop:stock_refusals:ratio15m"),
            ],
            [
                panel("Orders a minute, by currency", "short", ("60 * " + rate("shop_orders_total", "currency"), "{{currency}}")),
                panel("Revenue an hour, by currency", "short", ("3600 * " + rate("shop_orders_value_total", "currency"), "{{currency}}"),
                      help="Minor units."),
                panel("Average order, by currency", "short",
                      ("sum by (currency) (increase(shop_orders_value_total[1h])) / sum by (currency) (increase(shop_orders_total[1h]))",
                       "{{currency}}"), help="Minor units, of the last hour."),
            ],
            [
                panel("Conversion", "percentunit",
                      (f'sum(rate(shop_orders_total[1h])) / sum(rate({REQUESTS}{{method="POST",route="/v1/carts",status="2xx"}}[1h]))', "orders a cart")),
                panel("Payments declined", "percentunit", ("shop:authorisations_declined:ratio15m", "declined")),
                panel("Stock refusals", "reqps", (rate("shop_stock_refusals_total"), "refused")),
                panel("Catalogue reads", "reqps",
                      (rate(f'{REQUESTS}{{method="GET",route=~"/v1/(products|categories|search).*"}}', "route"), "{{route}}")),
            ],
        ],
    ),
}


def made(uid, title, description, rows):
    source = {"type": "prometheus", "uid": "prometheus"}
    panels, top = [], 0
    for row in rows:
        height = 4 if all(item["kind"] == "stat" for item in row) else 8
        width = 24 // len(row)
        for column, item in enumerate(row):
            panels.append({
                "id": len(panels) + 1, "type": item["kind"], "title": item["title"], "description": item["help"],
                "datasource": source, "gridPos": {"x": column * width, "y": top, "w": width, "h": height},
                "fieldConfig": {"defaults": {"unit": item["unit"], "min": 0}, "overrides": []},
                "targets": [{"refId": chr(65 + index), "datasource": source, "expr": expression, "legendFormat": legend}
                            for index, (expression, legend) in enumerate(item["queries"])],
            })
        top += height
    variable = {"name": "instance", "label": "Instance", "type": "query", "datasource": source, "includeAll": True, "multi": True,
                "allValue": ".*", "current": {"text": "All", "value": "$__all"}, "refresh": 2,
                "query": 'label_values(up{job="shop"}, instance)'}
    return {"uid": uid, "title": title, "description": description, "tags": ["shop"], "schemaVersion": 39, "editable": False,
            "time": {"from": "now-3h", "to": "now"}, "refresh": "30s", "templating": {"list": [variable]}, "panels": panels}


def main():
    files = {f"{uid}.json": json.dumps(made(uid, *parts), indent=1) + "\n" for uid, parts in DASHBOARDS.items()}
    if "--check" in sys.argv[1:]:
        wrong = [name for name, text in files.items() if not (FOLDER / name).exists() or (FOLDER / name).read_text() != text]
        wrong += [path.name for path in FOLDER.glob("*.json") if path.name not in files]
        for name in wrong:
            print(f"{name} is not what dashboards.py makes: run python3 deploy/grafana/dashboards.py", file=sys.stderr)
        return 1 if wrong else 0
    for name, text in files.items():
        (FOLDER / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
