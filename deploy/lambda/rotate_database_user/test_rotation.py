"""The rotation against a real PostgreSQL (SHOP_TEST_DATABASE_URL) and a stand-in for Secrets Manager."""

import json
import os
import threading
import unittest
import urllib.parse
import uuid

import pg8000.exceptions
import pg8000.native
import rotation

TARGET = urllib.parse.urlsplit(os.environ["SHOP_TEST_DATABASE_URL"])


def connect(host, port, database, user, password):
    return pg8000.native.Connection(user, host=host, port=port, database=database, password=password, timeout=10)


class SecretsManager:
    """Versions and stages as AWS keeps them: a rotation begins with a pending version that has no value yet."""

    class exceptions:
        class ResourceNotFoundException(Exception):
            pass

    def __init__(self):
        self.values, self.stages = {}, {}

    def create_secret(self, name, value):
        self.values[name] = {"first": json.dumps(value)}
        self.stages[name] = {"AWSCURRENT": "first"}
        return name

    def begin_rotation(self, name):
        token = str(uuid.uuid4())
        self.stages[name]["AWSPENDING"] = token
        return token

    def describe_secret(self, SecretId):
        stages = self.stages[SecretId]
        versions = set(stages.values()) | set(self.values[SecretId])
        return {"VersionIdsToStages": {version: [stage for stage, at in stages.items() if at == version] for version in versions}}

    def get_secret_value(self, SecretId, VersionStage="AWSCURRENT", VersionId=None):
        version = VersionId or self.stages[SecretId].get(VersionStage)
        if self.stages[SecretId].get(VersionStage) != version or version not in self.values[SecretId]:
            raise self.exceptions.ResourceNotFoundException
        return {"SecretString": self.values[SecretId][version]}

    def put_secret_value(self, SecretId, ClientRequestToken, SecretString, VersionStages):
        self.values[SecretId][ClientRequestToken] = SecretString
        self.stages[SecretId].update({stage: ClientRequestToken for stage in VersionStages})

    def update_secret_version_stage(self, SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId):
        assert self.stages[SecretId][VersionStage] == RemoveFromVersionId
        self.stages[SecretId][VersionStage] = MoveToVersionId


def service(name, region, application=None, group=None):
    return {"region": region, "cluster": "c", "name": name, "application": application, "group": group}


class World:
    """ECS, CodeDeploy and the secret's copies of all regions, and what they were asked."""

    SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/shop/order/database-AbCdEf"

    def __init__(self, copied_after=0, broken=None):
        self.copied_after, self.broken = copied_after, broken
        self.calls, self.looks, self.looked_at, self.looks_when_called, self.slept = [], 0, set(), [], 0

    def start(self, services):
        rotation.start_services_anew(self.SECRET, "new", services, self.client, self.sleep)

    def sleep(self, seconds):
        self.slept += seconds

    def client(self, kind, region_name):
        return {"ecs": ECS, "codedeploy": CodeDeploy, "secretsmanager": Copies}[kind](self, region_name)

    def note(self, region, arguments):
        self.calls.append((region, arguments))
        self.looks_when_called.append(self.looks)


class ECS:
    def __init__(self, world, region):
        self.world, self.region = world, region

    def update_service(self, **arguments):
        if arguments["service"] == self.world.broken:
            raise ValueError("a deployment is under way")
        self.world.note(self.region, arguments)

    def describe_services(self, cluster, services):
        task_sets = [{"status": "ACTIVE", "taskDefinition": "old"}, {"status": "PRIMARY", "taskDefinition": f"order:7 of {self.region}"}]
        return {"services": [{"taskSets": task_sets}]}


class CodeDeploy:
    def __init__(self, world, region):
        self.world, self.region = world, region

    def create_deployment(self, **arguments):
        self.world.note(self.region, arguments)


class Copies:
    def __init__(self, world, region):
        self.world, self.region = world, region

    def describe_secret(self, SecretId):
        self.world.looked_at.add((self.region, SecretId))
        self.world.looks += 1
        if self.world.looks > self.world.copied_after:
            return {"VersionIdsToStages": {"new": ["AWSCURRENT", "AWSPENDING"], "old": ["AWSPREVIOUS"]}}
        return {"VersionIdsToStages": {"old": ["AWSCURRENT"]}}


