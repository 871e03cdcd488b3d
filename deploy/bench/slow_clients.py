#!/usr/bin/env python3
"""Lets 5,000 clients at a time at a server that send their head, or their content, a byte now and then, or do not read: what one
costs, when it is cut, and what the others notice. Meanwhile connections that are merely idle must live for 75 s.

Whoever is cut comes back at once, so that there are 5,000 all the time.
"""
import argparse
import select
import socket
import sys
import tempfile
import threading
import time

import load
from client import request
from targets import Shop

CLIENTS = 5000
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"POST /v1/carts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{"
READ = b"GET /v1/products?limit=100 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
# What is sent at first, and whether a byte follows every two seconds.
KINDS = {"slow heads": (HEAD, True), "slow contents": (BODY, True), "readers that do not read": (READ, False)}


class Attack(threading.Thread):
    def __init__(self, port, first, trickles):
        super().__init__(daemon=True)
        self.port, self.first, self.trickles = port, first, trickles
        self.over = threading.Event()
        self.full = threading.Event()
        self.lives = []
        self.failures = 0

    def open(self):
        client = socket.socket()
        # Set before connecting, so that the window is small from the start.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", self.port))
        self.poll.register(client, select.EPOLLOUT)
        self.clients[client.fileno()] = [client, time.monotonic(), False]

    def run(self):
        self.poll, self.clients = select.epoll(), {}
        turn = 0
        while not self.over.is_set():
            began = time.monotonic()
            for _ in range(min(250, CLIENTS - len(self.clients))):
                self.open()
            if len(self.clients) == CLIENTS and turn > 40:
                self.full.set()
            for number, events in self.poll.poll(0.01, 1000):
                self.handle(number, events)
            if self.trickles:
                # A fortieth of them every twentieth of a second.
                for number in [number for number in self.clients if number % 40 == turn % 40]:
                    client, _, is_open = self.clients[number]
                    if is_open:
                        try:
                            client.send(b"a")
                        except OSError:
                            self.cut(number)
            turn += 1
            self.over.wait(max(0, 0.05 - (time.monotonic() - began)))
        for client, _, _ in self.clients.values():
            client.close()

    def handle(self, number, events):
        client, _, is_open = self.clients[number]
        if events & (select.EPOLLHUP | select.EPOLLERR):
            return self.cut(number)
        if not is_open and events & select.EPOLLOUT:
            try:
                client.send(self.first)
            except OSError:
                self.failures += 1
                return self.cut(number, counts=False)
            self.clients[number][2] = True
            # Those that do not read hear of their end by EPOLLHUP alone.
            self.poll.modify(number, select.EPOLLIN | select.EPOLLRDHUP if self.trickles else 0)
        elif events & (select.EPOLLIN | select.EPOLLRDHUP):
            self.cut(number)

    def cut(self, number, counts=True):
        client, began, _ = self.clients.pop(number)
        if counts:
            self.lives.append(time.monotonic() - began)
        self.poll.unregister(number)
        client.close()


class Idle(threading.Thread):
    """Keep-alive connections with one answered request: how long they live."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.clients = []
        for _ in range(50):
            client = socket.create_connection(("127.0.0.1", port))
            client.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            client.recv(65536)
            self.clients.append(client)
        self.began = time.monotonic()
        self.lives = []

    def run(self):
        waiting = list(self.clients)
        while waiting and time.monotonic() - self.began < 100:
            ready, _, _ = select.select(waiting, [], [], 1)
            for client in ready:
                self.lives.append(time.monotonic() - self.began)
                waiting.remove(client)
        self.lives += [100.0] * len(waiting)


def kernel_kilobytes():
    with open("/proc/net/sockstat") as file:
        return int(file.read().split("TCP:")[1].split("mem ")[1].split()[0]) * 4


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--load", required=True, metavar="PROGRAM")
    arguments.add_argument("--shop", type=int, required=True, metavar="PORT")
    arguments.add_argument("--shop-uncached", type=int, required=True, metavar="PORT")
    arguments.add_argument("--short", action="store_true")
    options = arguments.parse_args()
    goals, port, server = load.Goals(), options.shop, load.listener(options.shop)
    seconds = 10 if options.short else 30
    shop = Shop(port, port)
    kinds = {"products": (90, [request("GET", f"/v1/products/{handle}") for handle in shop.handles]),
             "listings": (9, shop.requests("listing uncached")), "carts": (1, shop.requests("cart add"))}
    idle = Idle(port)
    idle.start()

    with tempfile.TemporaryDirectory() as directory:
        def others():
            report = load.run(options.load, port, [(options_rate, 2), (options_rate, seconds)], kinds, directory, 64)
            return report["phases"][1]

        options_rate = 1000
        print(f"{CLIENTS:,} slow clients of each kind in turn, while others send {options_rate:,} requests/s:")
        others()
        quiet = others()
        for name, (first, trickles) in KINDS.items():
            if name == "readers that do not read":
                others()
            resident, kernel = load.resident_kilobytes(server), kernel_kilobytes()
            before = load.series(port)
            attack = Attack(port, first, trickles)
            attack.start()
            if not attack.full.wait(60):
                raise SystemExit(f"{name}: only {len(attack.clients)} of {CLIENTS} could connect")
            used = []
            watch = threading.Timer(seconds / 2, lambda: used.append((load.resident_kilobytes(server), kernel_kilobytes())))
            watch.start()
            during = others()
            # The last of them to be cut have been there since the end of the load.
            time.sleep(5 if options.short else 0)
            after = load.series(port)
            attack.over.set()
            attack.join()
            print(f" {name}: {len(attack.lives):,} cut, after {min(attack.lives, default=0):.1f} to {max(attack.lives, default=0):.1f} s")
            goals.check("until the last was cut", max(attack.lives, default=99), {"slow heads": 15, "slow contents": 25}.get(name, 30), unit=" s")
            goals.check("memory of the server for each", (used[0][0] - resident) / CLIENTS, 16, unit=" KB")
            print(f"  memory of the kernel for each, both ends: {(used[0][1] - kernel) / CLIENTS:.1f} KB")
            for kind in kinds:
                ratio = load.p99(during, kind) / load.p99(quiet, kind)
                goals.check(f"p99 of {kind}, {load.p99(during, kind):.1f} ms, of the quiet {load.p99(quiet, kind):.1f} ms", ratio, 2, unit=" ×")
            goals.check("others that got no answer", sum(load.count(during, what) for what in ("failed", "broken", "refused")), 0)
            cut = {key: after[key] - before.get(key, 0) for key in after if key.startswith("shop_http_timeouts_total") and after[key] > before.get(key, 0)}
            print("  counted as " + ", ".join(f"{key.partition('{')[2][:-1]} {value:,.0f}" for key, value in cut.items()))
            time.sleep(3)
    idle.join()
    print(f" {len(idle.lives)} idle connections lived for {min(idle.lives):.0f} to {max(idle.lives):.0f} s")
    goals.check("the shortest life of an idle one", min(idle.lives), 70, True, " s")
    sys.exit(1 if goals.missed else 0)


main()
