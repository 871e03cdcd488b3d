"""Services that moto does not have at all: connections to a repository's host, Amazon Managed Grafana."""

import itertools
import json
import re

ACCOUNT = "123456789012"


class Services:
    def __init__(self, application):
        self.application = application
        self.numbers = itertools.count(1)
        self.connections, self.tags = {}, {}
        # By region, then by id.
        self.workspaces = {}

    def __call__(self, environ, start_response):
        scope = re.search(r"Credential=[^/]+/\d+/([a-z0-9-]+)/([a-z-]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        region, service = scope.groups() if scope else ("", "")
        answers = {"codestar-connections": self.connection, "grafana": self.workspace}.get(service)
        if answers is None:
            return self.application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, answer = answers(region, environ, json.loads(body or b"{}"))
        data = json.dumps(answer).encode()
        kind = "application/x-amz-json-1.0" if "HTTP_X_AMZ_TARGET" in environ else "application/json"
        headers = [("Content-Type", kind), ("Content-Length", str(len(data)))]
        if status >= 400:
            headers.append(("x-amzn-ErrorType", answer["__type"]))
        start_response(f"{status} {'OK' if status < 400 else 'Refused'}", headers)
        return [data]

    def connection(self, region, environ, asked):
        action = environ["HTTP_X_AMZ_TARGET"].rsplit(".", 1)[-1]
        arn = asked.get("ConnectionArn") or asked.get("ResourceArn")
        if action == "CreateConnection":
            arn = (
                f"arn:aws:codestar-connections:{region}:{ACCOUNT}:connection/{next(self.numbers):08d}-0000-4000-8000-000000000000"
            )
            self.connections[arn] = {
                "ConnectionArn": arn,
                "ConnectionName": asked["ConnectionName"],
                "ProviderType": asked.get("ProviderType"),
                "ConnectionStatus": "PENDING",
                "OwnerAccountId": ACCOUNT,
            }
            self.tags[arn] = asked.get("Tags", [])
            return 200, {"ConnectionArn": arn}
        if action == "ListConnections":
            return 200, {"Connections": list(self.connections.values())}
        if arn not in self.connections:
            return 400, {"__type": "ResourceNotFoundException", "message": f"There is no {arn}."}
        if action == "GetConnection":
            return 200, {"Connection": self.connections[arn]}
        if action == "ListTagsForResource":
            return 200, {"Tags": self.tags[arn]}
        if action == "DeleteConnection":
            del self.connections[arn]
            return 200, {}
        return 400, {"__type": "UnsupportedOperationException", "message": f"The stand-in does not know {action}."}

    def workspace(self, region, environ, asked):
        kept = self.workspaces.setdefault(region, {})
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].strip("/").split("/")
        if method == "POST" and path == ["workspaces"]:
            number = f"g-{next(self.numbers):010d}"
            kept[number] = {
                "id": number,
                "name": asked.get("workspaceName"),
                "status": "ACTIVE",
                "grafanaVersion": "10.4",
                "endpoint": f"{number}.grafana-workspace.{region}.amazonaws.com",
                "created": 1750000000,
                "modified": 1750000000,
                "accountAccessType": asked["accountAccessType"],
                "permissionType": asked["permissionType"],
                "dataSources": asked.get("workspaceDataSources", []),
                "workspaceRoleArn": asked.get("workspaceRoleArn"),
                "notificationDestinations": [],
                "tags": asked.get("tags", {}),
                "authentication": {"providers": asked["authenticationProviders"], "samlConfigurationStatus": "NOT_CONFIGURED"},
            }
            return 200, {"workspace": kept[number]}
        if method == "GET" and path == ["workspaces"]:
            return 200, {"workspaces": list(kept.values())}
        if path[0] == "tags":
            number = path[-1]
            return 200, {"tags": kept[number]["tags"] if number in kept else {}}
        number = path[1]
        if number not in kept:
            return 404, {
                "__type": "ResourceNotFoundException",
                "message": "There is no such workspace.",
                "resourceId": number,
                "resourceType": "workspace",
            }
        if path[2:] == ["configuration"]:
            return 200, {"configuration": '{"plugins":{"pluginAdminEnabled":false}}', "grafanaVersion": "10.4"}
        return 200, {"workspace": kept.pop(number) if method == "DELETE" else kept[number]}
