"""The services: what runs, with which secrets, how many, and how a new version comes."""

import json
import unittest

from places import NAME, PRIMARY, SECONDARY, ask, every, in_each_region

CALLED = {"product", "order"}
WORKERS = {"worker-product", "worker-order"}
MIGRATIONS = {"migrate-product", "migrate-order"}


def services(region):
    names = CALLED | WORKERS
    return {
        item["serviceName"]: item
        for item in ask("ecs", region).describe_services(cluster=NAME, services=sorted(names))["services"]
    }


def task_definitions(region):
    arns = every("ecs", region, "list_task_definitions", "taskDefinitionArns")
    return {
        item["family"].removeprefix(f"{NAME}-"): item
        for item in (ask("ecs", region).describe_task_definition(taskDefinition=arn)["taskDefinition"] for arn in arns)
    }


class Services(unittest.TestCase):
    @in_each_region
    def test_each_region_pulls_the_image_from_its_own_registry(self, region):
        for name, definition in task_definitions(region).items():
            (image,) = [item["image"] for item in definition["containerDefinitions"] if item["name"] == "shop"]
            self.assertIn(f".dkr.ecr.{region}.amazonaws.com/shop:", image, name)

    @in_each_region
    def test_both_services_and_their_workers_run_in_private_subnets(self, region):
        found = services(region)
        self.assertEqual(found.keys(), CALLED | WORKERS)
        for service in found.values():
            network = service["networkConfiguration"]["awsvpcConfiguration"]
            self.assertEqual((network["assignPublicIp"], len(network["subnets"])), ("DISABLED", 3))
            self.assertFalse(service.get("enableExecuteCommand"))
            self.assertEqual(service["desiredCount"], 4 if service["serviceName"] in CALLED else 2)

    @in_each_region
    def test_what_shoppers_call_is_deployed_by_codedeploy_and_workers_roll_and_go_back_by_themselves(self, region):
        for name, service in services(region).items():
            if name in CALLED:
                self.assertEqual(service["deploymentController"]["type"], "CODE_DEPLOY")
                self.assertIn(f"/{NAME}-{name}-blue/", service["loadBalancers"][0]["targetGroupArn"])
            else:
                self.assertEqual(
                    service["deploymentConfiguration"]["deploymentCircuitBreaker"], {"enable": True, "rollback": True}
                )
                shares = {
                    item["capacityProvider"]: (item.get("base", 0), item["weight"])
                    for item in service["capacityProviderStrategy"]
                }
                self.assertEqual(shares, {"FARGATE": (1, 30), "FARGATE_SPOT": (0, 70)})

    @in_each_region
    def test_a_canary_gets_a_tenth_of_the_requests_and_an_alarm_takes_it_back(self, region):
        for name in CALLED:
            group = ask("codedeploy", region).get_deployment_group(
                applicationName=f"{NAME}-{name}", deploymentGroupName=f"{NAME}-{name}"
            )["deploymentGroupInfo"]
            self.assertEqual(group["deploymentConfigName"], "CodeDeployDefault.ECSCanary10Percent5Minutes")
            self.assertIn("DEPLOYMENT_STOP_ON_ALARM", group["autoRollbackConfiguration"]["events"])
            alarms = {item["name"] for item in group["alarmConfiguration"]["alarms"]}
            known = ask("cloudwatch", region).describe_alarms(AlarmNames=sorted(alarms))["MetricAlarms"]
            self.assertEqual({item["AlarmName"] for item in known}, alarms)
            self.assertEqual(len(alarms), 4)

    @in_each_region
    def test_services_grow_from_4_to_40_tasks_with_cpu_and_requests_and_before_known_peaks(self, region):
        client = ask("application-autoscaling", region)
        targets = {
            item["ResourceId"].rsplit("/", 1)[-1]: (item["MinCapacity"], item["MaxCapacity"])
            for item in client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
        }
        self.assertEqual(targets, dict.fromkeys(CALLED, (4, 40)) | dict.fromkeys(WORKERS, (2, 8)))
        policies = {}
        for item in client.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]:
            told = item["TargetTrackingScalingPolicyConfiguration"]
            policies.setdefault(item["ResourceId"].rsplit("/", 1)[-1], []).append(
                (told["PredefinedMetricSpecification"]["PredefinedMetricType"], told["TargetValue"])
            )
        for name in CALLED:
            self.assertEqual(
                sorted(policies[name]), [("ALBRequestCountPerTarget", 6000.0)] * 2 + [("ECSServiceAverageCPUUtilization", 70.0)]
            )
        peaks = client.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
        self.assertEqual(
            {item["ScheduledActionName"] for item in peaks},
            {f"{NAME}-{name}-{peak}" for name in CALLED for peak in ("evening", "after-evening")},
        )


