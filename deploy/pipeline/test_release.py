"""The steps of a rollout against a stand-in for AWS: what is registered, run and deployed, and what stops it.

AWS_ENDPOINT_URL is where moto listens; deploy/infra/parts/pipelines starts it.
"""
import io
import itertools
import json
import os
import pathlib
import re
import tempfile
import unittest
from contextlib import redirect_stdout
from unittest import mock

import boto3

import release

ROLE = "arn:aws:iam::123456789012:role/shop-deploy"
OLD = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1"
NEW = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop@sha256:" + "a" * 64
ENVIRONMENT = {
    "name": "prod", "role_arn": ROLE, "cluster": "shop-prod", "regions": ["us-east-1", "eu-west-1"],
    "canary": ["product", "order"], "rolling": ["worker-product", "worker-order"],
}
FOLDER = pathlib.Path(__file__).resolve().parents[1] / "ecs"


def definition(cluster, service):
    """As Terraform registers it, from the same file."""
    role = service.split("-")[-1]
    file = {"worker": "worker", "migrate": "migrate"}.get(service.split("-")[0], service)
    values = {"name": cluster, "role": role, "cpu": "512", "memory": "1024", "image": OLD}
    text = (FOLDER / f"{file}.json").read_text()
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:example"
    described = json.loads(re.sub(r"\$\{(\w+)\}", lambda found: values.get(found[1], arn), text))
    for container in described["containerDefinitions"]:
        # The stand-in runs no task whose containers do not say it; AWS does.
        container.setdefault("memory", 512)
    return described


class Steps(unittest.TestCase):
    settings = {"IMAGE": NEW, "ENVIRONMENT": json.dumps(ENVIRONMENT)}

    def step(self, *arguments, **settings):
        said = io.StringIO()
        with mock.patch.dict(os.environ, {**self.settings, **settings}), mock.patch("sys.argv", ["release.py", *arguments]), redirect_stdout(said):
            release.main()
        return said.getvalue()


