"""Databases, caches and buckets: encrypted, kept, and not lost by a slip."""

import unittest

from places import NAME, PIPELINE, PRIMARY, REGIONS, SECONDARY, ask, every, in_each_region


def cluster(region):
    (found,) = every("rds", region, "describe_db_clusters", "DBClusters")
    return found


class Databases(unittest.TestCase):
    @in_each_region
    def test_a_cluster_is_encrypted_with_a_key_of_its_region_and_kept_for_35_days(self, region):
        found = cluster(region)
        self.assertEqual(found["Engine"], "aurora-postgresql")
        self.assertGreaterEqual(int(found["EngineVersion"].split(".")[0]), 15)
        self.assertTrue(found["StorageEncrypted"])
        self.assertTrue(found["KmsKeyId"].startswith(f"arn:aws:kms:{region}:"))
        self.assertEqual((found["BackupRetentionPeriod"], found["PreferredBackupWindow"]), (35, "03:00-04:00"))
        self.assertEqual(found["EnabledCloudwatchLogsExports"], ["postgresql"])
        self.assertTrue(found["DeletionProtection"])

    @in_each_region
    def test_a_cluster_that_is_protected_cannot_be_deleted(self, region):
        with self.assertRaisesRegex(Exception, "(?i)deletion.?protection"):
            ask("rds", region).delete_db_cluster(
                DBClusterIdentifier=cluster(region)["DBClusterIdentifier"], SkipFinalSnapshot=True
            )

    @in_each_region
    def test_two_instances_lie_in_two_zones_and_are_watched(self, region):
        instances = every("rds", region, "describe_db_instances", "DBInstances")
        self.assertEqual(len({item["AvailabilityZone"] for item in instances}), 2)
        for instance in instances:
            self.assertEqual((instance["PubliclyAccessible"], instance["PerformanceInsightsEnabled"]), (False, True))
            self.assertEqual((instance["MonitoringInterval"], instance["CACertificateIdentifier"]), (30, "rds-ca-rsa2048-g1"))

    @in_each_region
    def test_parameters_force_tls_bound_statements_and_allow_logical_replication(self, region):
        parameters = every(
            "rds",
            region,
            "describe_db_cluster_parameters",
            "Parameters",
            DBClusterParameterGroupName=cluster(region)["DBClusterParameterGroup"],
        )
        parameters = {item["ParameterName"]: item.get("ParameterValue") for item in parameters}
        for name, value in {
            "rds.force_ssl": "1",
            "rds.logical_replication": "1",
            "statement_timeout": "60000",
            "idle_in_transaction_session_timeout": "60000",
            "log_parameter_max_length": "0",
        }.items():
            self.assertEqual(parameters.get(name), value, name)

    def test_one_global_database_is_written_in_the_first_region_and_read_in_the_second(self):
        (found,) = every("rds", PRIMARY, "describe_global_clusters", "GlobalClusters")
        members = {item["DBClusterArn"].split(":")[3]: item["IsWriter"] for item in found["GlobalClusterMembers"]}
        self.assertEqual(members, {PRIMARY: True, SECONDARY: False})
        self.assertTrue(found["StorageEncrypted"] and found["DeletionProtection"])

    @in_each_region
    def test_it_is_reached_by_its_clients_and_the_other_regions_services_alone(self, region):
        groups = [item["VpcSecurityGroupId"] for item in cluster(region)["VpcSecurityGroups"]]
        (group,) = every("ec2", region, "describe_security_groups", "SecurityGroups", GroupIds=groups)
        for permission in group["IpPermissions"]:
            self.assertEqual((permission["FromPort"], permission["ToPort"]), (5432, 5432))
            for place in permission["IpRanges"]:
                self.assertRegex(place["CidrIp"], r"^10\.[12]\.1[0-2]\.0/24$")


class Caches(unittest.TestCase):
    @in_each_region
    def test_a_cache_speaks_tls_alone_is_encrypted_and_fails_over(self, region):
        (found,) = every("elasticache", region, "describe_replication_groups", "ReplicationGroups")
        self.assertEqual(
            (found["TransitEncryptionEnabled"], found["TransitEncryptionMode"], found["AtRestEncryptionEnabled"]),
            (True, "required", True),
        )
        self.assertEqual((found["AutomaticFailover"], found["MultiAZ"], len(found["MemberClusters"])), ("enabled", "enabled", 2))
        self.assertTrue(found["KmsKeyId"].startswith(f"arn:aws:kms:{region}:"))
        self.assertEqual(found["UserGroupIds"], [NAME])
        self.assertEqual({item["LogType"] for item in found["LogDeliveryConfigurations"]}, {"slow-log", "engine-log"})

    @in_each_region
    def test_the_default_user_may_nothing_and_the_shops_nothing_dangerous(self, region):
        users = {item["UserName"]: item["AccessString"] for item in every("elasticache", region, "describe_users", "Users")}
        self.assertEqual(users["default"], "off ~* -@all")
        self.assertIn("-@dangerous", users[f"{NAME}-cache"])
        (group,) = every("elasticache", region, "describe_user_groups", "UserGroups")
        self.assertEqual(set(group["UserIds"]), {f"{NAME}-default", f"{NAME}-cache"})

    @in_each_region
    def test_only_what_has_an_end_of_life_is_dropped(self, region):
        parameters = every("elasticache", region, "describe_cache_parameters", "Parameters", CacheParameterGroupName=f"{NAME}-7")
        self.assertIn(
            ("maxmemory-policy", "volatile-lru"), [(item["ParameterName"], item["ParameterValue"]) for item in parameters]
        )


class Buckets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.names = [item["Name"] for item in ask("s3").list_buckets()["Buckets"]]

    def test_there_is_one_for_media_and_its_copy_for_logs_and_for_audits(self):
        kinds = sorted(name.removeprefix(f"{NAME}-").replace("-123456789012", "") for name in self.names)
        self.assertEqual(
            kinds,
            sorted(
                [
                    "media",
                    "media-replica",
                    "cloudfront-logs",
                    *(f"{kind}-{region}" for kind in ("alb-logs", "audit") for region in REGIONS),
                ]
            ),
        )

    def test_every_bucket_is_versioned_encrypted_closed_tidied_and_speaks_tls_alone(self):
        for account in (None, PIPELINE):
            s3 = ask("s3", account=account)
            for name in (item["Name"] for item in s3.list_buckets()["Buckets"]):
                with self.subTest(bucket=name):
                    self.held_to_the_rules_of_all(s3, name)

    def held_to_the_rules_of_all(self, s3, name):
        self.assertEqual(s3.get_bucket_versioning(Bucket=name).get("Status"), "Enabled")
        rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        self.assertIn(rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], ("AES256", "aws:kms"))
        closed = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        self.assertTrue(all(closed.values()) and len(closed) == 4, closed)
        self.assertTrue(s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"])
        policy = s3.get_bucket_policy(Bucket=name)["Policy"]
        self.assertIn("aws:SecureTransport", policy)

    def test_media_are_copied_to_the_second_region(self):
        (rule,) = ask("s3").get_bucket_replication(Bucket=f"{NAME}-media-123456789012")["ReplicationConfiguration"]["Rules"]
        self.assertEqual(
            (rule["Status"], rule["Destination"]["Bucket"]), ("Enabled", f"arn:aws:s3:::{NAME}-media-replica-123456789012")
        )
        self.assertEqual(
            ask("s3").get_bucket_location(Bucket=f"{NAME}-media-replica-123456789012")["LocationConstraint"], SECONDARY
        )
