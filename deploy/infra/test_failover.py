"""The failover of a region, run as it is, with an AWS that stands here: what it refuses, what it does, in which order."""
import http.server
import os
import pathlib
import subprocess
import sys
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "stand_in"))

import model
from world import DOMAIN, Answering, World


class Shop(http.server.BaseHTTPRequestHandler):
    """What CloudFront would lead to: sells, once it was told to."""

    sells = True
    asked = []

    def answer(self, status):
        self.asked.append(f"{self.command} {self.path}")
        self.send_response(status if Shop.sells else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.answer(200)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201)

    def log_message(self, *_):
        pass


class FailoverTests(unittest.TestCase):
    def setUp(self):
        self.world = World()
        answering = Answering(self.world, model)
        self.enterContext(answering)
        Shop.sells, Shop.asked = True, []
        self.shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
        threading.Thread(target=self.shop.serve_forever, daemon=True).start()
        self.addCleanup(self.shop.server_close)
        self.addCleanup(self.shop.shutdown)
        self.environment = {**os.environ, "PATH": f"{HERE / 'stand_in'}:{os.environ['PATH']}", "SHOP_STAND_IN": answering.address}

    def failover(self, *arguments, region="eu-west-1"):
        done = subprocess.run(
            [HERE / "failover", *([region] if region else []), "--shop", f"http://127.0.0.1:{self.shop.server_port}", *arguments],
            env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stderr

    def assert_refused(self, sentence, *arguments, **options):
        code, said = self.failover(*arguments, **options)
        self.assertIn(sentence, said)
        self.assertEqual(code, 1, said)
        self.assertEqual(self.world.changes, [])

    def test_says_what_would_be_done_and_does_nothing(self):
        code, said = self.failover()
        self.assertEqual(code, 0, said)
        self.assertIn("behind by 240 ms", said)
        self.assertIn("Nothing was done. To do it: the same with --yes", said)
        self.assertIn("order in eu-west-1: 8 tasks (at most 40)", said)
        self.assertIn(f"writer.origin.{DOMAIN}: from shop-prod.us-east-1.elb.amazonaws.com. to shop-prod.eu-west-1.elb.amazonaws.com.", said)
        self.assertEqual(self.world.changes, [])

    def test_fences_promotes_scales_and_only_then_sends_writers_there(self):
        written_at_route = []
        self.world.on_route = lambda *_: written_at_route.append(self.world.writer)
        code, said = self.failover("--yes")
        self.assertEqual(code, 0, said)
        changed = self.world.changed()
        promoted = changed.index("eu-west-1 rds failover-global-cluster")
        self.assertEqual(sorted(changed[:promoted]), sorted(
            2 * ["us-east-1 application-autoscaling register-scalable-target", "us-east-1 ecs update-service"]))
        self.assertEqual(changed[-1], "eu-west-1 route53 change-resource-record-sets")
        self.assertEqual(written_at_route, ["eu-west-1"])
        self.assertEqual(self.world.desired["us-east-1"], {"product": 4, "order": 0, "worker-product": 4, "worker-order": 0})
        self.assertEqual(self.world.desired["eu-west-1"], {"product": 8, "order": 8, "worker-product": 6, "worker-order": 6})
        self.assertEqual(self.world.target, "eu-west-1")
        self.assertEqual(Shop.asked, ["GET /health/deep/eu-west-1", "POST /v1/carts"])
        self.assertIn('set writer_region = "eu-west-1" in deploy/terraform/environments/prod/terraform.tfvars', said)

    def test_what_has_not_arrived_is_lost_only_where_it_must_be(self):
        self.failover("--yes")
        options = next(options for _, what, options in self.world.changes if what == "rds failover-global-cluster")
        self.assertEqual(options["allow-data-loss"], [])
        self.setUp()
        code, said = self.failover("--yes", "--planned")
        self.assertEqual(code, 0, said)
        self.assertIn("eu-west-1 rds switchover-global-cluster", self.world.changed())
        self.assertNotIn("eu-west-1 rds failover-global-cluster", self.world.changed())
        self.assertEqual(self.world.desired["us-east-1"]["order"], 4)

    def test_a_region_that_is_gone_does_not_hold_it_up(self):
        self.world.unreachable = "us-east-1"
        code, said = self.failover("--yes")
        self.assertEqual(code, 0, said)
        self.assertIn("us-east-1 does not answer: it is left as it is.", said)
        self.assertFalse([change for change in self.world.changed() if change.startswith("us-east-1")])
        self.assertEqual(self.world.desired["eu-west-1"]["order"], 8)

    def test_one_that_stopped_after_the_promotion_is_taken_up(self):
        self.world.writer = "eu-west-1"
        code, said = self.failover("--yes")
        self.assertEqual(code, 0, said)
        self.assertNotIn("eu-west-1 rds failover-global-cluster", self.world.changed())
        self.assertEqual(self.world.target, "eu-west-1")

    def test_the_name_of_the_writer_waits_for_the_promotion(self):
        self.world.never_promoted = True
        process = subprocess.Popen([HERE / "failover", "eu-west-1", "--yes"], env=self.environment, stderr=subprocess.PIPE, text=True)
        try:
            for line in process.stderr:
                if "get the tasks of both" in line:
                    break
            # It asks again and again.
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(2)
            self.assertEqual(self.world.target, "us-east-1")
        finally:
            process.kill()
            process.wait()
            process.stderr.close()

    def test_databases_of_each_role_are_all_promoted(self):
        self.world.globals = ["shop-prod-product", "shop-prod-order"]
        promoted = []
        self.world.promote = lambda region: (promoted.append(region), len(promoted) == 2 and setattr(self.world, "writer", region),
                                             {"GlobalCluster": {"Status": "failing-over"}})[2]
        code, said = self.failover("--yes")
        self.assertEqual(code, 0, said)
        self.assertEqual(len(promoted), 2)

    def test_refuses_what_would_lose_more_than_it_may(self):
        self.world.behind = [100.0, 4200.0]
        self.assert_refused("eu-west-1 is 4200 ms behind (at most 1000)", "--yes")
        self.world.behind = []
        self.assert_refused("nobody knows how far eu-west-1 is behind", "--yes")
        code, said = self.failover("--yes", "--accept-loss")
        self.assertEqual(code, 0, said)

    def test_refuses_a_region_that_cannot_take_over(self):
        self.assert_refused("has no cluster in eu-central-1: its regions are us-east-1, eu-west-1", "--yes", region="eu-central-1")
        self.assert_refused("carts and checkouts are written in us-east-1 already", "--yes", region="us-east-1")
        self.world.synchronised = "pending-resync"
        self.assert_refused("is not connected but pending-resync", "--yes")
        self.world.synchronised, self.world.cluster_status = "connected", "backing-up"
        self.assert_refused("the cluster shop-prod-shop in eu-west-1 is backing-up, not available", "--yes")
        self.world.cluster_status, self.world.instances = "available", 0
        self.assert_refused("has no instance that could write", "--yes")
        self.world.instances, self.world.global_status = 1, "failing-over"
        self.assert_refused("another failover may be under way", "--yes")
        self.world.global_status = "available"
        del self.world.desired["eu-west-1"]["order"]
        self.assert_refused("there is no service order in the cluster shop-prod of eu-west-1", "--yes")

    def test_refuses_the_wrong_account_and_a_plan_that_cannot_be(self):
        self.world.account = "111111111111"
        self.assert_refused("these credentials are of account 111111111111, and prod is in 333333333333", "--yes")
        self.world.account = "333333333333"
        self.world.unreachable = "us-east-1"
        self.assert_refused("us-east-1 does not answer, so this cannot be --planned", "--yes", "--planned")
        self.world.unreachable = None
        self.world.globals = ["other-shop"]
        self.assert_refused("prod has no global database", "--yes")

    def test_says_what_is_wrong_with_what_it_was_told(self):
        self.assert_refused("Say the region that takes over: make failover REGION=eu-west-1", region=None)
        self.assert_refused("'Ireland' is no name of a region", region="Ireland")
        self.assert_refused("There is no environment 'live'", "--env", "live")
        self.assert_refused("There is no option --force", "--force")
        self.assert_refused("One region takes over, not two", "us-west-2")


if __name__ == "__main__":
    unittest.main()
