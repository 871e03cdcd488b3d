"""One of three processes is killed.

The load balancer stands with the health checks that the one on AWS has: every 5 s, out after two failures. It tries no second target,
so every third request fails until then, and shoppers ask again. Another process is started after 10 s, as ECS does.
"""
import time

from machine import Balancer, free_port, http_front

CHECK = (5, 2)


def run(stage):
    database = stage.postgres("database").make()
    stage.migrate(database)
    stage.start_provider()
    shops = [stage.shop(f"shop-{number}", database.url()).start() for number in (1, 2, 3)]
    for shop in shops:
        shop.wait()
    stage.worker("worker", database.url())
    port = free_port()
    balancer = Balancer(stage.machine, "balancer", http_front("shops", port, shops, CHECK))

    with stage.crowd(port) as crowd:
        crowd.wait_for_orders(100)
        victim = shops[0]
        killed = time.monotonic()
        victim.kill()
        balancer.wait_for("shops", victim.name, "DOWN")
        stage.note(f"the load balancer left the process out after {time.monotonic() - killed:.1f} s")
        crowd.sell_for(max(0, 10 - (time.monotonic() - killed)))
        victim.start().wait()
        balancer.wait_for("shops", victim.name, "UP")
        stage.note(f"three processes again after {time.monotonic() - killed:.1f} s")
        crowd.wait_for_orders(100)
        return stage.finish(database, "one of three processes killed", killed, goal_seconds=30, crowd=crowd)
