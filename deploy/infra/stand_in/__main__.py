"""Moto, with what it lacks of AWS for a shop to be applied to it, and one request at a time.

    python deploy/infra/stand_in -H 127.0.0.1 -p PORT

What the modules beside this one add keeps what it is given and gives it back: enough to see whether Terraform asks for the right
things and takes all of them away again, and no proof of what AWS would do with them.
"""

import threading

import absent
import alarms
import cache
import certificates
import databases
import deployment
import edge
import gateways
import guards
import metrics
import moto.server
import names
import services

# A connection that is kept open is closed at times just when the provider sends its next request, which it then repeats.
moto.server.MotoRequestHandler.protocol_version = "HTTP/1.0"


class OneAtATime:
    """Moto's backends are plain dictionaries, and Terraform asks for many things at once."""

    debug = False

    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            return [b"".join(self.application(environ, start_response))]


def main():
    for part in (alarms, cache, certificates, databases, deployment, edge, gateways, guards, metrics, names, services):
        part.add()
    application = moto.server.DomainDispatcherApplication
    moto.server.DomainDispatcherApplication = lambda create: OneAtATime(absent.Services(application(create)))
    moto.server.main()


if __name__ == "__main__":
    main()