class RotationTests(unittest.TestCase):
    def setUp(self):
        self.manager = SecretsManager()
        self.rotation = rotation.Rotation(self.manager, connect)
        self.database = f"shop_{uuid.uuid4().hex[:8]}"
        self.addCleanup(self.drop)
        self.master_password = uuid.uuid4().hex
        self.run_as_superuser(
            f"CREATE ROLE {self.database}_master LOGIN CREATEDB CREATEROLE PASSWORD '{self.master_password}'"
        )
        master = {"username": f"{self.database}_master", "password": self.master_password}
        self.master = self.manager.create_secret("master", master)
        self.service = self.secret("service")
        self.owner = self.secret("owner")

    def secret(self, kind):
        value = {
            "host": TARGET.hostname, "port": TARGET.port, "dbname": self.database, "kind": kind,
            "master_secret": self.master, "parameters": "sslmode=disable",
        }
        return self.manager.create_secret(kind, value)

    def run_as_superuser(self, *statements):
        with rotation.closing(connect(TARGET.hostname, TARGET.port, "postgres", TARGET.username, TARGET.password)) as connection:
            for statement in statements:
                connection.run(statement)

    def drop(self):
        names = [f"{self.database}_{kind}{user}" for kind in ("service", "owner") for user in ("_a", "_b", "")]
        self.run_as_superuser(
            f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)",
            *(f"DROP ROLE IF EXISTS {name}" for name in [*names, f"{self.database}_master"]),
        )

    def rotate(self, secret, steps=("createSecret", "setSecret", "testSecret", "finishSecret")):
        token = self.manager.begin_rotation(secret)
        for step in steps:
            self.rotation.run(step, secret, token)
        return token

    def current(self, secret):
        return json.loads(self.manager.get_secret_value(SecretId=secret)["SecretString"])

    def sign_in(self, value):
        return rotation.closing(connect(value["host"], value["port"], value["dbname"], value["username"], value["password"]))

    def test_the_first_rotation_makes_database_and_users(self):
        self.rotate(self.owner)
        self.rotate(self.service)
        with self.sign_in(self.current(self.owner)) as owner:
            owner.run("CREATE SCHEMA sales")
            owner.run("CREATE TABLE sales.cart (id int PRIMARY KEY)")
        with self.sign_in(self.current(self.service)) as service:
            service.run("INSERT INTO sales.cart VALUES (1)")
            self.assertEqual(service.run("SELECT id FROM sales.cart"), [[1]])

    def test_a_service_cannot_change_the_schema(self):
        self.rotate(self.owner)
        self.rotate(self.service)
        with self.sign_in(self.current(self.service)) as service:
            with self.assertRaises(pg8000.exceptions.DatabaseError):
                service.run("CREATE TABLE public.mine (id int)")

    def test_what_either_owner_makes_both_can_change(self):
        self.rotate(self.owner)
        with self.sign_in(self.current(self.owner)) as first:
            first.run("CREATE TABLE public.shared (id int)")
        self.rotate(self.owner)
        with self.sign_in(self.current(self.owner)) as second:
            second.run("ALTER TABLE public.shared ADD COLUMN more int")

    def test_users_take_turns(self):
        users = []
        for _ in range(3):
            self.rotate(self.service)
            users.append(self.current(self.service)["username"])
        self.assertEqual(users, [f"{self.database}_service_{letter}" for letter in "aba"])

    def test_the_user_before_is_let_in_until_the_next_rotation(self):
        self.rotate(self.service)
        before = self.current(self.service)
        self.rotate(self.service)
        with self.sign_in(before) as connection:
            self.assertEqual(connection.run("SELECT 1"), [[1]])
        self.rotate(self.service)
        with self.assertRaises(pg8000.exceptions.DatabaseError):
            with self.sign_in(before):
                pass

    def test_a_rotation_under_load_loses_no_request(self):
        self.rotate(self.owner)
        self.rotate(self.service)
        value, stop, enough, failures, done = self.current(self.service), threading.Event(), threading.Event(), [], []

        def work():
            while not stop.is_set():
                try:
                    with self.sign_in(value) as connection:
                        done.append(connection.run("SELECT 1"))
                except Exception as error:
                    failures.append(error)
                if failures or len(done) > 200:
                    enough.set()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        self.rotate(self.service)
        enough.wait(60)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertGreater(len(done), 200)

    def test_every_step_can_be_called_again(self):
        token = self.rotate(self.service, ("createSecret", "createSecret", "setSecret", "setSecret", "testSecret", "testSecret", "finishSecret"))
        current = self.current(self.service)
        self.rotation.run("finishSecret", self.service, token)
        self.assertEqual(self.current(self.service), current)

    def test_a_rotation_that_stops_halfway_leaves_the_user_in_use_alone(self):
        self.rotate(self.service)
        before = self.current(self.service)
        self.rotate(self.service, ("createSecret", "setSecret"))
        self.assertEqual(self.current(self.service), before)
        with self.sign_in(before) as connection:
            self.assertEqual(connection.run("SELECT 1"), [[1]])

    def test_a_password_that_is_not_set_fails_the_test_step(self):
        self.rotate(self.service)
        self.rotate(self.service)
        with self.assertRaises(pg8000.exceptions.DatabaseError):
            self.rotate(self.service, ("createSecret", "testSecret"))

    def test_the_url_is_what_the_program_takes(self):
        self.rotate(self.service)
        value = self.current(self.service)
        url = urllib.parse.urlsplit(value["url"])
        self.assertEqual((url.scheme, url.username, url.path, url.query), ("postgresql", value["username"], f"/{self.database}", "sslmode=disable"))
        self.assertEqual(urllib.parse.unquote(url.password), value["password"])

    def test_each_region_is_told_its_reader(self):
        value = self.current(self.service)
        self.manager.put_secret_value(
            SecretId=self.service, ClientRequestToken=uuid.uuid4().hex, VersionStages=["AWSCURRENT"],
            SecretString=json.dumps({**value, "read_hosts": {"us-east-1": "near.example", "eu-west-1": "far.example"}}),
        )
        for _ in range(2):
            self.rotate(self.service)
            value = self.current(self.service)
            for region, host in value["read_hosts"].items():
                self.assertEqual(value[f"read_url_{region}"], value["url"].replace(f"@{value['host']}:", f"@{host}:"))

    def test_a_name_that_would_need_quotes_is_refused(self):
        for name in ('shop"; DROP DATABASE postgres; --', "Shop", ""):
            with self.assertRaises(ValueError):
                rotation.checked(name)

    def test_the_services_that_read_a_secret_are_found_by_its_arn(self):
        services = {"prod/shop/order/database": [{"name": "order"}]}
        arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/shop/order/database-AbCdEf"
        self.assertEqual(rotation.services_of(arn, services), [{"name": "order"}])
        self.assertEqual(rotation.services_of(arn.replace("order", "product"), services), [])

    def test_services_start_anew_each_in_its_own_way(self):
        world = World()
        world.start([service("worker-order", "us-east-1"), service("order", "us-east-1", application="a", group="g")])
        self.assertEqual(world.calls[0], ("us-east-1", {"cluster": "c", "service": "worker-order", "forceNewDeployment": True}))
        region, deployment = world.calls[1]
        self.assertEqual((region, deployment["applicationName"], deployment["deploymentGroupName"]), ("us-east-1", "a", "g"))
        content = json.loads(deployment["revision"]["appSpecContent"]["content"])
        self.assertEqual(content["Resources"][0]["TargetService"]["Properties"]["TaskDefinition"], "order:7 of us-east-1")

    def test_another_region_follows_once_its_copy_has_the_new_version(self):
        world = World(copied_after=3)
        world.start([service("far", "eu-west-1"), service("near", "us-east-1"), service("far-too", "eu-west-1", application="a", group="g")])
        self.assertEqual([region for region, _ in world.calls], ["us-east-1", "eu-west-1", "eu-west-1"])
        self.assertEqual([call["service"] for _, call in world.calls if "service" in call], ["near", "far"])
        # Not one of them before the copy was there.
        self.assertEqual(world.looks_when_called, [0, 4, 4])
        self.assertEqual(world.looked_at, {("eu-west-1", World.SECRET.replace("us-east-1", "eu-west-1"))})

    def test_a_copy_that_does_not_come_is_told_and_the_secrets_own_region_has_started(self):
        world = World(copied_after=10**9)
        with self.assertRaisesRegex(RuntimeError, "eu-west-1: .*order/database.* is still without version new"):
            world.start([service("near", "us-east-1"), service("far", "eu-west-1")])
        self.assertEqual([call["service"] for _, call in world.calls], ["near"])
        self.assertEqual(world.slept, rotation.COPY_SECONDS)

    def test_what_cannot_be_started_holds_up_nothing_else(self):
        world = World(broken="near")
        with self.assertRaisesRegex(RuntimeError, "near in us-east-1: a deployment is under way"):
            world.start([service("near", "us-east-1"), service("near-too", "us-east-1"), service("far", "eu-west-1")])
        self.assertEqual([call["service"] for _, call in world.calls], ["near-too", "far"])

    def test_a_shop_of_one_region_asks_no_other(self):
        world = World()
        world.start([service("near", "us-east-1")])
        self.assertEqual(world.looked_at, set())

    def test_an_unknown_version_is_refused(self):
        with self.assertRaises(ValueError):
            self.rotation.run("createSecret", self.service, str(uuid.uuid4()))


if __name__ == "__main__":
    unittest.main()
