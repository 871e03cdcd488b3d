"""A line between two regions: everything that comes through is held back for a while, and can be cut off."""
import collections
import socket
import threading
import time


class Line:
    """Leads from its own port to the other one. What is on its way when it is cut never arrives."""

    def __init__(self, to_port, delay):
        self.to_port, self.delay = to_port, delay
        self.closed = threading.Event()
        self.sockets = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.closed.is_set():
            try:
                near, _ = self.door.accept()
                far = socket.create_connection(("127.0.0.1", self.to_port))
            except OSError:
                return
            self.sockets += [near, far]
            for source, target in ((near, far), (far, near)):
                waiting = collections.deque()
                ready = threading.Condition()
                threading.Thread(target=self.take, args=(source, waiting, ready), daemon=True).start()
                threading.Thread(target=self.give, args=(target, waiting, ready), daemon=True).start()

    def take(self, source, waiting, ready):
        data = True
        while data and not self.closed.is_set():
            try:
                data = source.recv(262_144)
            except OSError:
                data = b""
            with ready:
                waiting.append((time.monotonic() + self.delay, data))
                ready.notify()

    def give(self, target, waiting, ready):
        while not self.closed.is_set():
            with ready:
                while not waiting:
                    ready.wait()
                due, data = waiting.popleft()
            if self.closed.wait(max(0, due - time.monotonic())):
                return
            try:
                if data:
                    target.sendall(data)
                else:
                    target.shutdown(socket.SHUT_WR)
            except OSError:
                return

    def cut(self):
        self.closed.set()
        for end in (self.door, *self.sockets):
            try:
                end.close()
            except OSError:
                pass
