"""The writer of the database is lost; a standby is promoted.

Aurora acknowledges a commit once the copies in other zones have it; here a standby that replicates synchronously stands for them. It is
promoted after three failed looks, a second apart. The address of the writer is haproxy's, which asks who takes writes.
"""
import threading
import time

from machine import Balancer, Missed, free_port, wait_until, writer_front

LOOKS, APART = 3, 1


def run(stage):
    port = free_port()
    first = stage.postgres("zone-a").make(synchronous_standby_names="")
    standby = stage.postgres("zone-b").follow(first)
    first.sql("alter system set synchronous_standby_names = '*'")
    first.sql("select pg_reload_conf()")
    wait_until(10, lambda: first.sql("select sync_state from pg_stat_replication") == "sync", "synchronous replication")
    front = Balancer(stage.machine, "writer", writer_front("database", port, [first, standby]))
    front.wait_for_one("database", first, [standby])
    stage.migrate(first)
    stage.start_provider()
    url = first.url(port)
    shop = stage.shop("shop", url).start().wait()
    stage.worker("worker", url)

    with stage.crowd(shop.port) as crowd:
        crowd.wait_for_orders(100)
        watcher = threading.Thread(target=promote_when_lost, args=(first, standby, stage), daemon=True)
        watcher.start()
        killed = time.monotonic()
        first.kill()
        watcher.join(60)
        if standby.sql("select pg_is_in_recovery()") != "f":
            raise Missed("the promotion of the standby")
        stage.note(f"the standby was the writer after {time.monotonic() - killed:.1f} s")
        before = len(crowd.journal.orders)
        crowd.wait_for_orders(1)
        stage.note(f"the first order after {crowd.journal.orders[before] - killed:.1f} s")
        crowd.wait_for_orders(200)
        return stage.finish(standby, "the database's writer killed, a standby promoted", killed, goal_seconds=60, crowd=crowd)


def promote_when_lost(writer, standby, stage):
    """What Aurora does by itself."""
    failures = 0
    while failures < LOOKS:
        time.sleep(APART)
        failures = 0 if looks_well(writer) else failures + 1
    standby.promote()


def looks_well(writer):
    try:
        return writer.sql("select 1") == "1"
    except Missed:
        return False
