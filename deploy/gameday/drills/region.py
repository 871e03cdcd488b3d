"""The region that writes is lost; the other one is promoted by one command.

The other region has a replica of its own, Redis and processes of its own. The replica is reached through a line that holds everything
back for half a second, so that orders of the last moment are lost, as they may be. `deploy/infra/failover`, the command for AWS, is
run as it is; what it asks of AWS is done to what stands here. Then what the provider charged for lost orders is given back.

What AWS itself takes for a promotion is not in it: a minute or so.
"""
import os
import subprocess
import sys
import time

import audit
from line import Line
from machine import ROOT, Balancer, Missed, Redis, free_port, http_back, kill_all, wait_until, writer_front

sys.path.insert(0, str(ROOT / "deploy/infra/stand_in"))

from world import Answering, World

LOST, OTHER = "us-east-1", "eu-west-1"
# What the replica is behind, and what may be lost.
BEHIND, GOAL_LOST, GOAL_SECONDS = 0.5, 1, 300
CHECK = (1, 2)


def run(stage):
    here = stage.postgres(LOST).make()
    line = Line(here.port, BEHIND)
    there = stage.postgres(OTHER).follow(here, line.port)
    # A name that follows the writer from region to region: Aurora's global endpoint.
    global_port = free_port()
    endpoint = Balancer(stage.machine, "endpoint", writer_front("global", global_port, [here, there]))
    endpoint.wait_for_one("global", here, [there])
    stage.migrate(here)
    stage.start_provider()
    url = here.url(global_port)
    caches = {region: Redis(stage.machine, f"{region}-cache") for region in (LOST, OTHER)}
    shops = {region: [stage.shop(f"{region}-{number}", url, caches[region].port) for number in (1, 2)] for region in (LOST, OTHER)}
    # The region that takes over runs on less until then.
    running = {LOST: shops[LOST], OTHER: shops[OTHER][:1]}
    for shop in (*running[LOST], *running[OTHER]):
        shop.start()
    for shop in (*running[LOST], *running[OTHER]):
        shop.wait()
    workers = {region: stage.worker(f"{region}-worker", url) for region in (LOST, OTHER)}
    edge = Edge(stage, shops)
    for shop in shops[LOST]:
        edge.balancer.wait_for(f"region-{LOST}", shop.name, "UP")

    world = world_of(edge, there, shops)
    with Answering(world) as aws, stage.crowd(edge.port) as crowd:
        crowd.wait_for_orders(150)
        # The line first: a region that is lost sends nothing more.
        lost = time.monotonic()
        line.cut()
        here.kill()
        kill_all([caches[LOST].process.pid, workers[LOST].process.pid, *(shop.process.pid for shop in shops[LOST])])
        world.unreachable = LOST
        edge.balancer.wait_for(f"region-{LOST}", shops[LOST][0].name, "DOWN")

        decided = time.monotonic()
        fail_over(stage, aws, edge)
        stage.note(f"deploy/infra/failover took {time.monotonic() - decided:.1f} s")
        crowd.wait_for_orders(150, GOAL_SECONDS)
        first = min(at for at in crowd.journal.orders if at > decided)
        stage.note(f"the first order came {first - decided:.1f} s after the decision, {first - lost:.1f} s after the loss")

        given_back = audit.void_unknown(stage.provider, audit.Books(there))
        stage.note(f"{len(given_back)} charges that this region knows nothing of were given back: "
                   f"{sum(item['amount'] for item in given_back) / 100:.2f} USD")
        return stage.finish(there, "the region that writes lost, the other promoted by one command", lost, goal_seconds=GOAL_SECONDS,
                            lost_within=GOAL_LOST, crowd=crowd)


def world_of(edge, there, shops):
    """AWS, whose changes are made to what stands here."""
    world = World()
    world.desired = {LOST: {name: 2 if name == "order" else 1 for name in world.desired[LOST]}, OTHER: {name: 1 for name in world.desired[OTHER]}}
    world.limits = {name: (1, 2) for name in world.limits}
    world.on_promotion = there.promote
    world.on_route = edge.send_writers_to

    def scale(region, service, count):
        if service == "order":
            for shop in shops[region][:count]:
                if shop.process is None:
                    shop.start()

    world.on_scale = scale
    return world


def fail_over(stage, aws, edge):
    """The one command."""
    with open(stage.machine.logs / "failover.log", "w", encoding="utf-8") as log:
        done = subprocess.run(
            [ROOT / "deploy/infra/failover", OTHER, "--yes", "--shop", f"http://127.0.0.1:{edge.port}"], stdout=log, stderr=log, timeout=GOAL_SECONDS,
            env={**os.environ, "PATH": f"{ROOT / 'deploy/infra/stand_in'}:{os.environ['PATH']}", "SHOP_STAND_IN": aws.address}, check=False)
    if done.returncode:
        raise Missed(f"deploy/infra/failover (see {stage.machine.logs}/failover.log)")


class Edge:
    """CloudFront and the name of the writer: one address for shoppers, which leads to the region that writes."""

    def __init__(self, stage, shops):
        self.port = free_port()
        self.map = stage.machine.folder / "writer.map"
        self.map.write_text(f"writer region-{LOST}\n")
        deep = "\n".join(f"    use_backend region-{region} if {{ path /health/deep/{region} }}" for region in shops)
        sections = [f"""frontend edge
    mode http
    bind 127.0.0.1:{self.port}
    http-request set-header Shop-Origin-Secret {stage.origin_secret}
{deep}
    use_backend %[str(writer),map({self.map})]"""]
        for region, processes in shops.items():
            servers = "\n".join(f"    server {shop.name} 127.0.0.1:{shop.port} check" for shop in processes)
            sections.append(http_back(f"region-{region}", servers, CHECK,
                                      "    http-request set-path /health/deep if { path_beg /health/deep/ }\n"))
        self.balancer = Balancer(stage.machine, "edge", "\n".join(sections))

    def send_writers_to(self, region):
        self.balancer.ask(f"set map {self.map} writer region-{region}")
