"""Where production is, and how it is asked."""

import functools

import boto3

NAME = "shop-prod"
PRIMARY, SECONDARY = "us-east-1", "eu-west-1"
REGIONS = (PRIMARY, SECONDARY)
CIDRS = {PRIMARY: "10.1.0.0/16", SECONDARY: "10.2.0.0/16"}


@functools.cache
def ask(service, region=PRIMARY):
    return boto3.client(service, region_name=region)


def every(service, region, operation, key, **arguments):
    """All items, over as many pages as there are."""
    client = ask(service, region)
    if client.can_paginate(operation):
        return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page[key]]
    return getattr(client, operation)(**arguments)[key]


def networks(region):
    return [network for network in every("ec2", region, "describe_vpcs", "Vpcs") if not network["IsDefault"]]


def network(region):
    (found,) = networks(region)
    return found["VpcId"]


def of_network(region, operation, key):
    return every("ec2", region, operation, key, Filters=[{"Name": "vpc-id", "Values": [network(region)]}])


def tags_of(item):
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}


def in_each_region(test):
    """A test of a region, for both."""

    @functools.wraps(test)
    def for_both(self):
        for region in REGIONS:
            with self.subTest(region=region):
                test(self, region)

    return for_both
