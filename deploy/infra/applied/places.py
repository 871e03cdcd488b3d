"""Where production and the pipeline are, and how they are asked."""

import functools

import boto3

NAME = "shop-prod"
PRIMARY, SECONDARY = "us-east-1", "eu-west-1"
REGIONS = (PRIMARY, SECONDARY)
CIDRS = {PRIMARY: "10.1.0.0/16", SECONDARY: "10.2.0.0/16"}


# As deploy/terraform/environments/pipeline has it; production is in the account that the stand-in takes everybody for.
PIPELINE = "444444444444"


@functools.cache
def session(account):
    """In the given account, None being production's: the stand-in takes who takes on a role there to it."""
    if account is None:
        return boto3.Session()
    role = f"arn:aws:iam::{account}:role/rehearsal"
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="asks")["Credentials"]
    return boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@functools.cache
def ask(service, region=PRIMARY, account=None):
    return session(account).client(service, region_name=region)


def every(service, region, operation, key, *, account=None, **arguments):
    """All items, over as many pages as there are."""
    client = ask(service, region, account)
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
