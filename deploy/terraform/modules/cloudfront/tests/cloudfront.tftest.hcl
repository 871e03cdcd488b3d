mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name         = "shop-test"
  account_id   = "123456789012"
  domain_names = ["origin.shop.example"]
  zone_id      = "Z0123456789"
  origins = {
    nearest = "origin.shop.example"
    writer  = "writer.origin.shop.example"
    regions = { us-east-1 = "us-east-1.origin.shop.example", eu-west-1 = "eu-west-1.origin.shop.example" }
  }
  media       = { name = "media", arn = "arn:aws:s3:::media", domain_name = "media.s3.us-east-1.amazonaws.com", access_control_id = "E1" }
  web_acl_arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/mock/1"
}

run "catalogue_pages_are_kept_for_a_minute" {
  assert {
    condition     = aws_cloudfront_cache_policy.catalogue.default_ttl == 60 && aws_cloudfront_cache_policy.catalogue.max_ttl == 60
    error_message = "60 s, whatever the origin says."
  }

  assert {
    condition = alltrue([
      for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior :
      behaviour.target_origin_id == "nearest" && behaviour.cache_policy_id == aws_cloudfront_cache_policy.catalogue.id && !contains(behaviour.allowed_methods, "POST")
      if startswith(behaviour.path_pattern, "/v1/")
    ])
    error_message = "Catalogue pages come from the nearest region, by GET alone."
  }

  assert {
    condition     = length([for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : behaviour if startswith(behaviour.path_pattern, "/v1/")]) == 5
    error_message = "Products, search and categories are kept, nothing else of /v1/."
  }
}

run "nothing_personal_is_kept" {
  assert {
    condition     = aws_cloudfront_cache_policy.catalogue.parameters_in_cache_key_and_forwarded_to_origin[0].headers_config[0].header_behavior == "none" && aws_cloudfront_cache_policy.catalogue.parameters_in_cache_key_and_forwarded_to_origin[0].cookies_config[0].cookie_behavior == "none"
    error_message = "Neither headers nor cookies reach the origin on cached paths by the key."
  }

  assert {
    condition     = one(aws_cloudfront_origin_request_policy.catalogue.headers_config[0].headers).items == toset(["shop-origin-secret"])
    error_message = "On cached paths the origin sees no Authorization and no cart token."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "writer" && aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    error_message = "Carts, orders and accounts go to the writer's region and are never kept."
  }
}

run "query_names_are_held_to_a_list" {
  assert {
    condition     = strcontains(aws_cloudfront_function.viewer_request.code, "limit|after|sort|q|category|currency|count") && aws_cloudfront_function.viewer_request.publish
    error_message = "The function refuses names that the catalogue does not know."
  }

  assert {
    condition = alltrue([
      for behaviour in concat(aws_cloudfront_distribution.this.ordered_cache_behavior, aws_cloudfront_distribution.this.default_cache_behavior) :
      one(behaviour.function_association).event_type == "viewer-request" if behaviour.target_origin_id != "media"
    ])
    error_message = "The function runs before every load balancer."
  }
}

run "the_origin_knows_us_by_a_secret_that_is_not_in_the_state" {
  assert {
    condition     = alltrue([for origin in aws_cloudfront_distribution.this.origin : length(origin.custom_header) == 0])
    error_message = "A header of the distribution would be in the state."
  }

  assert {
    condition     = aws_cloudfront_function.viewer_request.key_value_store_associations == toset([aws_cloudfront_key_value_store.this.arn])
    error_message = "The function takes the secret from the store at the edge."
  }
}

run "each_region_is_asked_how_it_is" {
  assert {
    condition = {
      for behaviour in aws_cloudfront_distribution.this.ordered_cache_behavior : behaviour.path_pattern => behaviour.target_origin_id if startswith(behaviour.path_pattern, "/health")
    } == { "/health/deep/us-east-1" = "region-us-east-1", "/health/deep/eu-west-1" = "region-eu-west-1" }
    error_message = "Health checks of a region reach that region."
  }
}

run "media_are_signed_for" {
  assert {
    condition     = one([for origin in aws_cloudfront_distribution.this.origin : origin.origin_access_control_id if origin.origin_id == "media"]) == "E1"
    error_message = "The bucket is asked by signed requests."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_s3_bucket_policy.media.policy).Statement : statement.Condition.StringEquals["AWS:SourceArn"] if statement.Effect == "Allow"]) == aws_cloudfront_distribution.this.arn
    error_message = "The bucket answers this distribution alone."
  }
}

run "new_protocols_in_front_tls_behind" {
  assert {
    condition     = aws_cloudfront_distribution.this.http_version == "http2and3" && aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021"
    error_message = "Shoppers get HTTP/3 and TLS 1.2 or newer."
  }

  assert {
    condition     = alltrue([for origin in aws_cloudfront_distribution.this.origin : origin.custom_origin_config[0].origin_protocol_policy == "https-only" if origin.origin_id != "media"])
    error_message = "Load balancers are spoken to over TLS alone."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.web_acl_id == var.web_acl_arn && length(aws_cloudfront_distribution.this.logging_config) == 1
    error_message = "The web ACL is in front, and requests are logged."
  }
}

run "media_and_logs_speak_tls_alone" {
  assert {
    condition = alltrue([
      for policy in [aws_s3_bucket_policy.media.policy, aws_s3_bucket_policy.logs.policy] :
      [for statement in jsondecode(policy).Statement : statement.Effect if try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"] == ["Deny"]
    ])
    error_message = "What does not come over TLS is refused."
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

run "keeping_carts_is_refused" {
  command = plan

  variables {
    catalogue_paths = ["/v1/carts/*"]
  }

  expect_failures = [var.catalogue_paths]
}
