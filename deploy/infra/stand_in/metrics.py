"""Amazon Managed Prometheus: a workspace has the key that it was given."""

import json

from moto.amp.models import Workspace
from moto.amp.responses import PrometheusServiceResponse


def add():
    create, to_dict = PrometheusServiceResponse.create_workspace, Workspace.to_dict
    keys = {}

    def create_workspace(self):
        answer = create(self)
        keys[json.loads(answer)["arn"]] = json.loads(self.body).get("kmsKeyArn")
        return answer

    Workspace.to_dict = lambda self: {**to_dict(self), "kmsKeyArn": keys.get(self.arn)}
    PrometheusServiceResponse.create_workspace = create_workspace
