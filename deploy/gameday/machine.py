"""The programs that a drill runs: PostgreSQL, Redis and its sentinels, haproxy and Shop, each a process of our own on a free port.

All of them work in one folder, by which those of a rehearsal that was killed are found and ended before the next one begins.
"""
import os
import pathlib
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
# A session that is open to an ordinary user, so that a balancer may ask who is the writer; it may read nothing.
PROBE = "probe"


class Missed(Exception):
    """Something did not come about in time."""


def wait_until(seconds, condition, what, every=0.05):
    """What the condition says as soon as it is true."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > end:
            raise Missed(f"{what} did not come about in {seconds} s")
        time.sleep(every)
    return result


def free_port():
    """Below the ephemeral range, so that no outgoing connection takes it in between."""
    for _ in range(100):
        port = random.randint(20_000, 32_000)
        with socket.socket() as door:
            try:
                door.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Missed("a free port between 20000 and 32000")


def answers(url, seconds=2):
    """Whether there is an answer with a status below 400."""
    try:
        with urllib.request.urlopen(url, timeout=seconds):
            return True
    except OSError:
        return False


class Machine:
    """Where the programs of a drill work, and all of them that run."""

    def __init__(self, folder, logs, program):
        self.folder, self.logs, self.program = pathlib.Path(folder), pathlib.Path(logs), program
        self.processes = []
        end_all_in(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o755)
        shutil.rmtree(self.logs, ignore_errors=True)
        self.logs.mkdir(parents=True)

    def make_folder(self, name, user):
        path = self.folder / name
        path.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(path, user, user)
        return path

    def identity(self, user):
        """PostgreSQL refuses to run as root; the others have no need to."""
        if os.geteuid() != 0:
            return {}
        entry = pwd.getpwnam(user)
        return {"user": user, "group": entry.pw_gid, "extra_groups": [entry.pw_gid], "umask": 0o077}

    def start(self, name, arguments, user=None, environment=None, folder=None):
        log = open(self.logs / f"{name}.log", "ab")
        process = subprocess.Popen(
            [str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            cwd=folder or self.folder, env=environment or {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            **(self.identity(user) if user else {}))
        log.close()
        self.processes.append(process)
        return process

    def run(self, arguments, user=None, stdin=None):
        name = pathlib.Path(str(arguments[0])).name
        try:
            done = subprocess.run(
                [str(argument) for argument in arguments], input=stdin, capture_output=True, text=True, cwd="/", timeout=120, check=False,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **(self.identity(user) if user else {}))
        except subprocess.TimeoutExpired:
            # Not as it comes: the command may hold a password.
            raise Missed(f"the end of {name} did not come about in 120 s") from None
        if done.returncode:
            raise Missed(f"{name}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def end(self):
        """In the order in which they were started, turned around; then whoever is left, and the folder."""
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM if process.args[0] != str(POSTGRES / "postgres") else signal.SIGINT)
        end = time.monotonic() + 10
        for process in self.processes:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        end_all_in(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)


def processes_in(folder):
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                where = os.readlink(entry / "cwd").removesuffix(" (deleted)")
            except OSError:
                continue
            if where == str(folder) or where.startswith(f"{folder}/"):
                yield int(entry.name)


def end_all_in(folder):
    """A number that was once written to a file may belong to another program by now; who works in our folder is ours."""
    for pid in list(processes_in(folder)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    wait_until(10, lambda: not list(processes_in(folder)), f"the end of all that works in {folder}")


class Postgres:
    """A server of its own, with the durable settings that `make run` has."""

    def __init__(self, machine, name, password):
        self.machine, self.name, self.password = machine, name, password
        self.port = free_port()
        self.data = machine.make_folder(name, "postgres")
        self.process = None

    def make(self, **settings):
        """A new, empty one."""
        # The process substitution is opened by the one who runs initdb, who may not open our pipe.
        self.machine.run(["bash", "-c", '"$1" -D "$2" -U postgres --auth=scram-sha-256 --pwfile=<(cat) --encoding=UTF8 --locale=C.UTF-8 '
                          "--data-checksums", "-", POSTGRES / "initdb", self.data], "postgres", self.password)
        self.configure(**settings)
        access = f"host postgres {PROBE} 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n" \
            "host replication all 127.0.0.1/32 scram-sha-256\n"
        self.machine.run(["tee", self.data / "pg_hba.conf"], "postgres", access)
        self.start()
        self.sql(f"create role {PROBE} login; create role shop login createdb password '{self.password}'; create database shop owner shop")
        return self

    def configure(self, **settings):
        lines = [(ROOT / "deploy/local/postgresql.conf").read_text(), "shared_buffers = 128MB", "max_wal_size = 1GB"]
        lines += [f"{key} = '{value}'" for key, value in settings.items()]
        self.machine.run(["tee", self.data / "postgresql.conf"], "postgres", "\n".join(lines) + "\n")

    def follow(self, other, port=None, **settings):
        """Becomes a replica of the other, reached at the port where that is not its own."""
        source = f"host=127.0.0.1 port={port or other.port} user=postgres password={self.password} application_name={self.name}"
        self.machine.run([POSTGRES / "pg_basebackup", "-d", source, "-D", self.data, "-R", "-X", "stream", "-c", "fast"], "postgres")
        self.configure(**settings)
        self.start()
        wait_until(30, lambda: other.sql(f"select 1 from pg_stat_replication where application_name = '{self.name}' and state = 'streaming'"),
                   f"replication to {self.name}")
        return self

    def start(self):
        self.process = self.machine.start(self.name, [POSTGRES / "postgres", "-D", self.data, "-p", self.port], "postgres", folder="/")
        wait_until(60, self.is_up, f"the start of {self.name}")

    def is_up(self):
        if self.process.poll() is not None:
            raise Missed(f"{self.name} ended by itself: its log is {self.machine.logs / self.name}.log; a start")
        return subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False).returncode == 0

    def url(self, port=None, user="shop", database="shop"):
        return f"postgres://{user}:{self.password}@127.0.0.1:{port or self.port}/{database}?sslmode=disable"

    def sql(self, text, database="postgres", user="postgres"):
        """What psql prints, unaligned, without its last line end."""
        return self.machine.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", self.url(user=user, database=database)], stdin=text).strip()

    def promote(self):
        self.sql("select pg_promote(true, 60)")

    def kill(self):
        """As when its machine loses power: the server and all of its sessions at the same moment."""
        kill_all([self.process.pid, *children(self.process.pid)])
        self.process.wait()


def children(pid):
    try:
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def kill_all(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Redis:
    def __init__(self, machine, name, follows=None):
        self.machine, self.name, self.port = machine, name, free_port()
        folder = machine.make_folder(name, "redis")
        arguments = ["redis-server", "--bind", "127.0.0.1", "--port", self.port, "--dir", folder, "--save", "", "--maxmemory", "256mb",
                     "--maxmemory-policy", "volatile-lru", "--repl-diskless-sync-delay", "0"]
        if follows:
            arguments += ["--replicaof", f"127.0.0.1 {follows.port}"]
        self.process = machine.start(name, arguments, "redis", folder=None)
        wait_until(10, lambda: self.ask("PING") == "PONG", f"the start of {name}")

    def ask(self, *command):
        return ask_redis(self.port, *command)

    def kill(self):
        self.process.kill()
        self.process.wait()


def ask_redis(port, *command):
    """The text of the answer, or nothing where there is none."""
    done = subprocess.run(["redis-cli", "-p", str(port), *map(str, command)], capture_output=True, text=True, timeout=5, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


class Sentinel:
    """One of those that watch a Redis and promote its replica."""

    def __init__(self, machine, name, watched, quorum, down_after_ms):
        self.port = free_port()
        folder = machine.make_folder(name, "redis")
        machine.run(["tee", folder / "sentinel.conf"], "redis", f"""port {self.port}
