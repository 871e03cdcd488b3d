"""Orders are deleted by hand; they are fetched from a restore to the moment before.

A base backup and an archive of the log, as Aurora keeps them. The present database goes on selling, and gets back the rows that it lost
from a second server, which is restored beside it (runbooks/point-in-time-restore.md, step 5). Going back as a whole would lose what was
sold since.
"""
import shlex
import time

from machine import POSTGRES, Missed, wait_until

# In the order in which they refer to each other.
TABLES = ("orders", "order_line", "order_event")
GOAL = 600


def run(stage):
    database = stage.postgres("database")
    archive, backup = stage.machine.make_folder("archive", "postgres"), stage.machine.make_folder("backup", "postgres")
    archived = shlex.quote(str(archive))
    database.make(archive_mode="on", archive_command=f"test ! -f {archived}/%f && cp %p {archived}/%f")
    stage.migrate(database)
    stage.start_provider()
    shop = stage.shop("shop", database.url()).start().wait()
    stage.worker("worker", database.url())

    with stage.crowd(shop.port) as crowd:
        crowd.wait_for_orders(50)
        source = f"host=127.0.0.1 port={database.port} user=postgres password={database.password}"
        stage.machine.run([POSTGRES / "pg_basebackup", "-d", source, "-D", backup, "-X", "none", "-c", "fast"], "postgres")
        crowd.wait_for_orders(150)

        destroyed = time.monotonic()
        moment = delete_orders(database)
        stage.note(f"{missing(database)} orders were deleted by hand, against every constraint")
        crowd.wait_for_orders(50)

        began = time.monotonic()
        restored = restore(stage, database, archive, backup, moment)
        stage.note(f"restored beside it to the moment before after {time.monotonic() - began:.1f} s")
        copied = copy_back(stage, restored, database)
        took = time.monotonic() - began
        stage.note(f"{copied} orders copied back: {took:.1f} s from the decision")
        crowd.wait_for_orders(50)
        result = stage.finish(database, "orders deleted by hand, fetched from a restore to the moment before", destroyed, goal_seconds=3,
                              goal_failed=0, crowd=crowd)
    result.goal += f", restored ≤ {GOAL} s"
    if took > GOAL:
        result.faults.append(f"restoring took {took:.0f} s (goal: {GOAL} s)")
    events = database.sql("select count(*) from sales.orders o where not exists (select 1 from sales.order_event e where e.order_id = o.id)",
                          database="shop")
    if events != "0":
        result.faults.append(f"{events} orders have no event")
    return result


def delete_orders(database):
    """Half of them, by one who turns off what refuses it; the moment just before, by the database's clock."""
    try:
        database.sql("delete from sales.orders", database="shop")
    except Missed:
        pass
    else:
        raise Missed("a refusal of the constraints to delete orders")
    moment = database.sql("select clock_timestamp()")
    doomed = "(select id from sales.orders where number % 2 = 0 and created_at < " + f"'{moment}')"
    database.sql(f"""
        begin;
        set local session_replication_role = replica;
        create temporary table doomed on commit drop as select id from {doomed} as o;
        delete from sales.order_event where order_id in (select id from doomed);
        delete from sales.order_line where order_id in (select id from doomed);
        delete from sales.orders where id in (select id from doomed);
        commit""", database="shop")
    return moment


def missing(database):
    return int(database.sql("select count(*) from sales.payment p where order_id is not null and not exists "
                            "(select 1 from sales.orders o where o.id = p.order_id)", database="shop"))


def restore(stage, database, archive, backup, moment):
    """A second server with what the first one had at that moment."""
    # The log up to now has to be in the archive; Aurora ships it all the time.
    segment = database.sql("select pg_walfile_name(pg_switch_wal())")
    wait_until(30, lambda: stage.machine.run(["ls", archive], "postgres").find(segment) >= 0, f"{segment} in the archive")
    restored = stage.postgres("restored")
    stage.machine.run(["cp", "-a", f"{backup}/.", restored.data], "postgres")
    restored.configure(restore_command=f"cp {shlex.quote(str(archive))}/%f %p", recovery_target_time=moment, recovery_target_action="promote")
    stage.machine.run(["touch", restored.data / "recovery.signal"], "postgres")
    restored.start()
    wait_until(120, lambda: restored.sql("select pg_is_in_recovery()") == "f", "the end of the restore")
    return restored


def copy_back(stage, restored, database):
    """Rows of orders that are missing, from one server to the other; how many orders."""
    path = stage.machine.make_folder("rows", "postgres")
    database.sql("create unlogged table public.lost_orders as select p.order_id as id from sales.payment p where order_id is not null "
                 "and not exists (select 1 from sales.orders o where o.id = p.order_id)", database="shop")
    ids = database.sql("select coalesce(string_agg(quote_literal(id), ','), 'null') from public.lost_orders", database="shop")
    statements = ["begin", "set local session_replication_role = replica"]
    for table in TABLES:
        key = "id" if table == "orders" else "order_id"
        restored.sql(f"copy (select * from sales.{table} where {key} in ({ids})) to '{path}/{table}'", database="shop")
        statements.append(f"copy sales.{table} from '{path}/{table}'")
    # Triggers would write the events a second time.
    database.sql("; ".join([*statements, "commit"]), database="shop")
    count = int(database.sql("select count(*) from public.lost_orders", database="shop"))
    database.sql("drop table public.lost_orders", database="shop")
    if left := missing(database):
        raise Missed(f"{left} orders that are in no copy; all orders")
    return count
