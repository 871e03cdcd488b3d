"""Security groups: what a rule is for, also of one that names another group or a list of prefixes."""

from moto.ec2.models.security_groups import SecurityGroupRule


def add():
    make = SecurityGroupRule.__init__

    def __init__(self, *given, **named):
        make(self, *given, **named)
        # Moto looks for it where a range would be.
        self.purpose = next((item["Description"] for item in given if isinstance(item, dict) and "Description" in item), None)

    SecurityGroupRule.__init__ = __init__
    SecurityGroupRule.description = property(lambda self: self.ip_range.get("Description", self.purpose))