bind 127.0.0.1
dir {folder}
sentinel monitor cache 127.0.0.1 {watched.port} {quorum}
sentinel down-after-milliseconds cache {down_after_ms}
sentinel failover-timeout cache 10000
""")
        machine.start(name, ["redis-sentinel", folder / "sentinel.conf"], "redis", folder=None)
        wait_until(10, lambda: ask_redis(self.port, "PING") == "PONG", f"the start of {name}")

    def knows(self, sentinels):
        """Whether it has met all others and the replica: before that it promotes nobody."""
        told = ask_redis(self.port, "SENTINEL", "master", "cache").split("\n")
        told = dict(zip(told[::2], told[1::2]))
        return told.get("num-other-sentinels") == str(sentinels - 1) and told.get("num-slaves") == "1"


class Shop:
    """A process of the program."""

    def __init__(self, machine, name, settings, command="serve"):
        self.machine, self.name, self.command = machine, name, command
        self.port = free_port()
        self.settings = {**settings, "SHOP_PORT": str(self.port), "SHOP_MIGRATIONS": str(ROOT / "Migrations")}
        self.process = None

    def start(self):
        self.process = self.machine.start(self.name, [self.machine.program, self.command], environment=self.settings)
        return self

    def wait(self):
        wait_until(20, self.is_ready, f"the start of {self.name}")
        return self

    def is_ready(self):
        if self.process.poll() is not None:
            raise Missed(f"{self.name} ended by itself: its log is {self.machine.logs / self.name}.log; a start")
        return answers(f"http://127.0.0.1:{self.port}/health/ready")

    def series(self, name):
        """The sum of a series over its labels; nothing where it has none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=2) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return None
        values = [float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
        return sum(values) if values else None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def drain(self, seconds=30):
        """SIGTERM, as ECS does it; what it exits with. None: it had to be killed."""
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


class Balancer:
    """haproxy with the sections that it is given; its front doors have ports of their own."""

    def __init__(self, machine, name, sections):
        self.machine, self.socket = machine, machine.folder / f"{name}.sock"
        path = machine.folder / f"{name}.cfg"
        path.write_text(f"""global
    stats socket {self.socket} mode 600 level admin
    maxconn 2000
    hard-stop-after 2s
defaults
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout http-keep-alive 60s
    # The load balancer of AWS tries no second target; neither does this one.
    retries 0
{sections}""")
        self.process = machine.start(name, ["haproxy", "-db", "-f", path])
        wait_until(10, self.socket.exists, f"the start of {name}")

    def ask(self, command):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(f"{command}\n".encode())
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65_536):
                answer += part
            return answer.decode()

    def state(self, backend, server):
        """UP, DOWN …; as haproxy says it."""
        for line in self.ask(f"show stat {backend} 4 -1").splitlines():
            fields = line.split(",")
            if fields[:2] == [backend, server]:
                return fields[17].split(" ")[0]
        raise Missed(f"{server} of {backend} in haproxy")

    def wait_for_one(self, backend, server, others):
        """haproxy takes every server to be up until it has looked; a standby must not get a session meanwhile."""
        self.wait_for(backend, server.name, "UP")
        for other in others:
            self.wait_for(backend, other.name, "DOWN")

    def wait_for(self, backend, server, state, seconds=30):
        wait_until(seconds, lambda: self.state(backend, server) == state, f"{state} of {server} in haproxy")


