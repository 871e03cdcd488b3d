# Web ACLs: one for the load balancer of this region, and in us-east-1 one for CloudFront. Both have the same rules; the
# regional one asks for the header besides that only this shop's CloudFront sends.

locals {
  web_acls = merge({ regional = "REGIONAL" }, var.edge ? { edge = "CLOUDFRONT" } : {})
  managed_rule_groups = {
    AWSManagedRulesAmazonIpReputationList = 40
    AWSManagedRulesCommonRuleSet          = 50
    AWSManagedRulesKnownBadInputsRuleSet  = 60
    AWSManagedRulesSQLiRuleSet            = 70
  }
}

resource "aws_wafv2_ip_set" "admin" {
  for_each           = local.web_acls
  name               = "${var.name}-${each.key}-admin"
  description        = "Addresses that may reach /v1/admin"
  scope              = each.value
  ip_address_version = "IPV4"
  addresses          = var.admin_cidrs
}

# Matches nothing until deploy/infra/rotate-origin-secret has written the secret here: a secret has no place in the state.
resource "aws_wafv2_regex_pattern_set" "origin_secret" {
  name        = "${var.name}-origin-secret"
  description = "Values of Shop-Origin-Secret that are accepted: the one in use, and while rotating the one before it"
  scope       = "REGIONAL"

  regular_expression {
    regex_string = "^not-yet-written$"
  }

  lifecycle {
    # Written by the rotation alone.
    ignore_changes = [regular_expression]
  }
}

resource "aws_wafv2_web_acl" "this" {
  for_each    = local.web_acls
  name        = "${var.name}-${each.key}"
  description = each.key == "edge" ? "In front of CloudFront" : "In front of the load balancer"
  scope       = each.value

  default_action {
    allow {}
  }

  dynamic "rule" {
    for_each = each.key == "regional" ? [1] : []
    content {
      name     = "only-our-cloudfront"
      priority = 10

      action {
        block {}
      }

      statement {
        not_statement {
          statement {
            regex_pattern_set_reference_statement {
              arn = aws_wafv2_regex_pattern_set.origin_secret.arn

              field_to_match {
                single_header {
                  name = "shop-origin-secret"
                }
              }

              text_transformation {
                priority = 0
                type     = "NONE"
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "only-our-cloudfront"
        sampled_requests_enabled   = false
      }
    }
  }

  rule {
    name     = "admin-from-known-addresses"
    priority = 20

    action {
      block {}
    }

    statement {
      and_statement {
        statement {
          byte_match_statement {
            search_string         = "/v1/admin"
            positional_constraint = "STARTS_WITH"

            field_to_match {
              uri_path {}
            }

            text_transformation {
              priority = 0
              type     = "URL_DECODE"
            }

            text_transformation {
              priority = 1
              type     = "NORMALIZE_PATH"
            }

            text_transformation {
              priority = 2
              type     = "LOWERCASE"
            }
          }
        }

        statement {
          not_statement {
            statement {
              ip_set_reference_statement {
                arn = aws_wafv2_ip_set.admin[each.key].arn

                # The load balancer sees CloudFront's address; the last one forwarded is the one that CloudFront saw.
                dynamic "ip_set_forwarded_ip_config" {
                  for_each = each.key == "regional" ? [1] : []
                  content {
                    header_name       = "X-Forwarded-For"
                    position          = "LAST"
                    fallback_behavior = "NO_MATCH"
                  }
                }
              }
            }
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "admin-from-known-addresses"
      sampled_requests_enabled   = true
    }
  }

  rule {
    name     = "rate"
    priority = 30

    action {
      block {
        custom_response {
          response_code = 429

          response_header {
            name  = "Retry-After"
            value = "300"
          }
        }
      }
    }

    statement {
      rate_based_statement {
        limit                 = var.requests_per_five_minutes
        evaluation_window_sec = 300
        aggregate_key_type    = each.key == "edge" ? "IP" : "FORWARDED_IP"

        dynamic "forwarded_ip_config" {
          for_each = each.key == "edge" ? [] : [1]
          content {
            header_name       = "X-Forwarded-For"
            fallback_behavior = "MATCH"
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = true
    }
  }

  dynamic "rule" {
    for_each = local.managed_rule_groups
    content {
      name     = rule.key
      priority = rule.value

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.key

          # It blocks what is longer than 8 KiB, which a product with its variants may be. The program has a limit of its own, and says so.
          dynamic "rule_action_override" {
            for_each = rule.key == "AWSManagedRulesCommonRuleSet" ? ["SizeRestrictions_BODY"] : []
            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "${var.name}-${each.key}"
    sampled_requests_enabled   = true
  }
}

resource "aws_cloudwatch_log_group" "waf" {
  for_each = local.web_acls
  # AWS WAF writes only to groups whose names begin so.
  name              = "aws-waf-logs-${var.name}-${each.key}"
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.this["logs"].arn
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  for_each                = local.web_acls
  resource_arn            = aws_wafv2_web_acl.this[each.key].arn
  log_destination_configs = [aws_cloudwatch_log_group.waf[each.key].arn]

  dynamic "redacted_fields" {
    for_each = ["authorization", "shop-cart-token", "shop-origin-secret"]
    content {
      single_header {
        name = redacted_fields.value
      }
    }
  }

  logging_filter {
    default_behavior = "DROP"

    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"

      condition {
        action_condition {
          action = "BLOCK"
        }
      }
    }
  }
}
