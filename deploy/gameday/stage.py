"""What every drill needs: stores with a shop's schema and wares, a payment provider, processes of the program, shoppers, an audit."""
import dataclasses
import secrets
import time

import audit
from machine import Machine, Missed, Postgres, Shop, free_port, new_password, wait_until
from shoppers import Crowd, Journal, Wares, longest_gap


@dataclasses.dataclass
class Result:
    """One line of the table."""

    drill: str
    what: str
    goal: str
    lost: int
    out: float
    failed: int
    orders: int
    faults: list
    notes: list


class Stage:
    """Ends all that it started, however the drill ends."""

    def __init__(self, drill, folder, logs, program):
        self.drill = drill
        self.machine = Machine(folder, logs / drill, program)
        self.journal = Journal(logs / f"{drill}.journal")
        self.password, self.admin_key, self.origin_secret = new_password(), f"sk_{secrets.token_hex(32)}", secrets.token_hex(32)
        self.provider_port = free_port()
        self.provider = audit.Provider(self.provider_port)
        self.settings = {
            "PATH": "/usr/bin:/bin", "SHOP_ENV": "development", "SHOP_HOST": "127.0.0.1", "SHOP_LOOPS": "1", "SHOP_LOG_LEVEL": "notice",
            "SHOP_SECRET_KEY": secrets.token_hex(32), "SHOP_ADMIN_KEY": self.admin_key, "SHOP_ORIGIN_SECRET": self.origin_secret,
            "SHOP_TEST_PROVIDER_URL": f"http://127.0.0.1:{self.provider_port}",
            # As the task definitions have it: the worker is a service of its own.
            "SHOP_WORKER": "off", "SHOP_DRAIN_GRACE_MS": "5000"}
        self.notes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.machine.end()

    def note(self, text):
        self.notes.append(text)
        print(f"   {text}", flush=True)

    def postgres(self, name):
        return Postgres(self.machine, name, self.password)

    def migrate(self, database):
        settings = {**self.settings, "SHOP_DATABASE_URL": database.url()}
        migrating = Shop(self.machine, "migrate", settings, "migrate").start()
        if migrating.process.wait(60):
            raise Missed(f"the migrations (see {self.machine.logs}/migrate.log)")

    def start_provider(self):
        self.machine.start("provider", [self.machine.program, "test-provider", "--port", self.provider_port])
        wait_until(10, lambda: self.answers_provider(), "the start of the payment provider")

    def answers_provider(self):
        try:
            return self.provider.ask("/health")
        except OSError:
            return None

    def shop(self, name, database_url, redis_port=None, **settings):
        cache = {"SHOP_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0"} if redis_port else {}
        return Shop(self.machine, name, {**self.settings, **cache, **settings, "SHOP_DATABASE_URL": database_url})

    def worker(self, name, database_url):
        return Shop(self.machine, name, {**self.settings, "SHOP_DATABASE_URL": database_url}, "worker").start()

    def crowd(self, port):
        return Crowd(port, Wares(port, self.admin_key), self.journal)

    def finish(self, database, what, since, goal_seconds=None, goal_failed=None, lost_within=None, crowd=None):
        """The end of the load, the reconciler's turn, the audit; a line of the table.

        `lost_within`: orders that were acknowledged in the last so many seconds before `since` may be lost.
        """
        until = time.monotonic()
        if crowd:
            crowd.close()
        took = audit.Books(database).wait_until_settled()
        verdict = audit.audit(self.journal, database, self.provider)
        out = longest_gap(self.journal.orders, since, until)
        failed = [failure for failure in self.journal.failures if failure[0] >= since - 1]
        faults = verdict.faults(lost_are_allowed=lost_within is not None)
        if lost_within is not None:
            oldest = max((since - checkout["at"] for checkout in (*verdict.lost, *verdict.renumbered)), default=0)
            if verdict.lost:
                self.note(f"the oldest of {len(verdict.lost)} lost orders was acknowledged {oldest:.2f} s before the loss")
            if verdict.renumbered:
                self.note(f"{len(verdict.renumbered)} more have another number: their payment had arrived, and the reconciler made the order anew")
            if oldest > lost_within:
                faults.append(f"an order was lost that was {oldest:.2f} s old (goal: {lost_within} s)")
        if goal_seconds is not None and out > goal_seconds:
            faults.append(f"no order for {out:.1f} s (goal: {goal_seconds} s)")
        if goal_failed is not None and len(failed) > goal_failed:
            reasons = sorted({f"{request}: {why}" for _, request, why in failed})
            faults.append(f"{len(failed)} requests failed (goal: {goal_failed}): {'; '.join(reasons[:5])}")
        if took > 1:
            self.note(f"the reconciler needed {took:.1f} s to end what was cut off")
        goals = ["0 lost" if lost_within is None else f"lost ≤ {lost_within} s"]
        goals += [f"out ≤ {goal_seconds} s"] if goal_seconds is not None else []
        goals += [f"{goal_failed} failed"] if goal_failed is not None else []
        return Result(self.drill, what, ", ".join(goals), len(verdict.lost), out, len(failed), len(self.journal.orders), faults, self.notes)
