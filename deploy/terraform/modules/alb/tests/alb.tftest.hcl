mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name                      = "shop-test"
  account_id                = "123456789012"
  network                   = { region = "us-east-1", vpc_id = "vpc-1", cidr = "10.1.0.0/16", subnet_ids = ["subnet-1", "subnet-2", "subnet-3"] }
  domain_names              = ["origin.shop.example"]
  zone_id                   = "Z0123456789"
  cloudfront_prefix_list_id = "pl-3b927c52"
  services = {
    product = { paths = ["/v1/products", "/v1/products/*", "/v1/search", "/v1/categories", "/v1/categories/*", "/v1/admin/products"], priority = 100 }
    order   = { paths = ["/v1/carts", "/v1/carts/*"], priority = 200 }
  }
  health_service = "product"
  web_acl_arn    = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/mock/1"
}

run "tls_1_3_and_nothing_in_clear" {
  assert {
    condition     = aws_lb_listener.https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" && aws_lb_listener.https.protocol == "HTTPS"
    error_message = "The listener speaks TLS 1.3, and 1.2 with forward secrecy."
  }

  assert {
    condition     = aws_lb_listener.http.default_action[0].type == "redirect" && aws_lb_listener.http.default_action[0].redirect[0].protocol == "HTTPS" && aws_lb_listener.http.default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "HTTP is sent to HTTPS."
  }
}

run "a_certificate_is_issued_for_the_origin_name" {
  assert {
    condition     = aws_acm_certificate.this[0].domain_name == "origin.shop.example" && aws_acm_certificate.this[0].validation_method == "DNS"
    error_message = "The certificate bears the name that CloudFront calls."
  }

  assert {
    condition     = aws_route53_record.certificate["origin.shop.example"].type == "CNAME" && aws_lb_listener.https.certificate_arn == aws_acm_certificate_validation.this[0].certificate_arn
    error_message = "The listener waits for the certificate to be proved."
  }
}

run "only_cloudfront_is_admitted" {
  assert {
    condition = alltrue([
      for rule in [aws_vpc_security_group_ingress_rule.https, aws_vpc_security_group_ingress_rule.http] :
      rule.prefix_list_id == "pl-3b927c52" && rule.cidr_ipv4 == null && rule.cidr_ipv6 == null
    ])
    error_message = "CloudFront's prefix list is all that comes in."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.to_services.from_port == 8080 && aws_vpc_security_group_egress_rule.to_services.cidr_ipv4 == "10.1.0.0/16"
    error_message = "It speaks to the services' port in its own network alone."
  }
}

run "what_is_not_known_is_not_found" {
  assert {
    condition     = aws_lb_listener.https.default_action[0].type == "fixed-response" && aws_lb_listener.https.default_action[0].fixed_response[0].status_code == "404"
    error_message = "The default answer is 404."
  }

  assert {
    condition = alltrue(flatten([
      for rule in concat(values(aws_lb_listener_rule.service), [aws_lb_listener_rule.health]) : [
        for condition in rule.condition : [
          for value in condition.path_pattern[0].values : startswith(value, "/v1/") || contains(["/health", "/health/deep"], value)
        ]
      ]
    ]))
    error_message = "Only /v1/, /health and /health/deep are forwarded."
  }
}

run "metrics_never_get_out" {
  assert {
    condition     = aws_lb_listener_rule.never.priority == 1 && aws_lb_listener_rule.never.action[0].fixed_response[0].status_code == "404" && one(aws_lb_listener_rule.never.condition).path_pattern[0].values == toset(["/metrics", "/metrics/*"])
    error_message = "/metrics is answered by 404 before every other rule."
  }
}

run "paths_lead_to_their_service" {
  assert {
    condition = alltrue([
      for name, rule in aws_lb_listener_rule.service : length(one(rule.condition).path_pattern[0].values) <= 5
    ])
    error_message = "AWS takes five paths a rule."
  }

  assert {
    condition     = keys(aws_lb_listener_rule.service) == ["order-0", "product-0", "product-1"] && aws_lb_listener_rule.service["product-1"].priority == 101
    error_message = "A service with six paths has two rules, one after the other."
  }
}

run "the_firewall_is_in_front" {
  assert {
    condition     = aws_wafv2_web_acl_association.this.web_acl_arn == var.web_acl_arn && aws_wafv2_web_acl_association.this.resource_arn == aws_lb.this.arn
    error_message = "The web ACL, which asks for the origin secret and guards /v1/admin, stands before the load balancer."
  }

  assert {
    condition     = aws_lb.this.enable_waf_fail_open == false
    error_message = "Without an answer of the web ACL nothing is forwarded."
  }
}

run "it_is_strict_and_protected" {
  assert {
    condition     = aws_lb.this.desync_mitigation_mode == "strictest" && aws_lb.this.drop_invalid_header_fields
    error_message = "Ambiguous requests are refused."
  }

  assert {
    condition     = aws_lb.this.enable_deletion_protection && aws_lb.this.enable_cross_zone_load_balancing
    error_message = "It is not deleted by mistake, and spreads over zones."
  }

  assert {
    condition     = aws_lb.this.access_logs[0].enabled && aws_lb.this.access_logs[0].bucket == aws_s3_bucket.logs.id && aws_s3_bucket_public_access_block.logs.restrict_public_buckets
    error_message = "Requests are logged to a bucket that is not public."
  }
}

run "idle_connections_end_here_first" {
  assert {
    condition     = aws_lb.this.idle_timeout < 75
    error_message = "The server keeps idle connections for 75 s: the load balancer must let go before."
  }
}

run "targets_warm_up_and_drain" {
  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.slow_start >= 30 && tonumber(group.deregistration_delay) == 15 && group.target_type == "ip"])
    error_message = "New targets get little at first; old ones finish what they have."
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.health_check[0].path == "/health/ready" && group.health_check[0].interval == 5])
    error_message = "A target is in as long as it says that it is ready."
  }

  assert {
    condition     = keys(aws_lb_target_group.this) == ["order-blue", "order-green", "product-blue", "product-green"]
    error_message = "Each service has a blue and a green group."
  }
}

run "shield_advanced_is_a_switch" {
  variables {
    shield_advanced = true
  }

  assert {
    condition     = aws_shield_protection.this[0].resource_arn == aws_lb.this.arn
    error_message = "The switch protects the load balancer."
  }
}

run "a_missing_certificate_is_refused" {
  command = plan

  variables {
    zone_id = null
  }

  expect_failures = [var.zone_id]
}

run "a_certificate_of_another_region_is_refused" {
  command = plan

  variables {
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
  }

  expect_failures = [var.certificate_arn]
}

run "a_path_outside_the_api_is_refused" {
  command = plan

  variables {
    services = { product = { paths = ["/metrics"], priority = 100 } }
  }

  expect_failures = [var.services]
}

run "an_unknown_health_service_is_refused" {
  command = plan

  variables {
    health_service = "user"
  }

  expect_failures = [var.health_service]
}
