"""The pipeline's account: what images come from, and the way of a change to production."""

import json
import unittest

from places import PIPELINE, PRIMARY, REGIONS, SECONDARY, ask, every

STAGING, PRODUCTION = "222222222222", "333333333333"


class Registry(unittest.TestCase):
    def test_a_tag_never_moves_and_every_image_is_scanned_and_encrypted(self):
        for region in REGIONS:
            (repository,) = every("ecr", region, "describe_repositories", "repositories", account=PIPELINE)
            self.assertEqual(repository["imageTagMutability"], "IMMUTABLE")
            self.assertTrue(repository["imageScanningConfiguration"]["scanOnPush"])
            self.assertEqual(repository["encryptionConfiguration"]["encryptionType"], "KMS")
            lifecycle = ask("ecr", region, PIPELINE).get_lifecycle_policy(repositoryName="shop")
            self.assertTrue(lifecycle["lifecyclePolicyText"])

    def test_images_are_copied_to_where_the_second_region_pulls_from(self):
        (rule,) = ask("ecr", account=PIPELINE).describe_registry()["replicationConfiguration"]["rules"]
        self.assertEqual(rule["destinations"], [{"region": SECONDARY, "registryId": PIPELINE}])
        self.assertEqual(rule["repositoryFilters"], [{"filter": "shop", "filterType": "PREFIX_MATCH"}])

    def test_the_environments_accounts_may_pull_and_nobody_may_push_from_outside(self):
        for region in REGIONS:
            policy = json.loads(ask("ecr", region, PIPELINE).get_repository_policy(repositoryName="shop")["policyText"])
            (statement,) = policy["Statement"]
            self.assertEqual(
                set(statement["Principal"]["AWS"]),
                {f"arn:aws:iam::{account}:root" for account in ("111111111111", STAGING, PRODUCTION)},
            )
            self.assertFalse([action for action in statement["Action"] if "Put" in action or "Upload" in action or "*" in action])


class Pipeline(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (summary,) = every("codepipeline", PRIMARY, "list_pipelines", "pipelines", account=PIPELINE)
        cls.pipeline = ask("codepipeline", account=PIPELINE).get_pipeline(name=summary["name"])["pipeline"]
        cls.stages = {stage["name"]: stage["actions"] for stage in cls.pipeline["stages"]}

    def actions(self, stage):
        """By name, in the order they are done in."""
        return {action["name"]: action for action in sorted(self.stages[stage], key=lambda action: action["runOrder"])}

    def test_a_change_goes_by_staging_and_an_approval_to_production(self):
        self.assertEqual(list(self.stages), ["source", "build", "staging", "approval", "production"])
        (approval,) = self.stages["approval"]
        self.assertEqual(approval["actionTypeId"]["provider"], "Manual")
        (asked,) = every("sns", PRIMARY, "list_subscriptions", "Subscriptions", account=PIPELINE)
        self.assertEqual(approval["configuration"]["NotificationArn"], asked["TopicArn"])
        self.assertEqual((asked["Protocol"], asked["Endpoint"]), ("email", "release@shop.example"))

    def test_migrations_come_first_then_orders_and_the_catalogue_and_a_shopper_last(self):
        self.assertEqual(list(self.actions("staging")), ["migrate", "order", "product", "smoke"])
        # Production's second region follows the first.
        self.assertEqual(list(self.actions("production")), ["migrate", "order", "product", "follow", "smoke"])
        for stage in ("staging", "production"):
            orders = [action["runOrder"] for action in self.stages[stage]]
            self.assertEqual(len(set(orders)), len(orders), "two actions of a stage run at once")

    def test_canaries_are_codedeploys_of_the_environments_own_account(self):
        for stage, account in (("staging", STAGING), ("production", PRODUCTION)):
            for service in ("order", "product"):
                action = self.actions(stage)[service]
                self.assertEqual(action["actionTypeId"]["provider"], "CodeDeployToECS")
                self.assertEqual(action["roleArn"], f"arn:aws:iam::{account}:role/shop-deploy")
                name = f"shop-{'staging' if stage == 'staging' else 'prod'}-{service}"
                self.assertEqual(action["configuration"]["ApplicationName"], name)
                self.assertEqual(action["configuration"]["DeploymentGroupName"], name)

    def test_every_build_of_a_stage_is_a_project_that_is_there_and_runs_its_buildspec(self):
        names = every("codebuild", PRIMARY, "list_projects", "projects", account=PIPELINE)
        projects = {item["name"]: item for item in ask("codebuild", account=PIPELINE).batch_get_projects(names=names)["projects"]}
        used = {
            action["configuration"]["ProjectName"]
            for actions in self.stages.values()
            for action in actions
            if action["actionTypeId"]["provider"] == "CodeBuild"
        }
        self.assertEqual(used, projects.keys())
        self.assertEqual(
            {item["source"]["buildspec"] for item in projects.values()},
            {f"deploy/buildspec{suffix}.yml" for suffix in ("", "-migrate", "-follow", "-smoke")},
        )

    def test_its_key_is_rotated_and_lets_the_deploying_roles_read_and_no_others(self):
        key = self.pipeline["artifactStore"]["encryptionKey"]["id"]
        client = ask("kms", account=PIPELINE)
        self.assertTrue(client.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"])
        policy = json.loads(client.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
        (reading,) = [item for item in policy["Statement"] if item["Sid"] == "EnvironmentsRead"]
        self.assertEqual(
            reading["Condition"]["ArnEquals"]["aws:PrincipalArn"],
            [f"arn:aws:iam::{account}:role/shop-deploy" for account in (STAGING, PRODUCTION)],
        )
        self.assertFalse([action for action in reading["Action"] if "Encrypt" in action or "*" in action])

    def test_logs_of_builds_are_encrypted_and_kept_for_a_year(self):
        groups = every("logs", PRIMARY, "describe_log_groups", "logGroups", account=PIPELINE)
        self.assertEqual(len(groups), 4)
        for group in groups:
            self.assertEqual(group["retentionInDays"], 365)
            self.assertTrue(group["kmsKeyId"].startswith(f"arn:aws:kms:{PRIMARY}:{PIPELINE}:"), group["logGroupName"])
