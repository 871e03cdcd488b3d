"""ElastiCache: parameter groups, groups of users, the nodes of a replication group, and that what is deleted is gone."""

from faults import NotThere
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

# By kind, region and name.
kept = {}


def of(self, kind):
    return kept.setdefault((kind, self.region), {})


def one(self, kind, name, code):
    if name not in of(self, kind):
        raise NotThere(code, f"There is no {kind} {name}.")
    return of(self, kind)[name]


def some(self, kind, name, code):
    return [one(self, kind, name, code)] if name else list(of(self, kind).values())


def arn(self, kind, name):
    return f"arn:aws:elasticache:{self.region}:{self.current_account}:{kind}:{name}"


class ParameterGroups:
    def create_cache_parameter_group(self):
        name = self._get_param("CacheParameterGroupName")
        group = {
            "CacheParameterGroupName": name,
            "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
            "Description": self._get_param("Description"),
            "IsGlobal": False,
            "ARN": arn(self, "parametergroup", name),
        }
        of(self, "parametergroup")[name] = group
        of(self, "parameters")[name] = {}
        self.elasticache_backend.tagging_service.tag_resource(group["ARN"], self._get_param("Tags", []))
        return ActionResult({"CacheParameterGroup": group})

    def describe_cache_parameter_groups(self):
        name = self._get_param("CacheParameterGroupName")
        return ActionResult({"CacheParameterGroups": some(self, "parametergroup", name, "CacheParameterGroupNotFound")})

    def describe_cache_parameters(self):
        set_ones = one(self, "parameters", self._get_param("CacheParameterGroupName"), "CacheParameterGroupNotFound")
        return ActionResult(
            {
                "Parameters": [
                    {"ParameterName": name, "ParameterValue": value, "Source": "user", "DataType": "string", "IsModifiable": True}
                    for name, value in set_ones.items()
                ]
            }
        )

    def modify_cache_parameter_group(self):
        name = self._get_param("CacheParameterGroupName")
        for parameter in self._get_param("ParameterNameValues", []):
            one(self, "parameters", name, "CacheParameterGroupNotFound")[parameter["ParameterName"]] = parameter["ParameterValue"]
        return ActionResult({"CacheParameterGroupName": name})

    def reset_cache_parameter_group(self):
        of(self, "parameters")[self._get_param("CacheParameterGroupName")] = {}
        return ActionResult({"CacheParameterGroupName": self._get_param("CacheParameterGroupName")})

    def delete_cache_parameter_group(self):
        for kind in ("parametergroup", "parameters"):
            of(self, kind).pop(self._get_param("CacheParameterGroupName"), None)
        return EmptyResult()


class UserGroups:
    def create_user_group(self):
        name = self._get_param("UserGroupId")
        group = {
            "UserGroupId": name,
            "Engine": self._get_param("Engine"),
            "Status": "active",
            "MinimumEngineVersion": "6.0",
            "UserIds": list(self._get_param("UserIds", [])),
            "ReplicationGroups": [],
            "ARN": arn(self, "usergroup", name),
        }
        of(self, "usergroup")[name] = group
        self.elasticache_backend.tagging_service.tag_resource(group["ARN"], self._get_param("Tags", []))
        return ActionResult(group)

    def describe_user_groups(self):
        return ActionResult({"UserGroups": some(self, "usergroup", self._get_param("UserGroupId"), "UserGroupNotFound")})

    def delete_user_group(self):
        group = one(self, "usergroup", self._get_param("UserGroupId"), "UserGroupNotFound")
        del of(self, "usergroup")[group["UserGroupId"]]
        return ActionResult({**group, "Status": "deleting"})


def nodes_of(self, group):
    """The nodes of a replication group, of which moto knows no more than the names."""
    security_groups = [{"SecurityGroupId": id, "Status": "active"} for id in group.security_group_ids or []]
    return [
        {
            "CacheClusterId": name,
            "ReplicationGroupId": group.replication_group_id,
            "CacheClusterStatus": "available",
            "Engine": group.engine,
            "EngineVersion": f"{group.engine_version}.0",
            "CacheNodeType": group.cache_node_type,
            "NumCacheNodes": 1,
            "AutoMinorVersionUpgrade": True,
            "CacheSubnetGroupName": group.cache_subnet_group_name,
            "CacheParameterGroup": {
                "CacheParameterGroupName": group.cache_parameter_group_name,
                "ParameterApplyStatus": "in-sync",
            },
            "SecurityGroups": security_groups,
            "SnapshotRetentionLimit": group.snapshot_retention_limit,
            "SnapshotWindow": group.snapshot_window,
            "PreferredMaintenanceWindow": group.preferred_maintenance_window,
            "AtRestEncryptionEnabled": group.at_rest_encryption_enabled,
            "TransitEncryptionEnabled": group.transit_encryption_enabled,
            "TransitEncryptionMode": group.transit_encryption_mode,
            "ARN": arn(self, "cluster", name),
        }
        for name in group.member_clusters
    ]


def add():
    for group in (ParameterGroups, UserGroups):
        for name, method in vars(group).items():
            if not name.startswith("_"):
                setattr(ElastiCacheResponse, name, method)

    describe = ElastiCacheResponse.describe_cache_clusters

    def describe_cache_clusters(self):
        name = self._get_param("CacheClusterId")
        nodes = [node for group in self.elasticache_backend.replication_groups.values() for node in nodes_of(self, group)]
        found = [node for node in nodes if name in (None, node["CacheClusterId"])]
        return ActionResult({"CacheClusters": found}) if found else describe(self)

    def delete_cache_subnet_group(self):
        self.elasticache_backend.cache_subnet_groups.pop(self._get_param("CacheSubnetGroupName"), None)
        return EmptyResult()

    ElastiCacheResponse.describe_cache_clusters = describe_cache_clusters
    ElastiCacheResponse.delete_cache_subnet_group = delete_cache_subnet_group

    # Groups of both kinds have tags as the others have.
    tags_of = ElastiCacheBackend.list_tags_for_resource

    def list_tags_for_resource(self, arn):
        if ":parametergroup:" in arn or ":usergroup:" in arn:
            return self.tagging_service.list_tags_for_resource(arn)
        return tags_of(self, arn)

    ElastiCacheBackend.list_tags_for_resource = list_tags_for_resource

    create = ElastiCacheBackend.create_replication_group

    def create_replication_group(self, **asked):
        # Moto counts replicas and not nodes.
        asked["replicas_per_node_group"] = asked["replicas_per_node_group"] or (asked["num_cache_clusters"] or 1) - 1
        return create(self, **asked)

    ElastiCacheBackend.create_replication_group = create_replication_group

    delete = ElastiCacheBackend.delete_replication_group

    def delete_replication_group(self, replication_group_id, retain_primary_cluster):
        group = delete(self, replication_group_id, retain_primary_cluster)
        del self.replication_groups[replication_group_id]
        return group

    ElastiCacheBackend.delete_replication_group = delete_replication_group
