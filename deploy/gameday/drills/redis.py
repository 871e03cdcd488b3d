"""The primary of Redis is lost; sentinels promote its replica.

Redis is never the only copy, so shoppers must notice nothing: no request may fail. The address of the primary is haproxy's, which asks
who it is. "Out" is about orders; how long the cache was away is said beside it.
"""
import time

from machine import Balancer, Redis, Sentinel, ask_redis, free_port, primary_front, wait_until

SENTINELS, QUORUM, DOWN_AFTER_MS = 3, 2, 2_000


def run(stage):
    database = stage.postgres("database").make()
    stage.migrate(database)
    stage.start_provider()
    first = Redis(stage.machine, "cache-a")
    replica = Redis(stage.machine, "cache-b", follows=first)
    wait_until(10, lambda: "master_link_status:up" in replica.ask("INFO", "replication"), "the replication of Redis")
    sentinels = [Sentinel(stage.machine, f"sentinel-{number}", first, QUORUM, DOWN_AFTER_MS) for number in range(1, SENTINELS + 1)]
    wait_until(30, lambda: all(sentinel.knows(SENTINELS) for sentinel in sentinels), "sentinels that know each other")
    port = free_port()
    front = Balancer(stage.machine, "primary", primary_front("cache", port, [first, replica]))
    front.wait_for_one("cache", first, [replica])
    shop = stage.shop("shop", database.url(), port).start().wait()
    stage.worker("worker", database.url())

    with stage.crowd(shop.port) as crowd:
        crowd.wait_for_orders(100)
        wait_until(10, lambda: shop.series("shop_redis_connected"), "the shop's connection to Redis")
        killed = time.monotonic()
        first.kill()
        wait_until(60, lambda: ask_redis(port, "SET", "drill", "1") == "OK", "a primary of Redis")
        stage.note(f"Redis took writes again after {time.monotonic() - killed:.1f} s")
        wait_until(30, lambda: shop.series("shop_redis_connected") and not shop.series("shop_redis_circuit_open"),
                   "the shop's use of the new primary")
        stage.note(f"the shop used it after {time.monotonic() - killed:.1f} s")
        kept = cached(replica)
        crowd.wait_for_orders(100)
        wait_until(10, lambda: cached(replica) > 0, "answers that the shop keeps in the new primary")
        stage.note(f"{kept} answers were kept there by then, {cached(replica)} at the end")
        return stage.finish(database, "the primary of Redis killed, its replica promoted", killed, goal_seconds=3, goal_failed=0, crowd=crowd)


def cached(cache):
    return int(cache.ask("DBSIZE") or 0)
