"""Keys, what watches the account, logs, alarms, and what images come from."""

import json
import unittest

from places import NAME, PRIMARY, ask, every, in_each_region


class Keys(unittest.TestCase):
    @in_each_region
    def test_each_kind_of_content_has_a_key_that_is_rotated(self, region):
        client = ask("kms", region)
        aliases = {
            item["AliasName"]: item["TargetKeyId"]
            for item in every("kms", region, "list_aliases", "Aliases")
            if "TargetKeyId" in item
        }
        for kind in ("data", "logs", "secrets"):
            key = aliases[f"alias/{NAME}-{kind}"]
            self.assertTrue(client.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"], kind)
            policy = json.loads(client.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
            for statement in policy["Statement"]:
                self.assertNotEqual(statement["Principal"], "*")
                self.assertTrue("AWS" in statement["Principal"] or "Condition" in statement, statement["Sid"])


class Guards(unittest.TestCase):
    def test_calls_of_all_regions_are_recorded_and_the_record_is_validated(self):
        (trail,) = ask("cloudtrail").describe_trails()["trailList"]
        self.assertTrue(trail["IsMultiRegionTrail"] and trail["LogFileValidationEnabled"] and trail["KmsKeyId"])
        self.assertTrue(ask("cloudtrail").get_trail_status(Name=trail["Name"])["IsLogging"])

    @in_each_region
    def test_config_records_and_has_its_rules(self, region):
        (recorder,) = ask("config", region).describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
        self.assertTrue(recorder["recording"])
        rules = {item["Source"]["SourceIdentifier"] for item in every("config", region, "describe_config_rules", "ConfigRules")}
        self.assertTrue({"RDS_STORAGE_ENCRYPTED", "S3_BUCKET_PUBLIC_READ_PROHIBITED", "ECS_CONTAINERS_READONLY_ACCESS"} <= rules)

    @in_each_region
    def test_guardduty_looks_at_buckets_sign_ins_and_what_runs(self, region):
        (detector,) = every("guardduty", region, "list_detectors", "DetectorIds")
        told = ask("guardduty", region).get_detector(DetectorId=detector)
        self.assertEqual(told["Status"], "ENABLED")
        features = {item["Name"] for item in told["Features"] if item["Status"] == "ENABLED"}
        self.assertTrue({"S3_DATA_EVENTS", "RDS_LOGIN_EVENTS", "RUNTIME_MONITORING"} <= features)


class Logs(unittest.TestCase):
    @in_each_region
    def test_every_log_group_forgets_after_its_time_and_is_encrypted(self, region):
        groups = every("logs", region, "describe_log_groups", "logGroups")
        self.assertGreater(len(groups), 12)
        for group in groups:
            with self.subTest(group=group["logGroupName"]):
                self.assertIn(group.get("retentionInDays"), (90, 365))
                self.assertTrue(group.get("kmsKeyId", "").startswith(f"arn:aws:kms:{region}:"))


class Alarms(unittest.TestCase):
    def alarms(self, region):
        return ask("cloudwatch", region).describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=100)

    @in_each_region
    def test_what_is_promised_is_watched(self, region):
        names = {item["AlarmName"].removeprefix(f"{NAME}-") for item in self.alarms(region)["MetricAlarms"]}
        expected = {
            "burn-fast-1h",
            "burn-fast-5m",
            "burn-slow-6h",
            "burn-slow-30m",
            "latency",
            "server-errors",
            "certificate",
            "outbox",
            "holds",
            "offers",
            "database-queue",
            "connections-shop",
            "database-cpu-shop",
            "storage-shop",
            "lag-shop",
        }
        self.assertTrue(expected <= names, expected - names)
        self.assertTrue(
            {f"{kind}-{name}" for kind in ("cpu", "memory") for name in ("product", "order", "worker-product", "worker-order")}
            <= names
        )

    @in_each_region
    def test_three_alarms_of_alarms_wake_somebody_and_name_only_alarms_that_are_there(self, region):
        found = self.alarms(region)
        known = {item["AlarmName"] for item in found["MetricAlarms"]}
        pages = {item["AlarmName"]: item for item in found["CompositeAlarms"]}
        self.assertTrue({f"{NAME}-{name}" for name in ("shoppers", "stores", "work")} <= pages.keys())
        (topic,) = every("sns", region, "list_topics", "Topics")
        for name, page in pages.items():
            self.assertEqual(page["AlarmActions"], [topic["TopicArn"]], name)
            named = {part.split('"')[1] for part in page["AlarmRule"].split("ALARM(")[1:]}
            self.assertTrue(named and named <= known, named - known)

    @in_each_region
    def test_those_on_call_are_told_and_there_is_a_dashboard(self, region):
        subscriptions = every("sns", region, "list_subscriptions", "Subscriptions")
        self.assertEqual([(item["Protocol"], item["Endpoint"]) for item in subscriptions], [("email", "on-call@shop.example")])
        dashboards = every("cloudwatch", region, "list_dashboards", "DashboardEntries")
        self.assertEqual([item["DashboardName"] for item in dashboards], [NAME])

    def test_the_months_budget_is_watched(self):
        (budget,) = ask("budgets").describe_budgets(AccountId="123456789012")["Budgets"]
        self.assertEqual(float(budget["BudgetLimit"]["Amount"]), 9000)
