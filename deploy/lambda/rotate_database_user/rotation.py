"""Rotates the secret of a database user, by turns between two users, so that two are valid at any time.

Secrets Manager calls `handler` four times. The user that is in use keeps its password; the other one gets a new password, and the
secret then names that one. Tasks read secrets only when they start, so success starts the services anew; until the last old task has
ended, and until the next rotation after that, the user before is still let in: no request is lost. Tasks of another region read the
copy of the secret there, so its services follow once that copy has the new version.

The first rotation makes what is not there yet: the database, the group that owns what users may do, and the users in it. The secret
says what it is about as JSON, which Terraform writes without a password:

    {"host": …, "port": 5432, "dbname": "shop_order", "kind": "service" or "owner", "master_secret": ARN}

and the rotation adds username, password and url, which is what task definitions hand to the program. With "read_hosts": {REGION: HOST}
it adds a read_url_REGION for each, too: where the tasks of that region read the catalogue.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import ssl
import time
import urllib.parse

import boto3
import pg8000.native

NAME = re.compile(r"^[a-z][a-z0-9_]{0,50}$")
SCHEMAS = ("catalogue", "sales", "account")
SCRAM_ITERATIONS = 4096
# Secrets Manager copies within seconds; the function itself has three minutes.
COPY_SECONDS = 120


def handler(event, _context):
    """What Lambda calls, with Step, SecretId and ClientRequestToken."""
    rotation = Rotation(boto3.client("secretsmanager"), connect)
    rotation.run(event["Step"], event["SecretId"], event["ClientRequestToken"])
    if event["Step"] == "finishSecret":
        services = services_of(event["SecretId"], json.loads(os.environ["SERVICES"]))
        start_services_anew(event["SecretId"], event["ClientRequestToken"], services, boto3.client)


def connect(host, port, database, user, password):
    """One connection over TLS whose certificate is checked, as the program's own are."""
    context = ssl.create_default_context(cafile=os.environ.get("DATABASE_CA_FILE"))
    return pg8000.native.Connection(
        user, host=host, port=port, database=database, password=password, ssl_context=context, timeout=10
    )


class Rotation:
    """The four steps. `connect(host, port, database, user, password)` gives a pg8000 connection."""

    def __init__(self, secrets_manager, connect):
        self.secrets_manager = secrets_manager
        self.connect = connect

    def run(self, step, secret, token):
        description = self.secrets_manager.describe_secret(SecretId=secret)
        stages = description["VersionIdsToStages"].get(token)
        if stages is None:
            raise ValueError(f"version {token} is none of {secret}")
        if "AWSCURRENT" in stages:
            return
        if "AWSPENDING" not in stages:
            raise ValueError(f"version {token} of {secret} is not pending")
        steps = {
            "createSecret": self.create,
            "setSecret": self.set,
            "testSecret": self.test,
            "finishSecret": lambda secret, token: self.finish(secret, token, description),
        }
        steps[step](secret, token)

    def create(self, secret, token):
        """The other user, with a new password, as the pending version. Called again, it changes nothing."""
        try:
            self.value(secret, VersionId=token, VersionStage="AWSPENDING")
            return
        except self.secrets_manager.exceptions.ResourceNotFoundException:
            pass
        current = self.value(secret, VersionStage="AWSCURRENT")
        first, second = users_of(current)
        user = second if current.get("username") == first else first
        password = secrets.token_urlsafe(36)
        pending = {**current, "username": user, "password": password, "url": url_of(current, user, password)}
        for region, host in current.get("read_hosts", {}).items():
            pending[f"read_url_{region}"] = url_of({**current, "host": host}, user, password)
        self.secrets_manager.put_secret_value(
            SecretId=secret, ClientRequestToken=token, SecretString=json.dumps(pending), VersionStages=["AWSPENDING"]
        )

    def set(self, secret, token):
        """Gives the user in the database what the pending version says. The user in use is not touched."""
        pending = self.value(secret, VersionId=token, VersionStage="AWSPENDING")
        current = self.value(secret, VersionStage="AWSCURRENT")
        if pending["username"] == current.get("username"):
            raise ValueError("the pending user is the one in use")
        master = self.value(pending["master_secret"], VersionStage="AWSCURRENT")
        database = checked(pending["dbname"])
        with closing(self.connect(pending["host"], pending["port"], "postgres", master["username"], master["password"])) as connection:
            make_users(connection, pending)
            if not connection.run("SELECT 1 FROM pg_database WHERE datname = :name", name=database):
                connection.run(f"CREATE DATABASE {database}")
            connection.run(f"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC")
            for kind in ("owner", "service"):
                connection.run(f"GRANT CONNECT ON DATABASE {database} TO {group_of(pending, kind)}")
            connection.run(f"GRANT CREATE ON DATABASE {database} TO {group_of(pending, 'owner')}")
        with closing(self.connect(pending["host"], pending["port"], database, master["username"], master["password"])) as connection:
            grant(connection, pending)

    def test(self, secret, token):
        """The pending version signs in, as who it says, and may do what its kind may."""
        pending = self.value(secret, VersionId=token, VersionStage="AWSPENDING")
        connection = self.connect(pending["host"], pending["port"], pending["dbname"], pending["username"], pending["password"])
        with closing(connection):
            [[session, group]] = connection.run("SELECT session_user::text, pg_has_role(session_user, :group, 'MEMBER')", group=group_of(pending))
        if session != pending["username"] or not group:
            raise ValueError(f"{pending['username']} signs in as {session} and may not do what its group may")

    def finish(self, secret, token, description):
        """From here on the pending version is what tasks read."""
        before = next((version for version, stages in description["VersionIdsToStages"].items() if "AWSCURRENT" in stages), None)
        self.secrets_manager.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=before
        )

    def value(self, secret, **version):
        return json.loads(self.secrets_manager.get_secret_value(SecretId=secret, **version)["SecretString"])


