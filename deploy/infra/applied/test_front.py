"""Load balancers, CloudFront, web ACLs and names: what a request meets before it reaches a service."""

import json
import unittest

from places import NAME, PRIMARY, REGIONS, ask, every, in_each_region

DOMAIN = "shop.example"


def balancer(region):
    (found,) = every("elbv2", region, "describe_load_balancers", "LoadBalancers")
    return found["LoadBalancerArn"]


def listeners(region):
    return {
        item["Port"]: item for item in every("elbv2", region, "describe_listeners", "Listeners", LoadBalancerArn=balancer(region))
    }


class LoadBalancers(unittest.TestCase):
    @in_each_region
    def test_https_needs_tls_1_2_or_newer_and_what_is_unknown_is_not_found(self, region):
        listener = listeners(region)[443]
        self.assertEqual((listener["Protocol"], listener["SslPolicy"]), ("HTTPS", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"))
        (action,) = listener["DefaultActions"]
        self.assertEqual((action["Type"], action["FixedResponseConfig"]["StatusCode"]), ("fixed-response", "404"))
        self.assertTrue(listener["Certificates"][0]["CertificateArn"].startswith(f"arn:aws:acm:{region}:"))

    @in_each_region
    def test_http_is_sent_to_https(self, region):
        (action,) = listeners(region)[80]["DefaultActions"]
        self.assertEqual(
            (action["Type"], action["RedirectConfig"]["Protocol"], action["RedirectConfig"]["StatusCode"]),
            ("redirect", "HTTPS", "HTTP_301"),
        )

    @in_each_region
    def test_metrics_are_kept_back_first_and_only_known_paths_are_forwarded(self, region):
        rules = every("elbv2", region, "describe_rules", "Rules", ListenerArn=listeners(region)[443]["ListenerArn"])
        rules = sorted((item for item in rules if not item["IsDefault"]), key=lambda rule: int(rule["Priority"]))
        paths = [
            (rule["Actions"][0]["Type"], path)
            for rule in rules
            for condition in rule["Conditions"]
            for path in condition.get("PathPatternConfig", condition)["Values"]
        ]
        self.assertEqual(set(paths[:2]), {("fixed-response", "/metrics"), ("fixed-response", "/metrics/*")})
        self.assertGreater(len(paths), 20)
        for action, path in paths[2:]:
            self.assertEqual(action, "forward", path)
            self.assertTrue(path.startswith("/v1/") or path in ("/health", "/health/deep"), path)

    @in_each_region
    def test_each_service_that_is_called_has_a_group_for_the_old_and_one_for_the_new_version(self, region):
        groups = every("elbv2", region, "describe_target_groups", "TargetGroups")
        self.assertEqual(
            {item["TargetGroupName"] for item in groups},
            {f"{NAME}-{service}-{colour}" for service in ("product", "order") for colour in ("blue", "green")},
        )
        for group in groups:
            self.assertEqual((group["HealthCheckPath"], group["TargetType"], group["Port"]), ("/health/ready", "ip", 8080))

    @in_each_region
    def test_they_are_protected_strict_and_logged(self, region):
        told = ask("elbv2", region).describe_load_balancer_attributes(LoadBalancerArn=balancer(region))["Attributes"]
        told = {item["Key"]: item["Value"] for item in told}
        for name, value in {
            "deletion_protection.enabled": "true",
            "access_logs.s3.enabled": "true",
            "routing.http.desync_mitigation_mode": "strictest",
            "routing.http.drop_invalid_header_fields.enabled": "true",
            "idle_timeout.timeout_seconds": "60",
        }.items():
            self.assertEqual(told.get(name), value, name)

    @in_each_region
    def test_only_cloudfront_is_admitted(self, region):
        (found,) = every("elbv2", region, "describe_load_balancers", "LoadBalancers")
        for group in every("ec2", region, "describe_security_groups", "SecurityGroups", GroupIds=found["SecurityGroups"]):
            for permission in group["IpPermissions"]:
                self.assertEqual((permission["IpRanges"], permission.get("Ipv6Ranges", [])), ([], []))
                self.assertEqual(len(permission["PrefixListIds"]), 1)

    @in_each_region
    def test_a_web_acl_stands_before_each(self, region):
        acl = ask("wafv2", region).get_web_acl_for_resource(ResourceArn=balancer(region))["WebACL"]
        names = [rule["Name"] for rule in sorted(acl["Rules"], key=lambda rule: rule["Priority"])]
        self.assertEqual(names[:3], ["only-our-cloudfront", "admin-from-known-addresses", "rate"])
        self.assertIn("AWSManagedRulesCommonRuleSet", names)


class Edge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (summary,) = ask("cloudfront").list_distributions()["DistributionList"]["Items"]
        cls.id = summary["Id"]
        cls.config = ask("cloudfront").get_distribution(Id=cls.id)["Distribution"]["DistributionConfig"]
        cls.behaviours = {item["PathPattern"]: item for item in cls.config["CacheBehaviors"]["Items"]}

    def test_the_shops_name_is_served_over_http_3_and_tls_1_2(self):
        self.assertEqual(self.config["Aliases"]["Items"], [DOMAIN])
        self.assertEqual(self.config["HttpVersion"], "http2and3")
        self.assertEqual(self.config["ViewerCertificate"]["MinimumProtocolVersion"], "TLSv1.2_2021")
        self.assertIn(":us-east-1:", self.config["ViewerCertificate"]["ACMCertificateArn"])
        self.assertIn("/webacl/", self.config["WebACLId"])

    def test_catalogue_pages_are_kept_a_minute_by_path_query_and_encoding_and_never_by_who_asks(self):
        for path in ("/v1/products", "/v1/products/*", "/v1/search", "/v1/categories", "/v1/categories/*"):
            behaviour = self.behaviours[path]
            self.assertEqual(
                (behaviour["TargetOriginId"], set(behaviour["AllowedMethods"]["Items"])), ("nearest", {"GET", "HEAD", "OPTIONS"})
            )
            policy = ask("cloudfront").get_cache_policy(Id=behaviour["CachePolicyId"])["CachePolicy"]["CachePolicyConfig"]
            key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
            self.assertEqual((policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]), (0, 60, 60))
            self.assertEqual((key["HeadersConfig"]["HeaderBehavior"], key["CookiesConfig"]["CookieBehavior"]), ("none", "none"))
            sent = ask("cloudfront").get_origin_request_policy(Id=behaviour["OriginRequestPolicyId"])["OriginRequestPolicy"]
            self.assertEqual(sent["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]["Items"], ["shop-origin-secret"])

    def test_everything_else_goes_to_where_it_is_written_and_is_not_kept(self):
        default = self.config["DefaultCacheBehavior"]
        self.assertEqual(default["TargetOriginId"], "writer")
        self.assertEqual(default["CachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
        self.assertIn("POST", default["AllowedMethods"]["Items"])
        self.assertFalse([path for path in self.behaviours if "cart" in path or "order" in path or "admin" in path])

    def test_the_origin_secret_is_added_on_all_ways_to_a_load_balancer(self):
        for behaviour in [self.config["DefaultCacheBehavior"], *self.behaviours.values()]:
            functions = [item["EventType"] for item in behaviour["FunctionAssociations"].get("Items", [])]
            self.assertEqual(functions, [] if behaviour["TargetOriginId"] == "media" else ["viewer-request"])

    def test_media_are_signed_for_and_load_balancers_called_over_tls(self):
        for origin in self.config["Origins"]["Items"]:
            if origin["Id"] == "media":
                control = ask("cloudfront").get_origin_access_control(Id=origin["OriginAccessControlId"])["OriginAccessControl"]
                self.assertEqual(control["OriginAccessControlConfig"]["SigningBehavior"], "always")
            else:
                self.assertEqual(origin["CustomOriginConfig"]["OriginProtocolPolicy"], "https-only")
                self.assertFalse(origin["CustomHeaders"].get("Items"), "a header would put the secret into the state")

    def test_a_web_acl_with_rate_and_managed_rules_stands_before_it(self):
        acls = every("wafv2", PRIMARY, "list_web_acls", "WebACLs", Scope="CLOUDFRONT")
        self.assertEqual([acl["ARN"] for acl in acls], [self.config["WebACLId"]])
        rules = ask("wafv2").get_web_acl(Name=acls[0]["Name"], Id=acls[0]["Id"], Scope="CLOUDFRONT")["WebACL"]["Rules"]
        self.assertTrue(any("RateBasedStatement" in rule["Statement"] for rule in rules))
        self.assertTrue({"AWSManagedRulesCommonRuleSet", "AWSManagedRulesSQLiRuleSet"} <= {rule["Name"] for rule in rules})


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (zone,) = every("route53", PRIMARY, "list_hosted_zones", "HostedZones")
        cls.records = every("route53", PRIMARY, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"])
        cls.balancers = {
            region: every("elbv2", region, "describe_load_balancers", "LoadBalancers")[0]["DNSName"] for region in REGIONS
        }

    def at(self, name, kind="A"):
        return [item for item in self.records if item["Name"] == f"{name}." and item["Type"] == kind]

    def test_the_shop_is_at_cloudfront_for_ipv4_and_ipv6(self):
        (distribution,) = ask("cloudfront").list_distributions()["DistributionList"]["Items"]
        for kind in ("A", "AAAA"):
            (record,) = self.at(DOMAIN, kind)
            self.assertEqual(record["AliasTarget"]["DNSName"].rstrip("."), distribution["DomainName"])

    def test_the_nearest_healthy_region_answers_for_the_origin(self):
        records = {item["Region"]: item for item in self.at(f"origin.{DOMAIN}")}
        checks = {
            item["Id"]: item["HealthCheckConfig"] for item in every("route53", PRIMARY, "list_health_checks", "HealthChecks")
        }
        self.assertEqual(records.keys(), set(REGIONS))
        for region, record in records.items():
            self.assertIn(self.balancers[region].lower(), record["AliasTarget"]["DNSName"].lower())
            check = checks[record["HealthCheckId"]]
            self.assertEqual(
                (check["ResourcePath"], check["RequestInterval"], check["FailureThreshold"]), (f"/health/deep/{region}", 10, 3)
            )

    def test_the_writer_and_each_region_have_a_name_that_does_not_move_by_itself(self):
        for name, region in (
            (f"writer.origin.{DOMAIN}", PRIMARY),
            *((f"{region}.origin.{DOMAIN}", region) for region in REGIONS),
        ):
            (record,) = self.at(name)
            self.assertIn(self.balancers[region].lower(), record["AliasTarget"]["DNSName"].lower())
            self.assertNotIn("HealthCheckId", record)


class Certificates(unittest.TestCase):
    def test_every_name_that_is_called_is_in_a_certificate_of_its_region(self):
        expected = {region: {f"{prefix}origin.{DOMAIN}" for prefix in ("", "writer.", f"{region}.")} for region in REGIONS}
        expected[PRIMARY] = expected[PRIMARY] | {DOMAIN}
        for region in REGIONS:
            with self.subTest(region=region):
                names = set()
                for item in every("acm", region, "list_certificates", "CertificateSummaryList"):
                    told = ask("acm", region).describe_certificate(CertificateArn=item["CertificateArn"])["Certificate"]
                    names |= {told["DomainName"], *told.get("SubjectAlternativeNames", [])}
                self.assertEqual(names, expected[region], json.dumps(sorted(names)))
