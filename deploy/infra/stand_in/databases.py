"""Aurora: an instance's settings as they were asked for; a global database that can be tagged and let go of; a cluster that is deleted leaves it."""

from moto.core.responses import ActionResult
from moto.rds.models import RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

# What moto drops of an instance, and by which name its answer has it.
DROPPED = {
    "CACertificateIdentifier": "ca_certificate_identifier",
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "PerformanceInsightsRetentionPeriod": "performance_insights_retention_period",
    "PromotionTier": "promotion_tier",
}


def add():
    create = RDSResponse.create_db_instance

    def create_db_instance(self):
        answer = create(self)
        for given, kept in DROPPED.items():
            if (value := self._get_param(given)) is not None:
                setattr(answer.result["DBInstance"], kept, value)
        return answer

    RDSResponse.create_db_instance = create_db_instance

    create_global = RDSResponse.create_global_cluster

    def create_global_cluster(self):
        answer = create_global(self)
        database = answer.result["GlobalCluster"]
        database.database_name = self._get_param("DatabaseName")
        database.add_tags(self._get_param("Tags", []))
        return answer

    RDSResponse.create_global_cluster = create_global_cluster

    def modify_global_cluster(self):
        database = self.global_backend.global_clusters[self._get_param("GlobalClusterIdentifier")]
        if (protected := self._get_param("DeletionProtection")) is not None:
            database.deletion_protection = protected
        return ActionResult({"GlobalCluster": database})

    RDSResponse.modify_global_cluster = modify_global_cluster

    tagged = RDSBackend._get_resource_for_tagging

    def _get_resource_for_tagging(self, arn):
        # Moto keeps them with its first region.
        databases = rds_backends[self.account_id]["us-east-1"].global_clusters.values()
        return next((database for database in databases if database.arn == arn), None) or tagged(self, arn)

    RDSBackend._get_resource_for_tagging = _get_resource_for_tagging

    delete = RDSBackend.delete_db_cluster

    def delete_db_cluster(self, cluster_identifier, snapshot_name=None):
        cluster = delete(self, cluster_identifier, snapshot_name)
        for backend in rds_backends[self.account_id].values():
            for database in backend.global_clusters.values():
                database.members[:] = [member for member in database.members if member.db_cluster_arn != cluster.db_cluster_arn]
        return cluster

    RDSBackend.delete_db_cluster = delete_db_cluster