class closing:
    """Closes a connection whatever happens."""

    def __init__(self, connection):
        self.connection = connection

    def __enter__(self):
        return self.connection

    def __exit__(self, *_):
        self.connection.close()


def checked(name):
    """A name that needs no quotes: it stands in statements that take no parameters."""
    if not NAME.match(name):
        raise ValueError(f"{name!r} is no name of a database, group or user")
    return name


def group_of(secret, kind=None):
    kind = kind or secret["kind"]
    if kind not in ("service", "owner"):
        raise ValueError(f"kind is {kind!r}: service or owner")
    return checked(f"{secret['dbname']}_{kind}")


def users_of(secret):
    return (f"{group_of(secret)}_a", f"{group_of(secret)}_b")


def url_of(secret, user, password):
    authority = f"{user}:{urllib.parse.quote(password, safe='')}@{secret['host']}:{secret['port']}"
    return f"postgresql://{authority}/{secret['dbname']}?{secret.get('parameters', 'sslmode=verify-full')}"


def verifier(password):
    """SCRAM-SHA-256 (RFC 5802): with it the password itself is in no statement and in no log."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, SCRAM_ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${SCRAM_ITERATIONS}:{encoded[0]}${encoded[1]}:{encoded[2]}"


def make_users(connection, secret):
    for group in (group_of(secret, "owner"), group_of(secret, "service")):
        if not connection.run("SELECT 1 FROM pg_roles WHERE rolname = :name", name=group):
            connection.run(f"CREATE ROLE {group} NOLOGIN")
    # The master is no superuser on Aurora: it must be in the group to hand out what is the group's.
    connection.run(f"GRANT {group_of(secret, 'owner')} TO CURRENT_USER")
    user = checked(secret["username"])
    if not connection.run("SELECT 1 FROM pg_roles WHERE rolname = :name", name=user):
        connection.run(f"CREATE ROLE {user} LOGIN INHERIT IN ROLE {group_of(secret)}")
    connection.run(f"ALTER ROLE {user} LOGIN PASSWORD '{verifier(secret['password'])}'")
    if secret["kind"] == "owner":
        # Whichever of the two migrates, what is made belongs to both.
        connection.run(f"ALTER ROLE {user} SET role = '{group_of(secret)}'")


def grant(connection, secret):
    """What the services may do with what the owner makes, now and later: read and write rows, nothing else."""
    owner, service = group_of(secret, "owner"), group_of(secret, "service")
    connection.run(f"GRANT CREATE, USAGE ON SCHEMA public TO {owner}")
    later = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner}"
    connection.run(f"GRANT USAGE ON SCHEMA public TO {service}")
    connection.run(f"{later} GRANT USAGE ON SCHEMAS TO {service}")
    connection.run(f"{later} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {service}")
    connection.run(f"{later} GRANT USAGE, SELECT ON SEQUENCES TO {service}")
    connection.run(f"{later} GRANT EXECUTE ON FUNCTIONS TO {service}")
    there = connection.run("SELECT nspname FROM pg_namespace WHERE nspname = ANY(:names)", names=["public", *SCHEMAS])
    for [schema] in there:
        connection.run(f"GRANT USAGE ON SCHEMA {schema} TO {service}")
        connection.run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {service}")
        connection.run(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {service}")
        connection.run(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {service}")


def services_of(secret, services):
    """The services that read a secret, whose ARN ends in its name and six characters that AWS makes up."""
    return services.get(re.sub(r"^arn:aws:secretsmanager:[^:]+:\d+:secret:(.+)-\w{6}$", r"\1", secret), [])


def start_services_anew(secret, version, services, client, sleep=time.sleep):
    """New tasks in every region, that of the secret first. What fails in one place is told once all others are done.

    `client(name, region_name=…)` is boto3's. Elsewhere the copy must have the version first: tasks that started before would keep the
    user before, whose password the next rotation changes under them.
    """
    home = secret.split(":")[3]
    regions = sorted({service["region"] for service in services}, key=lambda region: (region != home, region))
    failures = []
    for region in regions:
        try:
            if region != home:
                wait_for_copy(client("secretsmanager", region_name=region), copy_of(secret, region), version, sleep)
        except Exception as error:
            failures.append(f"{region}: {error}")
            continue
        ecs, codedeploy = client("ecs", region_name=region), client("codedeploy", region_name=region)
        for service in services:
            if service["region"] != region:
                continue
            try:
                start_service_anew(ecs, codedeploy, service)
            except Exception as error:
                failures.append(f"{service['name']} in {region}: {error}")
    if failures:
        raise RuntimeError(f"rotated, but not started anew: {'; '.join(failures)}")


def copy_of(secret, region):
    """A copy has the ARN of its original but for the region."""
    parts = secret.split(":")
    return ":".join([*parts[:3], region, *parts[4:]])


def wait_for_copy(secrets_manager, copy, version, sleep):
    for _ in range(COPY_SECONDS):
        if "AWSCURRENT" in secrets_manager.describe_secret(SecretId=copy)["VersionIdsToStages"].get(version, []):
            return
        sleep(1)
    raise TimeoutError(f"{copy} is still without version {version} after {COPY_SECONDS} s")


def start_service_anew(ecs, codedeploy, service):
    """New tasks with the same version: of those that roll by ECS, of those that are called by CodeDeploy."""
    if not service.get("application"):
        ecs.update_service(cluster=service["cluster"], service=service["name"], forceNewDeployment=True)
        return
    [found] = ecs.describe_services(cluster=service["cluster"], services=[service["name"]])["services"]
    running = next(task_set for task_set in found["taskSets"] if task_set["status"] == "PRIMARY")["taskDefinition"]
    target = {"TaskDefinition": running, "LoadBalancerInfo": {"ContainerName": "shop", "ContainerPort": 8080}}
    specification = {"version": 0.0, "Resources": [{"TargetService": {"Type": "AWS::ECS::Service", "Properties": target}}]}
    codedeploy.create_deployment(
        applicationName=service["application"],
        deploymentGroupName=service["group"],
        description="The database's user was rotated.",
        revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(specification)}},
    )
