"""A small HTTP/1.1 client that pipelines: it prepares thousands of carts in the time in which wrk measures a few seconds."""
import json
import socket


def request(method, path, body=None, headers=()):
    """The bytes of one request, as they go to the server and, in a file, to wrk."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    content = b""
    if body is not None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


class Refused(Exception):
    pass


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")

    def ask(self, *requests):
        """The bodies of the answers, in order; raises Refused at a status above 399."""
        self.socket.sendall(b"".join(requests))
        return [self.answer() for _ in requests]

    def read(self, request):
        """The bytes of the answer's body, not looked at: for timing."""
        self.socket.sendall(request)
        return self.body()

    def answer(self):
        body = self.body()
        return json.loads(body) if body[:1] in (b"{", b"[") else body

    def body(self):
        status = int(self.answers.readline().split()[1])
        length = 0
        while (line := self.answers.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = self.answers.read(length)
        if status > 399:
            raise Refused(f"{status} {body[:300].decode(errors='replace')}")
        return body
