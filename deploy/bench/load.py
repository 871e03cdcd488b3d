"""Runs the load generator, and looks at what a server says of itself meanwhile."""
import json
import os
import re
import subprocess
import urllib.request


def run(program, port, phases, kinds, directory, connections, seed=1):
    """Phases are (rate or "max", seconds), kinds {label: (weight, requests)}: the generator's report."""
    command = [program, "--port", str(port), "--connections", str(connections), "--seed", str(seed)]
    for rate, seconds in phases:
        command += ["--phase", f"{rate}:{seconds}"]
    for label, (weight, requests) in kinds.items():
        path = os.path.join(directory, label.rstrip("!"))
        with open(path, "wb") as file:
            for request in requests:
                file.write(b"%d\n%s" % (len(request), request))
        command += ["--requests", f"{label}:{weight}:{path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=sum(seconds for _, seconds in phases) + 120)
    if done.returncode:
        raise SystemExit(f"the load generator failed: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def count(phase, outcome, kind=None):
    return sum(kinds.get(outcome, {}).get("count", 0) for label, kinds in phase["kinds"].items() if kind in (None, label))


def p99(phase, kind, outcome="done"):
    return phase["kinds"].get(kind, {}).get(outcome, {}).get("p99_ms", 0.0)


def series(port):
    """{series with its labels: value} of /metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def listener(port):
    lines = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    return min(map(int, re.findall(r"pid=(\d+)", lines)))


def resident_kilobytes(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"^VmRSS:\s+(\d+)", status.read(), re.M)[1])


class Goals:
    def __init__(self):
        self.missed = 0

    def check(self, what, value, limit, at_least=False, unit=""):
        reached = value >= limit if at_least else value <= limit
        self.missed += not reached
        print(f"  {what}: {value:,.2f}{unit} ({'at least' if at_least else 'at most'} {limit:,g}{unit}: "
              f"{'reached' if reached else 'MISSED'})", flush=True)
