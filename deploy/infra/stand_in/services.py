"""ECS services as they were asked for, autoscaling's tags, and rotations of secrets, of which no function is run here."""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

# What moto drops of a service, and by which name its answer has it.
DROPPED = {
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "deploymentConfiguration": "deployment_configuration",
    "enableExecuteCommand": "enable_execute_command",
    "enableECSManagedTags": "enable_ecs_managed_tags",
}


def add():
    create = EC2ContainerServiceResponse.create_service

    def create_service(self):
        answer, asked = create(self), self._get_params()
        service = answer.result["service"]
        if asked.get("capacityProviderStrategy"):
            service.capacity_provider_strategy, service.launch_type = asked["capacityProviderStrategy"], None
        service.availability_zone_rebalancing = asked.get("availabilityZoneRebalancing", "DISABLED")
        for given, kept in DROPPED.items():
            if given in asked:
                setattr(service, kept, asked[given])
        return answer

    EC2ContainerServiceResponse.create_service = create_service

    ApplicationAutoScalingResponse.list_tags_for_resource = lambda self: json.dumps({"Tags": {}})
    ApplicationAutoScalingResponse.tag_resource = ApplicationAutoScalingResponse.untag_resource = lambda self: "{}"

    def rotate_secret(
        self, secret_id, client_request_token=None, rotation_lambda_arn=None, rotation_rules=None, rotate_immediately=True
    ):
        # No function is run: that rotations work is tested against PostgreSQL, by deploy/lambda.
        secret = self.secrets[secret_id]
        secret.rotation_requested = secret.rotation_enabled = True
        secret.rotation_lambda_arn, secret.rotation_rules = rotation_lambda_arn, rotation_rules
        return secret.to_short_dict(include_version_id=True)

    SecretsManagerBackend.rotate_secret = rotate_secret

    to_dict = FakeSecret.to_dict

    def to_dict_with_rules(self):
        answer = to_dict(self)
        if rules := getattr(self, "rotation_rules", None):
            answer["RotationRules"] = rules
        return answer

    FakeSecret.to_dict = to_dict_with_rules