class TaskDefinitions(unittest.TestCase):
    @in_each_region
    def test_there_is_one_for_each_service_worker_and_migration(self, region):
        self.assertEqual(task_definitions(region).keys(), CALLED | WORKERS | MIGRATIONS)

    @in_each_region
    def test_secrets_come_by_arn_from_the_tasks_own_region_and_are_never_written_out(self, region):
        known = {item["ARN"] for item in every("secretsmanager", region, "list_secrets", "SecretList")}
        for name, definition in task_definitions(region).items():
            secrets = {
                item["name"]: item["valueFrom"]
                for container in definition["containerDefinitions"]
                for item in container.get("secrets", [])
            }
            self.assertTrue(secrets, name)
            for setting, source in secrets.items():
                if ":secretsmanager:" in source:
                    # The key of a JSON secret follows its ARN.
                    self.assertIn(":".join(source.split(":")[:7]), known, (name, setting))
                else:
                    self.assertTrue(source.startswith(f"arn:aws:ssm:{region}:"), (name, setting))
            written = {
                item["name"] for container in definition["containerDefinitions"] for item in container.get("environment", [])
            }
            self.assertFalse(
                {item for item in written if "SECRET" in item or "PASSWORD" in item or item.endswith("_DATABASE_URL")}, name
            )

    @in_each_region
    def test_containers_cannot_write_to_their_root_and_have_no_privileges(self, region):
        for name, definition in task_definitions(region).items():
            self.assertEqual((definition["networkMode"], definition["requiresCompatibilities"]), ("awsvpc", ["FARGATE"]))
            for container in definition["containerDefinitions"]:
                self.assertTrue(container.get("readonlyRootFilesystem"), (name, container["name"]))
                self.assertFalse(container.get("privileged"), (name, container["name"]))

    @in_each_region
    def test_a_task_may_read_its_own_secrets_and_no_others(self, region):
        for name, definition in task_definitions(region).items():
            role = definition["executionRoleArn"].rsplit("/", 1)[-1]
            policy = ask("iam").get_role_policy(RoleName=role, PolicyName="start")["PolicyDocument"]
            allowed = next(item["Resource"] for item in policy["Statement"] if item["Sid"] == "Secrets")
            used = {
                ":".join(item["valueFrom"].split(":")[:7])
                for container in definition["containerDefinitions"]
                for item in container.get("secrets", [])
                if ":secretsmanager:" in item["valueFrom"]
            }
            self.assertEqual(set([allowed] if isinstance(allowed, str) else allowed), used, name)


class Secrets(unittest.TestCase):
    def test_they_are_named_by_environment_service_and_use_and_copied_to_the_second_region(self):
        names = {item["Name"] for item in every("secretsmanager", PRIMARY, "list_secrets", "SecretList")}
        shared = {
            "shared/secret-key",
            "shared/admin-key",
            "edge/origin-secret",
            "shop/master",
            "product/database",
            "product/owner",
            "order/database",
            "order/owner",
        }
        self.assertEqual(names, {f"prod/shop/{path}" for path in shared | {f"cache/{PRIMARY}"}})
        copies = {item["Name"] for item in every("secretsmanager", SECONDARY, "list_secrets", "SecretList")}
        self.assertEqual(copies, {f"prod/shop/{path}" for path in shared | {f"cache/{place}" for place in (PRIMARY, SECONDARY)}})

    def test_users_of_databases_are_rotated(self):
        rotated = {
            item["Name"] for item in every("secretsmanager", PRIMARY, "list_secrets", "SecretList") if item.get("RotationEnabled")
        }
        self.assertEqual(rotated, {f"prod/shop/{role}/{use}" for role in CALLED for use in ("database", "owner")})

    def test_after_a_rotation_the_services_of_both_regions_start_anew(self):
        function = ask("lambda").get_function_configuration(FunctionName="shop-prod-rotate-database-user")
        services = json.loads(function["Environment"]["Variables"]["SERVICES"])
        for role in CALLED:
            found = {(service["region"], service["name"]) for service in services[f"prod/shop/{role}/database"]}
            self.assertEqual(found, {(region, name) for region in (PRIMARY, SECONDARY) for name in (role, f"worker-{role}")})
        for service in services["prod/shop/order/database"]:
            there = ask("ecs", service["region"]).describe_services(cluster=service["cluster"], services=[service["name"]])["services"]
            self.assertEqual([item["serviceName"] for item in there], [service["name"]])

    def test_generated_keys_are_long_and_differ(self):
        values = [
            ask("secretsmanager").get_secret_value(SecretId=f"prod/shop/shared/{name}")["SecretString"]
            for name in ("secret-key", "admin-key")
        ]
        self.assertEqual((len(set(values)), [len(value) for value in values]), (2, [64, 64]))
