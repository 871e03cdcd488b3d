"""What is refused, in a form that moto can answer with."""

from moto.core.exceptions import ServiceException


class NotThere(ServiceException):
    """Moto looks for the service that an exception is of where it is defined: one of moto's core is of none."""
