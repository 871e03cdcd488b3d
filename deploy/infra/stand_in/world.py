"""Two regions of the shop, as far as deploy/infra/failover can see them: answers for AWS, and remembers what it was asked to change."""
import http.server
import json
import threading

ACCOUNT, ZONE, DOMAIN, NAME = "333333333333", "Z000000000000000PROD", "shop.example", "shop-prod"
REGIONS = ("us-east-1", "eu-west-1")
SERVICES = ("product", "order", "worker-product", "worker-order")
READS = ("describe-", "get-", "list-")


class Refused(Exception):
    """An error of the API: nothing was done."""


class World:
    """What stands before a failover; change it to have it otherwise. `on_…` are called when something is changed."""

    def __init__(self):
        self.account = ACCOUNT
        self.writer = REGIONS[0]
        self.globals = [f"{NAME}-shop"]
        self.members = list(REGIONS)
        self.global_status = "available"
        self.synchronised = "connected"
        self.cluster_status, self.instances = "available", 2
        self.behind = [180.0, 240.0]
        self.desired = {region: {name: 4 for name in SERVICES} for region in REGIONS}
        self.limits = {"product": (4, 40), "order": (4, 40), "worker-product": (2, 6), "worker-order": (2, 6)}
        self.target = REGIONS[0]
        self.unreachable = None
        self.never_promoted = False
        self.changes = []
        self.on_promotion = self.on_scale = self.on_route = lambda *_: None

    def call(self, service, operation, region, options):
        if region == self.unreachable:
            raise Refused(f'Could not connect to the endpoint URL: "https://{service}.{region}.amazonaws.com/"')
        if not operation.startswith(READS):
            self.changes.append((region, f"{service} {operation}", options))
        return getattr(self, operation.replace("-", "_"))(region, **{key.replace("-", "_"): values for key, values in options.items()})

    def changed(self):
        """The names of what was changed, in order, with the region."""
        return [f"{region} {what}" for region, what, _ in self.changes]

    # --- sts, rds, cloudwatch ---

    def get_caller_identity(self, _region):
        return {"UserId": "AIDA", "Account": self.account, "Arn": f"arn:aws:iam::{self.account}:user/on-call"}

    def arn(self, region, cluster):
        return f"arn:aws:rds:{region}:{ACCOUNT}:cluster:{cluster}"

    def describe_global_clusters(self, _region):
        return {"GlobalClusters": [{
            "GlobalClusterIdentifier": name, "Status": self.global_status, "Engine": "aurora-postgresql",
            "GlobalClusterMembers": [{"DBClusterArn": self.arn(region, name), "IsWriter": region == self.writer, "Readers": [],
                                      "SynchronizationStatus": self.synchronised} for region in self.members],
        } for name in self.globals]}

    def describe_db_clusters(self, _region, db_cluster_identifier):
        [name] = db_cluster_identifier
        return {"DBClusters": [{"DBClusterIdentifier": name, "Status": self.cluster_status,
                                "DBClusterMembers": [{"DBInstanceIdentifier": f"{name}-{number}", "IsClusterWriter": False}
                                                     for number in range(self.instances)]}]}

    def get_metric_statistics(self, _region, **_):
        # As CloudWatch does: in no order.
        points = [{"Timestamp": f"2026-01-01T00:0{minute}:00+00:00", "Maximum": value, "Unit": "Milliseconds"}
                  for minute, value in enumerate(self.behind)]
        return {"Label": "AuroraGlobalDBReplicationLag", "Datapoints": points[::-1]}

    def promote(self, region):
        if not self.never_promoted:
            self.on_promotion()
            self.writer = region
        return {"GlobalCluster": {"GlobalClusterIdentifier": self.globals[0], "Status": "failing-over"}}

    def failover_global_cluster(self, region, global_cluster_identifier, target_db_cluster_identifier, allow_data_loss):
        assert target_db_cluster_identifier == [self.arn(region, global_cluster_identifier[0])]
        return self.promote(region)

    def switchover_global_cluster(self, region, global_cluster_identifier, target_db_cluster_identifier):
        assert target_db_cluster_identifier == [self.arn(region, global_cluster_identifier[0])]
        return self.promote(region)

    # --- ecs, application-autoscaling ---

    def describe_services(self, region, cluster, services):
        found = [name for name in services if name in self.desired[region]] if cluster == [NAME] else []
        return {"services": [{"serviceName": name, "status": "ACTIVE", "desiredCount": self.desired[region][name],
                              "runningCount": self.desired[region][name]} for name in found],
                "failures": [{"arn": name, "reason": "MISSING"} for name in services if name not in found]}

    def update_service(self, region, cluster, service, desired_count):
        assert cluster == [NAME]
        self.desired[region][service[0]] = int(desired_count[0])
        self.on_scale(region, service[0], int(desired_count[0]))
        return {"service": {"serviceName": service[0], "desiredCount": int(desired_count[0])}}

    def describe_scalable_targets(self, _region, service_namespace, scalable_dimension, resource_ids):
        return {"ScalableTargets": [{"ServiceNamespace": service_namespace[0], "ResourceId": name, "ScalableDimension": scalable_dimension[0],
                                     "MinCapacity": self.limits[name.split("/")[2]][0], "MaxCapacity": self.limits[name.split("/")[2]][1]}
                                    for name in resource_ids if name.split("/")[2] in self.limits]}

    def register_scalable_target(self, _region, **_):
        return {}

    # --- route53 ---

    def alias(self, region):
        return {"HostedZoneId": "Z35SXDOTRQ7X7K", "DNSName": f"{NAME}.{region}.elb.amazonaws.com.", "EvaluateTargetHealth": False}

    def list_resource_record_sets(self, _region, hosted_zone_id, start_record_name, **_):
        names = {f"writer.origin.{DOMAIN}": self.target, **{f"{region}.origin.{DOMAIN}": region for region in REGIONS}}
        # The first one at or after the name: another one's, where there is none of this name.
        name = start_record_name[0] if start_record_name[0] in names else f"writer.origin.{DOMAIN}"
        return {"ResourceRecordSets": [{"Name": f"{name}.", "Type": "A", "AliasTarget": self.alias(names[name])}], "IsTruncated": False,
                "MaxItems": "1"}

    def change_resource_record_sets(self, _region, hosted_zone_id, change_batch):
        assert hosted_zone_id == [ZONE]
        [change] = json.loads(change_batch[0])["Changes"]
        assert change["Action"] == "UPSERT" and change["ResourceRecordSet"]["Name"] == f"writer.origin.{DOMAIN}"
        self.target = change["ResourceRecordSet"]["AliasTarget"]["DNSName"].split(".")[1]
        self.on_route(self.target)
        return {"ChangeInfo": {"Id": "/change/C1", "Status": "PENDING", "SubmittedAt": "2026-01-01T00:00:00+00:00"}}

    def get_change(self, _region, id):
        return {"ChangeInfo": {"Id": id[0], "Status": "INSYNC", "SubmittedAt": "2026-01-01T00:00:00+00:00"}}


class Answering:
    """Answers for a world over HTTP while it is open; `address` is what SHOP_STAND_IN is to be.

    With a `model` (model.py, which needs botocore) every command and answer is held to what AWS takes and gives.
    """

    def __init__(self, world, model=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                _, service, operation = self.path.split("/")
                try:
                    if model:
                        model.check_command(service, operation, asked["options"])
                    told = world.call(service, operation, asked["region"], asked["options"])
                    if model:
                        model.check_answer(service, operation, told)
                    status, told = 200, json.dumps(told)
                except Refused as refused:
                    status, told = 400, str(refused)
                except Exception as error:
                    # The command must see it fail, and whoever reads must see why.
                    status, told = 500, f"the stand-in: {type(error).__name__}: {error}"
                self.send_response(status)
                self.send_header("Content-Length", str(len(told.encode())))
                self.end_headers()
                self.wfile.write(told.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
