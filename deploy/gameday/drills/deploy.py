"""Three processes and the worker are replaced one by one.

Each gets SIGTERM, finishes what it has, exits 0, and is started anew before the next one's turn. Nothing deregisters it: that it ends is
to be seen by its health check alone, every second. No request may fail, not even one that would be asked again.
"""
import time

from machine import Balancer, free_port, http_front

CHECK = (1, 2)


def run(stage):
    database = stage.postgres("database").make()
    stage.migrate(database)
    stage.start_provider()
    shops = [stage.shop(f"shop-{number}", database.url()).start() for number in (1, 2, 3)]
    for shop in shops:
        shop.wait()
    worker = stage.worker("worker", database.url())
    port = free_port()
    balancer = Balancer(stage.machine, "balancer", http_front("shops", port, shops, CHECK))
    for shop in shops:
        balancer.wait_for("shops", shop.name, "UP")

    faults = []
    with stage.crowd(port) as crowd:
        crowd.wait_for_orders(50)
        began = time.monotonic()
        for shop in (*shops, worker):
            code = shop.drain()
            if code != 0:
                faults.append(f"{shop.name} exits with {code}")
            shop.start()
            if shop is not worker:
                shop.wait()
                balancer.wait_for("shops", shop.name, "UP")
            crowd.wait_for_orders(20)
        stage.note(f"all were replaced after {time.monotonic() - began:.1f} s")
        result = stage.finish(database, "three processes and the worker replaced one by one", began, goal_seconds=3, goal_failed=0, crowd=crowd)
    result.faults += faults
    return result
