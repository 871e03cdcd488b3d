"""Moto, with what it lacks of AWS for a shop to be applied to it, and one request at a time.

    python deploy/infra/stand_in -H 127.0.0.1 -p PORT

What the modules beside this one add keeps what it is given and gives it back: enough to see whether Terraform asks for the right
things and takes all of them away again, and no proof of what AWS would do with them.
"""

import sys
import threading

import absent
import alarms
import cache
import certificates
import databases
import deployment
import edge
import gateways
import gone
import groups
import guards
import metrics
import moto.server
import names
import services

# A connection that is kept open is closed at times just when the provider sends its next request, which it then repeats.
moto.server.MotoRequestHandler.protocol_version = "HTTP/1.0"


PARTS = alarms, cache, certificates, databases, deployment, edge, gateways, gone, groups, guards, metrics, names, services


class OneAtATime:
    """Moto's backends are plain dictionaries, and Terraform asks for many things at once.

    A call whose answer was lost is sent again under its own number, and what it was to make would be there already: it gets
    the first answer again.
    """

    debug = False
    kept = 2000

    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()
        self.answers = {}

    def __call__(self, environ, start_response):
        call = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        with self.lock:
            if call in self.answers:
                (status, headers), body = self.answers[call]
                # What is left unread when a connection is closed loses the answer.
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                print(f"Answered again: {status}", file=sys.stderr)
                start_response(status, headers)
                return body
            begun = []

            def start(status, headers, *fault):
                begun[:] = status, headers
                return start_response(status, headers, *fault)

            body = [b"".join(self.application(environ, start))]
            if call and begun[0] < "5":
                self.answers[call] = (tuple(begun), body)
                if len(self.answers) > self.kept:
                    del self.answers[next(iter(self.answers))]
            return body


def main():
    for part in PARTS:
        part.add()
    application = moto.server.DomainDispatcherApplication
    moto.server.DomainDispatcherApplication = lambda create: OneAtATime(absent.Services(application(create)))
    moto.server.main()


if __name__ == "__main__":
    main()
