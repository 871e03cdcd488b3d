#!/usr/bin/env python3
"""What a pipeline does to bring an image into an environment. The steps are called by deploy/buildspec*.yml, through `release` beside this.

  scan         waits for the registry's scan of IMAGE and refuses what is grave and not accepted with a reason
  migrate      brings the databases of ENVIRONMENT to what IMAGE needs: catalogue first, then orders
  workers      brings IMAGE to the rolling services of the first region and waits until they are stable
  definitions  writes to FOLDER what CodePipeline deploys as canaries in the first region: task definitions and AppSpecs
  follow       brings IMAGE to the further regions of ENVIRONMENT: workers, order, product, each when the one before is done

Settings, from the pipeline: IMAGE (REPOSITORY@sha256:…), and ENVIRONMENT, JSON with name, cluster, regions (the first is that of the
writer), canary and rolling services, and role_arn, which is taken on. A task definition is the newest of its family, which Terraform
writes, with the image exchanged: whatever else it says is Terraform's.
"""
import json
import os
import pathlib
import re
import sys
import time

import boto3
import botocore.exceptions

ACCEPTED = pathlib.Path(__file__).with_name("accepted-findings.json")
GRAVE = {"CRITICAL", "HIGH"}
# The order in which services take over: an older one reads what a newer one writes.
ORDER = {"worker": 0, "order": 1, "product": 2}
# What AWS adds to a task definition and does not take back.
ADDED = {"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy", "deregisteredAt"}


class Fault(Exception):
    pass


def setting(name):
    value = os.environ.get(name)
    if not value:
        raise Fault(f"{name} is not set: the pipeline sets it, see deploy/terraform/modules/ci-cd.")
    return value


def image(region=None):
    """The image; as a region has it, where it is in a registry of AWS: each region pulls from its own."""
    value = setting("IMAGE")
    if not re.fullmatch(r"[^@\s]+@sha256:[0-9a-f]{64}", value):
        raise Fault(f"IMAGE is {value}: it must name a digest, REPOSITORY@sha256:…, so that what was tested is what is rolled out.")
    return re.sub(r"(\.dkr\.ecr\.)[a-z0-9-]+\.", rf"\g<1>{region}.", value) if region else value


class Environment:
    """An environment, seen as the role that may deploy there."""

    def __init__(self, value):
        try:
            described = json.loads(value)
            self.name, self.cluster, self.regions = described["name"], described["cluster"], described["regions"]
            self.canary, self.rolling = sorted(described["canary"]), sorted(described["rolling"])
            role = described["role_arn"]
        except (ValueError, KeyError, TypeError) as error:
            raise Fault(f"ENVIRONMENT is not what the module ci-cd writes: {error!r}") from error
        given = boto3.client("sts", region_name=self.regions[0]).assume_role(RoleArn=role, RoleSessionName="shop-pipeline")["Credentials"]
        self.session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def client(self, service, region=None):
        return self.session.client(service, region_name=region or self.regions[0])

    def services(self):
        """In the order in which they take over."""
        return sorted(self.canary + self.rolling, key=lambda name: (ORDER.get(name.split("-")[0], 3), name))

    def definition(self, service, ecs):
        """The newest task definition of a service with the pipeline's image, as it is registered."""
        found = ecs.describe_task_definition(taskDefinition=f"{self.cluster}-{service}", include=["TAGS"])
        definition = {key: value for key, value in found["taskDefinition"].items() if key not in ADDED}
        old = [container["image"] for container in definition["containerDefinitions"] if container["name"] == "shop"]
        if not old:
            raise Fault(f"The task definition {self.cluster}-{service} has no container named shop.")
        for container in definition["containerDefinitions"]:
            # The test provider beside it is the same program.
            if container["image"] in old:
                container["image"] = image(ecs.meta.region_name)
        if found.get("tags"):
            definition["tags"] = found["tags"]
        return definition

    def register(self, service, ecs):
        return ecs.register_task_definition(**self.definition(service, ecs))["taskDefinition"]["taskDefinitionArn"]


def appspec(definition):
    """What CodeDeploy is told; CodePipeline writes the revision that it has registered for <TASK_DEFINITION>."""
    return {
        "version": 0.0,
        "Resources": [{
            "TargetService": {
                "Type": "AWS::ECS::Service",
                "Properties": {"TaskDefinition": definition, "LoadBalancerInfo": {"ContainerName": "shop", "ContainerPort": 8080}},
            }
        }],
    }


def migrate(environment):
    ecs = environment.client("ecs")
    for role in ("product", "order"):
        service = f"migrate-{role}"
        # It runs where the worker of the same database runs: in those subnets, admitted by that database.
        described = ecs.describe_services(cluster=environment.cluster, services=[f"worker-{role}"])["services"]
        if not described:
            raise Fault(f"There is no service worker-{role} in {environment.cluster}: migrations run in its network.")
        definition = environment.register(service, ecs)
        started = ecs.run_task(cluster=environment.cluster, taskDefinition=definition, launchType="FARGATE", count=1,
                               networkConfiguration=described[0]["networkConfiguration"], startedBy="shop-pipeline")
        if started.get("failures") or not started["tasks"]:
            raise Fault(f"{service} did not start: {started.get('failures')}")
        task = started["tasks"][0]["taskArn"]
        print(f"{environment.name}: {service} runs as {task}")
        ended = wait_for_end(ecs, environment.cluster, task)
        code = next((container.get("exitCode") for container in ended["containers"] if container["name"] == "shop"), None)
        if code != 0:
            raise Fault(f"{service} ended with {code} ({ended.get('stoppedReason')}): its log is /{environment.cluster}/ecs/{service}")
        print(f"{environment.name}: {service} is done")


