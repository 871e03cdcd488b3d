"""Each alert has a severity that a route knows, its annotations, a dashboard that exists, and a pair of cases in tests/."""

import json
import pathlib
import sys

import yaml

HERE = pathlib.Path(__file__).parent
SEVERITIES = {"page", "ticket", "heartbeat"}


def rules(name):
    for group in yaml.safe_load((HERE / "rules" / name).read_text())["groups"]:
        yield from group["rules"]


def main():
    faults = []
    dashboards = {json.loads(path.read_text())["uid"] for path in (HERE.parent / "grafana" / "dashboards").glob("*.json")}
    expected = {}
    for path in (HERE / "tests").glob("*.yml"):
        for case in yaml.safe_load(path.read_text())["tests"]:
            for check in case["alert_rule_test"]:
                expected.setdefault(check["alertname"], set()).add(bool(check["exp_alerts"]))
    names = []
    for alert in rules("alerts.yml"):
        name = alert["alert"]
        names.append(name)
        annotations = alert["annotations"]
        if alert["labels"].get("severity") not in SEVERITIES:
            faults.append(f"{name} has no severity of {sorted(SEVERITIES)}")
        if annotations["runbook"] != f"runbooks/{name}.md":
            faults.append(f"{name} names the runbook {annotations['runbook']}")
        if annotations["dashboard"] not in dashboards:
            faults.append(f"{name} names the dashboard {annotations['dashboard']}, which is none of {sorted(dashboards)}")
        # What fires always cannot be seen not to fire.
        wanted = {True} if alert["labels"]["severity"] == "heartbeat" else {True, False}
        if expected.get(name, set()) != wanted:
            faults.append(f"{name} is not tested both ways")
    faults += [f"{name} is there twice" for name in set(names) if names.count(name) > 1]
    faults += [f"tests name {name}, which is no alert" for name in expected.keys() - set(names)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
