"""Route 53: hosted zones whose ids begin as AWS's do."""

import moto.route53.models as route53


def add():
    create = route53.create_route53_zone_id
    route53.create_route53_zone_id = lambda **given: "Z" + create(**given)