def wait_for_end(ecs, cluster, task, minutes=25, pause=float(os.environ.get("PAUSE", "5"))):
    end = time.monotonic() + minutes * 60
    while True:
        described = ecs.describe_tasks(cluster=cluster, tasks=[task])["tasks"]
        if described and described[0]["lastStatus"] == "STOPPED":
            return described[0]
        if time.monotonic() > end:
            ecs.stop_task(cluster=cluster, task=task, reason=f"not done after {minutes} minutes")
            raise Fault(f"{task} was not done after {minutes} minutes and was stopped.")
        time.sleep(pause)


def definitions(environment, folder):
    ecs = environment.client("ecs")
    folder.mkdir(parents=True, exist_ok=True)
    for service in environment.canary:
        (folder / f"{service}.json").write_text(json.dumps(environment.definition(service, ecs), indent=1, default=str) + "\n")
        # JSON is YAML, and CodeDeploy wants the name to end so.
        (folder / f"appspec-{service}.yaml").write_text(json.dumps(appspec("<TASK_DEFINITION>"), indent=1) + "\n")
    print(f"{environment.name}: {', '.join(environment.canary)} are described in {folder}")


def roll(environment, region, service, ecs):
    definition = environment.register(service, ecs)
    ecs.update_service(cluster=environment.cluster, service=service, taskDefinition=definition)
    ecs.get_waiter("services_stable").wait(cluster=environment.cluster, services=[service])
    print(f"{environment.name}, {region}: {service} runs {image(region)}")


def workers(environment):
    ecs = environment.client("ecs")
    for service in environment.rolling:
        roll(environment, environment.regions[0], service, ecs)


def follow(environment):
    for region in environment.regions[1:]:
        ecs, deploy = environment.client("ecs", region), environment.client("codedeploy", region)
        for service in environment.services():
            if service in environment.rolling:
                roll(environment, region, service, ecs)
                continue
            name = f"{environment.cluster}-{service}"
            content = json.dumps(appspec(environment.register(service, ecs)))
            deployment = deploy.create_deployment(
                applicationName=name, deploymentGroupName=name, description=f"The pipeline follows {environment.regions[0]}",
                revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": content}})["deploymentId"]
            print(f"{environment.name}, {region}: {service} is a canary, {deployment}")
            # A tenth for five minutes, then all; the old tasks wait a quarter of an hour before they go.
            deploy.get_waiter("deployment_successful").wait(deploymentId=deployment, WaiterConfig={"Delay": 15, "MaxAttempts": 160})
            print(f"{environment.name}, {region}: {service} runs {image(region)}")


def scan():
    repository, digest = image().split("@")
    accepted = json.loads(ACCEPTED.read_text())
    registry, name = repository.split("/", 1)
    ecr = boto3.client("ecr", region_name=registry.split(".")[3] if registry.count(".") > 3 else None)
    asked = {"repositoryName": name, "imageId": {"imageDigest": digest}}
    ecr.get_waiter("image_scan_complete").wait(**asked, WaiterConfig={"Delay": 5, "MaxAttempts": 60})
    found, today = [], time.strftime("%Y-%m-%d")
    for page in ecr.get_paginator("describe_image_scan_findings").paginate(**asked):
        found += page["imageScanFindings"].get("findings", [])
    grave = {finding["name"]: finding for finding in found if finding["severity"] in GRAVE}
    open_ones = sorted(name for name in grave if accepted.get(name, {}).get("until", "") < today)
    if open_ones:
        lines = [f"{grave[name]['severity']} {name}: {grave[name].get('uri', '')}" for name in open_ones]
        raise Fault("\n".join([f"The scan of {image()} found:", *lines, "Build anew with Debian's fixes, or accept with a reason and a day in "
                               "deploy/pipeline/accepted-findings.json."]))
    print(f"The scan found {len(found)} things, {len(grave)} of them grave, none of those unaccepted.")


def main():
    step, *rest = sys.argv[1:] or [""]
    if step == "scan":
        scan()
    elif step in ("migrate", "workers", "follow") and not rest:
        image()
        {"migrate": migrate, "workers": workers, "follow": follow}[step](Environment(setting("ENVIRONMENT")))
    elif step == "definitions" and len(rest) == 1:
        definitions(Environment(setting("ENVIRONMENT")), pathlib.Path(rest[0]))
    else:
        raise Fault("Say scan, migrate, workers, follow or definitions FOLDER.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Fault as fault:
        print(fault, file=sys.stderr)
    except (botocore.exceptions.ClientError, botocore.exceptions.WaiterError) as error:
        print(f"AWS refuses: {error}", file=sys.stderr)
    sys.exit(1)
