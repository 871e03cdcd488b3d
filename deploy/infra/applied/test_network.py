"""The networks of both regions, and what leads from where to where."""

import ipaddress
import unittest

from places import CIDRS, NAME, PRIMARY, SECONDARY, ask, every, in_each_region, network, networks, of_network, tags_of

TIERS = {"public": (1, 2, 3), "app": (10, 11, 12), "data": (20, 21, 22)}


def routes_of(region, subnet):
    (table,) = every(
        "ec2", region, "describe_route_tables", "RouteTables", Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )
    return {route["DestinationCidrBlock"]: route for route in table["Routes"] if "DestinationCidrBlock" in route}


class Networks(unittest.TestCase):
    def subnets(self, region):
        tiers = {}
        for subnet in of_network(region, "describe_subnets", "Subnets"):
            tiers.setdefault(tags_of(subnet)["Tier"], []).append(subnet)
        return tiers

    @in_each_region
    def test_each_region_has_one_network_with_a_range_of_its_own(self, region):
        self.assertEqual([item["CidrBlock"] for item in networks(region)], [CIDRS[region]])

    @in_each_region
    def test_three_tiers_lie_at_their_places_over_three_zones(self, region):
        tiers = self.subnets(region)
        self.assertEqual(tiers.keys(), TIERS.keys())
        for tier, thirds in TIERS.items():
            start = CIDRS[region].removesuffix(".0.0/16")
            self.assertEqual({item["CidrBlock"] for item in tiers[tier]}, {f"{start}.{third}.0/24" for third in thirds})
            self.assertEqual(len({item["AvailabilityZone"] for item in tiers[tier]}), 3)
            self.assertFalse(any(item["MapPublicIpOnLaunch"] for item in tiers[tier]))

    @in_each_region
    def test_nothing_leads_from_the_data_tier_to_the_internet(self, region):
        for subnet in self.subnets(region)["data"]:
            for destination, route in routes_of(region, subnet["SubnetId"]).items():
                self.assertTrue(ipaddress.ip_network(destination).subnet_of(ipaddress.ip_network("10.0.0.0/8")), destination)
                self.assertFalse(route.get("NatGatewayId") or route.get("GatewayId", "local") != "local", route)

    @in_each_region
    def test_the_app_tier_leaves_by_the_gateway_of_its_own_zone(self, region):
        gateways = {item["NatGatewayId"]: item["SubnetId"] for item in of_network(region, "describe_nat_gateways", "NatGateways")}
        zone_of = {item["SubnetId"]: item["AvailabilityZone"] for item in of_network(region, "describe_subnets", "Subnets")}
        self.assertEqual(len(gateways), 3)
        for subnet in self.subnets(region)["app"]:
            way_out = routes_of(region, subnet["SubnetId"])["0.0.0.0/0"]
            self.assertEqual(zone_of[gateways[way_out["NatGatewayId"]]], subnet["AvailabilityZone"])

    @in_each_region
    def test_only_the_public_tier_is_reached_from_the_internet(self, region):
        for tier, subnets in self.subnets(region).items():
            for subnet in subnets:
                target = routes_of(region, subnet["SubnetId"]).get("0.0.0.0/0", {}).get("GatewayId", "")
                self.assertEqual(target.startswith("igw-"), tier == "public", (tier, target))

    def test_the_regions_reach_each_other_over_the_peering_alone(self):
        peerings = every("ec2", PRIMARY, "describe_transit_gateway_peering_attachments", "TransitGatewayPeeringAttachments")
        peerings = [item for item in peerings if "AccepterTgwInfo" in item]
        self.assertEqual([item["AccepterTgwInfo"]["Region"] for item in peerings], [SECONDARY])
        self.assertEqual([item["State"] for item in peerings], ["available"])
        for region, other in ((PRIMARY, SECONDARY), (SECONDARY, PRIMARY)):
            with self.subTest(region=region):
                (gateway,) = every("ec2", region, "describe_transit_gateways", "TransitGateways")
                tiers = self.subnets(region)
                for tier in ("app", "data"):
                    for subnet in tiers[tier]:
                        self.assertEqual(
                            routes_of(region, subnet["SubnetId"])[CIDRS[other]]["TransitGatewayId"], gateway["TransitGatewayId"]
                        )
                for subnet in tiers["public"]:
                    self.assertNotIn(CIDRS[other], routes_of(region, subnet["SubnetId"]))
                tables = every("ec2", region, "describe_transit_gateway_route_tables", "TransitGatewayRouteTables")
                (table,) = [item for item in tables if tags_of(item).get("Name") == NAME]
                known = ask("ec2", region).search_transit_gateway_routes(
                    TransitGatewayRouteTableId=table["TransitGatewayRouteTableId"],
                    Filters=[{"Name": "type", "Values": ["static"]}],
                )
                self.assertEqual({item["DestinationCidrBlock"] for item in known["Routes"]}, set(CIDRS.values()))

    @in_each_region
    def test_the_data_tier_admits_its_own_app_tier_and_the_other_regions_to_the_database(self, region):
        (acl,) = [
            item
            for item in of_network(region, "describe_network_acls", "NetworkAcls")
            if tags_of(item).get("Name") == f"{NAME}-data"
        ]
        admitted = {}
        for entry in acl["Entries"]:
            if not entry["Egress"] and entry["RuleAction"] == "allow":
                admitted.setdefault(entry["PortRange"]["From"], set()).add(entry["CidrBlock"])
        app = {where: {f"{cidr.removesuffix('.0.0/16')}.{third}.0/24" for third in TIERS["app"]} for where, cidr in CIDRS.items()}
        self.assertEqual(admitted, {5432: app[PRIMARY] | app[SECONDARY], 6379: app[region]})

    @in_each_region
    def test_flows_are_logged_and_aws_is_reached_without_leaving_the_network(self, region):
        (flow,) = every("ec2", region, "describe_flow_logs", "FlowLogs")
        self.assertEqual((flow["ResourceId"], flow["TrafficType"]), (network(region), "ALL"))
        endpoints = {
            item["ServiceName"].removeprefix(f"com.amazonaws.{region}."): item["VpcEndpointType"]
            for item in of_network(region, "describe_vpc_endpoints", "VpcEndpoints")
        }
        self.assertEqual(
            endpoints, {"s3": "Gateway"} | dict.fromkeys(("ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"), "Interface")
        )

    @in_each_region
    def test_the_default_security_group_admits_nothing(self, region):
        (group,) = [
            item for item in of_network(region, "describe_security_groups", "SecurityGroups") if item["GroupName"] == "default"
        ]
        self.assertEqual((group["IpPermissions"], group["IpPermissionsEgress"]), ([], []))