class RolloutTest(Steps):
    """Each test has an environment of its own, in two regions, as Terraform leaves it."""

    numbers = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        cls.ecs = {region: boto3.client("ecs", region_name=region) for region in ENVIRONMENT["regions"]}
        cls.networks = {}
        for region in ENVIRONMENT["regions"]:
            ec2 = boto3.client("ec2", region_name=region)
            subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
            group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
            cls.networks[region] = {"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group], "assignPublicIp": "DISABLED"}}

    def setUp(self):
        self.cluster = f"shop-prod{next(self.numbers)}"
        for region, ecs in self.ecs.items():
            ecs.create_cluster(clusterName=self.cluster)
            for service in ("product", "order", "worker-product", "worker-order", "migrate-product", "migrate-order"):
                ecs.register_task_definition(**definition(self.cluster, service), tags=[{"key": "Project", "value": "shop"}])
            # The stand-in runs nothing, so nothing is wanted: a service is stable when it has what it wants.
            for service in ENVIRONMENT["rolling"]:
                ecs.create_service(cluster=self.cluster, serviceName=service, taskDefinition=f"{self.cluster}-{service}", desiredCount=0,
                                   networkConfiguration=self.networks[region], launchType="FARGATE")
        self.settings = {"IMAGE": NEW, "ENVIRONMENT": json.dumps({**ENVIRONMENT, "cluster": self.cluster})}

    def running(self, service, region="us-east-1"):
        """The image of a service's container shop, as the service runs it."""
        found = self.ecs[region].describe_services(cluster=self.cluster, services=[service])["services"][0]["taskDefinition"]
        containers = self.ecs[region].describe_task_definition(taskDefinition=found)["taskDefinition"]["containerDefinitions"]
        return next(container["image"] for container in containers if container["name"] == "shop")

    def test_migrations_run_the_new_image_catalogue_first_in_the_workers_network(self):
        ran = []

        def ended(ecs, cluster, task):
            found = ecs.describe_tasks(cluster=cluster, tasks=[task])["tasks"][0]
            containers = ecs.describe_task_definition(taskDefinition=found["taskDefinitionArn"])["taskDefinition"]["containerDefinitions"]
            ran.append((containers[0]["command"], containers[0]["image"]))
            return {"containers": [{"name": "shop", "exitCode": 0}]}

        with mock.patch.object(release, "wait_for_end", ended):
            self.step("migrate")
        self.assertEqual(ran, [(["migrate", "--role", "product"], NEW), (["migrate", "--role", "order"], NEW)])

    def test_a_migration_that_fails_stops_the_rollout_and_names_its_log(self):
        ended = {"containers": [{"name": "shop", "exitCode": 1}], "stoppedReason": "Essential container in task exited"}
        with mock.patch.object(release, "wait_for_end", lambda *_, **__: ended):
            with self.assertRaisesRegex(release.Fault, "migrate-product ended with 1 .*/shop-prod[0-9]+/ecs/migrate-product"):
                self.step("migrate")

    def test_workers_of_the_first_region_run_the_new_image(self):
        self.step("workers")
        self.assertEqual([self.running(service) for service in ENVIRONMENT["rolling"]], [NEW, NEW])
        self.assertEqual(self.running("worker-order", "eu-west-1"), OLD)

    def test_canaries_are_described_with_the_new_image_and_all_else_as_terraform_has_it(self):
        with tempfile.TemporaryDirectory() as folder:
            self.step("definitions", folder)
            self.assertEqual(sorted(os.listdir(folder)), ["appspec-order.yaml", "appspec-product.yaml", "order.json", "product.json"])
            described = json.loads(pathlib.Path(folder, "order.json").read_text())
            spec = json.loads(pathlib.Path(folder, "appspec-order.yaml").read_text())
        images = {container["name"]: container["image"] for container in described["containerDefinitions"]}
        self.assertEqual(images["shop"], NEW)
        self.assertNotEqual(images["collector"], NEW)
        self.assertEqual(described["tags"], [{"key": "Project", "value": "shop"}])
        for container, original in zip(described["containerDefinitions"], definition(self.cluster, "order")["containerDefinitions"], strict=True):
            self.assertEqual(container["secrets"], original["secrets"])
        self.assertFalse(release.ADDED & described.keys())
        # What CodePipeline is given must be what ECS takes.
        registered = self.ecs["us-east-1"].register_task_definition(**described)
        self.assertEqual(registered["taskDefinition"]["family"], f"{self.cluster}-order")
        self.assertEqual(spec["Resources"][0]["TargetService"]["Properties"]["TaskDefinition"], "<TASK_DEFINITION>")

    def test_the_test_provider_beside_a_service_is_of_the_same_image(self):
        changed = definition(self.cluster, "order")
        changed["containerDefinitions"].append({"name": "test-provider", "image": OLD, "essential": True})
        self.ecs["us-east-1"].register_task_definition(**changed)
        with tempfile.TemporaryDirectory() as folder:
            self.step("definitions", folder)
            described = json.loads(pathlib.Path(folder, "order.json").read_text())
        self.assertEqual({container["image"] for container in described["containerDefinitions"] if container["name"] != "collector"}, {NEW})

    def test_a_further_region_follows_workers_first_then_orders_then_catalogue(self):
        deployed = []
        client = release.Environment.client

        def recording(environment, service, region=None):
            if service != "codedeploy":
                return client(environment, service, region)
            deploy = mock.Mock()
            deploy.create_deployment.side_effect = lambda **asked: deployed.append((region, asked)) or {"deploymentId": "d-1"}
            return deploy

        with mock.patch.object(release.Environment, "client", recording):
            said = self.step("follow")
        # The same image from the registry of that region: it must start when the first region is gone.
        near = NEW.replace("us-east-1", "eu-west-1")
        self.assertEqual([self.running(service, "eu-west-1") for service in ENVIRONMENT["rolling"]], [near, near])
        self.assertEqual([(region, asked["applicationName"]) for region, asked in deployed], [("eu-west-1", f"{self.cluster}-{service}") for service in ("order", "product")])
        content = json.loads(deployed[0][1]["revision"]["appSpecContent"]["content"])
        registered = content["Resources"][0]["TargetService"]["Properties"]["TaskDefinition"]
        self.assertRegex(registered, r"^arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-prod[0-9]+-order:2$")
        self.assertEqual(re.findall(r"eu-west-1: ([\w-]+) runs", said), ["worker-order", "worker-product", "order", "product"])


class BoundsTest(Steps):
    """What stops a step before or without AWS, or is decided by a few answers of it."""

    def test_an_environment_of_one_region_has_nothing_that_follows(self):
        self.assertEqual(self.step("follow", ENVIRONMENT=json.dumps({**ENVIRONMENT, "regions": ["us-east-1"]})), "")

    def test_a_migration_is_waited_for_until_its_task_has_stopped(self):
        answers = [{"lastStatus": "RUNNING"}, {"lastStatus": "DEPROVISIONING"}, {"lastStatus": "STOPPED", "containers": []}]
        ecs = mock.Mock()
        ecs.describe_tasks.side_effect = lambda **_: {"tasks": [answers.pop(0)]}
        self.assertEqual(release.wait_for_end(ecs, "shop-prod", "task", pause=0)["lastStatus"], "STOPPED")

    def test_a_migration_without_end_is_stopped(self):
        ecs = mock.Mock()
        ecs.describe_tasks.return_value = {"tasks": [{"lastStatus": "RUNNING"}]}
        with self.assertRaisesRegex(release.Fault, "was not done after 0 minutes and was stopped"):
            release.wait_for_end(ecs, "shop-prod", "task", minutes=0, pause=0)
        ecs.stop_task.assert_called_once()

    def test_an_image_without_a_digest_is_refused(self):
        for image in (OLD, "shop:latest", "shop@sha256:abc"):
            with self.assertRaisesRegex(release.Fault, "must name a digest"):
                self.step("migrate", IMAGE=image)

    def test_an_environment_that_is_not_described_is_refused(self):
        for text in ("prod", "{}", "[]"):
            with self.assertRaisesRegex(release.Fault, "ENVIRONMENT is not what the module ci-cd writes"):
                self.step("migrate", ENVIRONMENT=text)

    def scanned(self, accepted, severity="HIGH"):
        finding = {"name": "CVE-2026-1", "severity": severity, "uri": "https://security-tracker.debian.org/tracker/CVE-2026-1"}
        ecr = mock.Mock()
        ecr.get_paginator.return_value.paginate.return_value = [{"imageScanFindings": {"findings": [finding]}}, {"imageScanFindings": {}}]
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "accepted.json")
            file.write_text(json.dumps(accepted))
            with mock.patch.object(release, "ACCEPTED", file), mock.patch.object(release.boto3, "client", return_value=ecr) as client:
                said = self.step("scan")
        self.assertEqual(client.call_args, mock.call("ecr", region_name="us-east-1"))
        self.assertEqual(ecr.get_waiter.return_value.wait.call_args.kwargs["repositoryName"], "shop")
        return said

    def test_a_grave_finding_stops_the_image(self):
        with self.assertRaisesRegex(release.Fault, "HIGH CVE-2026-1: https://security-tracker"):
            self.scanned({})

    def test_a_finding_that_is_accepted_lets_it_pass_until_its_day(self):
        reason = "The shop never calls it."
        self.assertIn("1 of them grave", self.scanned({"CVE-2026-1": {"reason": reason, "until": "2999-01-01"}}))
        with self.assertRaisesRegex(release.Fault, "CVE-2026-1"):
            self.scanned({"CVE-2026-1": {"reason": reason, "until": "2020-01-01"}})

    def test_what_is_not_grave_lets_it_pass(self):
        self.assertIn("0 of them grave", self.scanned({}, severity="MEDIUM"))

    def test_what_is_accepted_has_a_reason_and_a_day(self):
        for name, entry in json.loads(release.ACCEPTED.read_text()).items():
            self.assertRegex(name, r"^[A-Z]+-")
            self.assertGreater(len(entry["reason"]), 20, name)
            self.assertRegex(entry["until"], r"^\d{4}-\d\d-\d\d$", name)


if __name__ == "__main__":
    unittest.main()
