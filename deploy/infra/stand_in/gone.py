"""What AWS takes away by itself along with what is deleted, and moto leaves."""

from moto.cloudtrail.models import CloudTrailBackend
from moto.ec2.models.transit_gateway import TransitGatewayBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ecs.models import EC2ContainerServiceBackend
from moto.rds.models import RDSBackend


def add():
    delete_vpc = VPCBackend.delete_vpc

    def delete_vpc_and_its_acl(self, vpc_id):
        network = delete_vpc(self, vpc_id)
        for acl in [acl for acl in self.network_acls.values() if acl.vpc_id == vpc_id]:
            del self.network_acls[acl.id]
        return network

    VPCBackend.delete_vpc = delete_vpc_and_its_acl

    delete_gateway = TransitGatewayBackend.delete_transit_gateway

    def delete_gateway_and_its_table(self, transit_gateway_id):
        gateway = delete_gateway(self, transit_gateway_id)
        for table in self.transit_gateways_route_tables.values():
            if table.transit_gateway_id == transit_gateway_id:
                table.state = "deleted"
        return gateway

    TransitGatewayBackend.delete_transit_gateway = delete_gateway_and_its_table

    delete_trail = CloudTrailBackend.delete_trail
    # By its name or its ARN.
    CloudTrailBackend.delete_trail = lambda self, name: delete_trail(self, name.rsplit("/", 1)[-1])

    EC2ContainerServiceBackend.list_clusters = lambda self: [
        cluster.arn for cluster in self.clusters.values() if cluster.status == "ACTIVE"
    ]

    delete_database = RDSBackend.delete_db_cluster

    def delete_database_and_its_backups(self, cluster_identifier, snapshot_name=None):
        cluster = delete_database(self, cluster_identifier, snapshot_name)
        for name, snapshot in list(self.cluster_snapshots.items()):
            if snapshot.snapshot_type == "automated" and snapshot.cluster.db_cluster_identifier == cluster_identifier:
                del self.cluster_snapshots[name]
        return cluster

    RDSBackend.delete_db_cluster = delete_database_and_its_backups
