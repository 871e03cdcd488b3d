# Names: the shop's own lead to CloudFront; CloudFront finds the regions by the origin names, of which the nearest answers that
# is healthy.

resource "aws_route53_record" "shop" {
  for_each = { for pair in setproduct(var.domain_names, ["A", "AAAA"]) : "${pair[0]} ${pair[1]}" => { name = pair[0], type = pair[1] } }
  zone_id  = var.zone_id
  name     = each.value.name
  type     = each.value.type

  alias {
    name                   = var.distribution.name
    zone_id                = var.distribution.zone_id
    evaluate_target_health = false
  }
}

# Through CloudFront, which sends the origin secret along and is all that the load balancers admit.
resource "aws_route53_health_check" "region" {
  for_each          = var.load_balancers
  reference_name    = "${var.name}-${each.key}"
  type              = "HTTPS"
  fqdn              = var.domain_names[0]
  port              = 443
  enable_sni        = true
  resource_path     = "/health/deep/${each.key}"
  request_interval  = 10
  failure_threshold = 3
  measure_latency   = true
  tags              = { Name = "${var.name}-${each.key}" }
}

resource "aws_route53_record" "nearest" {
  for_each        = var.load_balancers
  zone_id         = var.zone_id
  name            = var.origin_name
  type            = "A"
  set_identifier  = each.key
  health_check_id = aws_route53_health_check.region[each.key].id

  alias {
    name                   = each.value.name
    zone_id                = each.value.zone_id
    evaluate_target_health = true
  }

  latency_routing_policy {
    region = each.key
  }
}

# Without a health check: these are what the health checks go by.
resource "aws_route53_record" "region" {
  for_each = var.load_balancers
  zone_id  = var.zone_id
  name     = "${each.key}.${var.origin_name}"
  type     = "A"

  alias {
    name                   = each.value.name
    zone_id                = each.value.zone_id
    evaluate_target_health = false
  }
}

# Does not move by itself: the database must be promoted with it, or the other region would refuse every order.
resource "aws_route53_record" "writer" {
  zone_id = var.zone_id
  name    = "writer.${var.origin_name}"
  type    = "A"

  alias {
    name                   = var.load_balancers[var.writer_region].name
    zone_id                = var.load_balancers[var.writer_region].zone_id
    evaluate_target_health = false
  }
}
