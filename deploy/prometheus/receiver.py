"""Stands in for pager, chat and heartbeat where alerts are tried.

    receiver.py config ALERTMANAGER.YML PORT    the same routes and inhibitions, without waiting, all receivers at 127.0.0.1:PORT
    receiver.py listen PORT FILE                appends "RECEIVER ALERTNAME" to the file for each firing alert that it is told of
"""

import http.server
import json
import sys

import yaml


def config(path, port):
    with open(path, encoding="utf-8") as file:
        settings = yaml.safe_load(file)

    def hurry(route):
        route.update({"group_wait": "1s", "group_interval": "1s"})
        for child in route.get("routes", []):
            hurry(child)

    hurry(settings["route"])
    settings["receivers"] = [
        {"name": receiver["name"], "webhook_configs": [{"url": f"http://127.0.0.1:{port}/{receiver['name']}"}]}
        for receiver in settings["receivers"]
    ]
    yaml.safe_dump(settings, sys.stdout)


def listen(port, path):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        def do_POST(self):
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with open(path, "a", encoding="utf-8") as file:
                for alert in message["alerts"]:
                    if alert["status"] == "firing":
                        file.write(f"{message['receiver']} {alert['labels']['alertname']}\n")
            self.do_GET()

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "config":
        config(sys.argv[2], int(sys.argv[3]))
    else:
        listen(int(sys.argv[2]), sys.argv[3])