def http_front(name, port, shops, check):
    """A load balancer before shops. `check`: seconds between health checks, and how many failures take one out."""
    servers = "\n".join(f"    server {shop.name} 127.0.0.1:{shop.port} check" for shop in shops)
    return f"""frontend {name}-front
    mode http
    bind 127.0.0.1:{port}
    default_backend {name}
{http_back(name, servers, check)}"""


def http_back(name, servers, check, extra=""):
    interval, falls = check
    return f"""backend {name}
    mode http
    balance roundrobin
{extra}    option httpchk
    http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host shop
    http-check expect status 200
    default-server inter {int(interval * 1000)}ms fall {falls} rise 1
    timeout check 2s
{servers}
"""


def writer_front(name, port, databases):
    """Leads to whichever PostgreSQL takes writes: what the writer's endpoint of Aurora does by a name.

    Each new session is told in clear whether its server is a standby, so a start packet is enough to know.
    """
    user = f"user\0{PROBE}\0database\0postgres\0\0".encode()
    packet = (8 + len(user)).to_bytes(4, "big") + (196_608).to_bytes(4, "big") + user
    servers = "\n".join(f"    server {database.name} 127.0.0.1:{database.port} check" for database in databases)
    return f"""listen {name}
    mode tcp
    bind 127.0.0.1:{port}
    timeout client 1h
    timeout server 1h
    option tcp-check
    tcp-check connect
    tcp-check send-binary {packet.hex()}
    tcp-check expect binary {b"in_hot_standby".hex()}00{b"off".hex()}00
    default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
    timeout check 1s
{servers}
"""


def primary_front(name, port, caches):
    """Leads to whichever Redis is the primary: what the primary endpoint of ElastiCache does by a name."""
    servers = "\n".join(f"    server {cache.name} 127.0.0.1:{cache.port} check" for cache in caches)
    return f"""listen {name}
    mode tcp
    bind 127.0.0.1:{port}
    timeout client 1h
    timeout server 1h
    option tcp-check
    tcp-check connect
    tcp-check send "info replication\\r\\n"
    tcp-check expect string role:master
    default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
    timeout check 1s
{servers}
"""


def new_password():
    return secrets.token_hex(16)
