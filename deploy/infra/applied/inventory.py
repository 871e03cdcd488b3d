"""Writes what there is, by account and kind, in both regions, to the given file: compared before an apply and after a destroy.

    inventory.py FILE.json

Left out is what AWS keeps on purpose: keys and secrets that wait for their deletion, and revisions of task definitions, which
Terraform keeps (skip_destroy), since a service may still go back to one.
"""

import json
import sys

from places import PIPELINE, REGIONS, ask, every

# Service, operation, where the answer has them, what names one; of one region where the service is everywhere at once.
REGIONAL = [
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("ec2", "describe_addresses", "Addresses", "AllocationId"),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("ec2", "describe_transit_gateways", "TransitGateways", "TransitGatewayId"),
    ("ec2", "describe_transit_gateway_attachments", "TransitGatewayAttachments", "TransitGatewayAttachmentId"),
    ("ec2", "describe_transit_gateway_route_tables", "TransitGatewayRouteTables", "TransitGatewayRouteTableId"),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    ("rds", "describe_db_clusters", "DBClusters", "DBClusterIdentifier"),
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    ("rds", "describe_global_clusters", "GlobalClusters", "GlobalClusterIdentifier"),
    ("rds", "describe_db_cluster_snapshots", "DBClusterSnapshots", "DBClusterSnapshotIdentifier"),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    ("elasticache", "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"),
    ("elasticache", "describe_users", "Users", "UserId"),
    ("elasticache", "describe_user_groups", "UserGroups", "UserGroupId"),
    ("elasticache", "describe_cache_parameter_groups", "CacheParameterGroups", "CacheParameterGroupName"),
    ("elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups", "CacheSubnetGroupName"),
    ("ecs", "list_clusters", "clusterArns", None),
    ("codedeploy", "list_applications", "applications", None),
    ("application-autoscaling", "describe_scalable_targets", "ScalableTargets", "ResourceId"),
    ("acm", "list_certificates", "CertificateSummaryList", "DomainName"),
    ("secretsmanager", "list_secrets", "SecretList", "Name"),
    ("ssm", "describe_parameters", "Parameters", "Name"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("config", "describe_config_rules", "ConfigRules", "ConfigRuleName"),
    ("cloudtrail", "describe_trails", "trailList", "Name"),
    ("config", "describe_configuration_recorders", "ConfigurationRecorders", "name"),
    ("guardduty", "list_detectors", "DetectorIds", None),
    ("amp", "list_workspaces", "workspaces", "alias"),
    ("grafana", "list_workspaces", "workspaces", "name"),
    ("ecr", "describe_repositories", "repositories", "repositoryName"),
    ("codepipeline", "list_pipelines", "pipelines", "name"),
    ("codebuild", "list_projects", "projects", None),
    ("codestar-connections", "list_connections", "Connections", "ConnectionName"),
]
EVERYWHERE = [
    ("s3", "list_buckets", "Buckets", "Name"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("route53", "list_hosted_zones", "HostedZones", "Id"),
    ("route53", "list_health_checks", "HealthChecks", "Id"),
    ("budgets", "describe_budgets", "Budgets", "BudgetName"),
]
CLOUDFRONT = [
    "distribution",
    "function",
    "key_value_store",
    "origin_access_control",
    "cache_policy",
    "origin_request_policy",
    "response_headers_policy",
]


def inventory(account):
    found = {}
    for service, operation, key, name in REGIONAL:
        for region in REGIONS:
            arguments = {"ServiceNamespace": "ecs"} if service == "application-autoscaling" else {}
            items = every(service, region, operation, key, account=account, **arguments)
            found[f"{region} {service} {key}"] = (
                [item[name] if name else item for item in items if item.get("State") != "deleted"] if name else items
            )
    for service, operation, key, name in EVERYWHERE:
        arguments = {"AccountId": account or "123456789012"} if service == "budgets" else {}
        items = every(service, REGIONS[0], operation, key, account=account, **arguments)
        found[f"{service} {key}"] = [item[name] for item in items]
    for region in REGIONS:
        waf = ask("wafv2", region, account)
        for scope in ("REGIONAL", "CLOUDFRONT") if region == REGIONS[0] else ("REGIONAL",):
            for kind, key in (("web_acls", "WebACLs"), ("ip_sets", "IPSets"), ("regex_pattern_sets", "RegexPatternSets")):
                found[f"{region} {scope} {kind}"] = [item["Name"] for item in getattr(waf, f"list_{kind}")(Scope=scope)[key]]
        kms = ask("kms", region, account)
        keys = every("kms", region, "list_keys", "Keys", account=account)
        keys = [kms.describe_key(KeyId=item["KeyId"])["KeyMetadata"] for item in keys]
        found[f"{region} keys"] = [
            key["KeyId"] for key in keys if key["KeyState"] == "Enabled" and key["KeyManager"] == "CUSTOMER"
        ]
        aliases = every("kms", region, "list_aliases", "Aliases", account=account)
        found[f"{region} aliases"] = [item["AliasName"] for item in aliases]
    for kind in CLOUDFRONT:
        plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
        (items,) = [
            value.get("Items") or []
            for key, value in getattr(ask("cloudfront", account=account), f"list_{plural}")().items()
            if key.endswith("List")
        ]
        found[f"cloudfront {kind}"] = [item.get("Name") or item.get("Id") or "one" for item in items]
    for zone in found["route53 HostedZones"]:
        records = every(
            "route53", REGIONS[0], "list_resource_record_sets", "ResourceRecordSets", account=account, HostedZoneId=zone
        )
        found["records"] = [f"{item['Name']} {item['Type']}" for item in records]
    return {kind: sorted(map(str, items)) for kind, items in found.items()}


with open(sys.argv[1], "w", encoding="utf-8") as stream:
    json.dump({"production": inventory(None), "pipeline": inventory(PIPELINE)}, stream, indent=1, sort_keys=True)
