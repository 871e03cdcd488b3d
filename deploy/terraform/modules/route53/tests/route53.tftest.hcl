mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name         = "shop-test"
  zone_id      = "Z0123456789"
  domain_names = ["shop.example"]
  origin_name  = "origin.shop.example"
  distribution = { name = "d1.cloudfront.net", zone_id = "Z2FDTNDATAQYW2" }
  load_balancers = {
    us-east-1 = { name = "us.elb.amazonaws.com", zone_id = "Z35SXDOTRQ7X7K" }
    eu-west-1 = { name = "eu.elb.amazonaws.com", zone_id = "Z32O12XQLNTSW2" }
  }
  writer_region = "us-east-1"
}

run "the_shop_is_behind_cloudfront" {
  assert {
    condition     = { for key, record in aws_route53_record.shop : key => record.alias[0].name } == { "shop.example A" = "d1.cloudfront.net", "shop.example AAAA" = "d1.cloudfront.net" }
    error_message = "The shop's name leads to CloudFront, by IPv4 and IPv6."
  }
}

run "the_nearest_healthy_region_answers" {
  assert {
    condition     = { for region, record in aws_route53_record.nearest : region => record.latency_routing_policy[0].region } == { us-east-1 = "us-east-1", eu-west-1 = "eu-west-1" }
    error_message = "There is a latency record for each region."
  }

  assert {
    condition     = alltrue([for region, record in aws_route53_record.nearest : record.health_check_id == aws_route53_health_check.region[region].id && record.alias[0].evaluate_target_health])
    error_message = "A region that is not well is not answered with."
  }
}

run "health_is_asked_every_ten_seconds" {
  assert {
    condition     = alltrue([for region, check in aws_route53_health_check.region : check.request_interval == 10 && check.type == "HTTPS" && check.resource_path == "/health/deep/${region}" && check.fqdn == "shop.example"])
    error_message = "Every 10 s, over TLS, each region by its own path through CloudFront."
  }

  assert {
    condition     = alltrue([for check in aws_route53_health_check.region : check.failure_threshold == 3])
    error_message = "A region is out after 30 s."
  }
}

run "a_failover_moves_the_writer" {
  variables {
    writer_region = "eu-west-1"
  }

  assert {
    condition     = aws_route53_record.writer.name == "writer.origin.shop.example" && aws_route53_record.writer.alias[0].name == "eu.elb.amazonaws.com"
    error_message = "Orders go where the database is written."
  }
}

run "a_writer_without_a_load_balancer_is_refused" {
  command = plan

  variables {
    writer_region = "ap-southeast-2"
  }

  expect_failures = [var.writer_region]
}
