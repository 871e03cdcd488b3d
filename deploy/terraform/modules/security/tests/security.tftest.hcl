mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name        = "shop-test"
  account_id  = "123456789012"
  region      = "us-east-1"
  edge        = true
  admin_cidrs = ["203.0.113.0/24"]
  secrets     = { "test/shop/order/database" = "Where the order service finds its database" }
  guards      = "account"
}

run "keys_rotate" {
  assert {
    condition     = alltrue([for key in aws_kms_key.this : key.enable_key_rotation && key.deletion_window_in_days == 30])
    error_message = "Every key rotates and can be brought back for 30 days."
  }

  assert {
    condition = alltrue(flatten([
      for key in aws_kms_key.this : [
        for statement in jsondecode(key.policy).Statement :
        can(statement.Condition) || try(statement.Principal.AWS, "") == "arn:aws:iam::123456789012:root"
      ]
    ]))
    error_message = "Who is not this account itself may use a key only on a condition."
  }
}

run "both_web_acls_have_the_managed_groups_and_a_rate" {
  assert {
    condition     = { for place, acl in aws_wafv2_web_acl.this : place => acl.scope } == { edge = "CLOUDFRONT", regional = "REGIONAL" }
    error_message = "One web ACL is for CloudFront and one for the load balancer."
  }

  assert {
    condition = alltrue([
      for acl in aws_wafv2_web_acl.this : length(setsubtract(
        ["rate", "admin-from-known-addresses", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesSQLiRuleSet", "AWSManagedRulesAmazonIpReputationList"],
        [for rule in acl.rule : rule.name],
      )) == 0
    ])
    error_message = "Every web ACL has the managed rule groups, the rate and the rule for /v1/admin."
  }

  assert {
    condition = alltrue(flatten([
      for acl in aws_wafv2_web_acl.this : [
        for rule in acl.rule : rule.statement[0].rate_based_statement[0].limit == 3000 && length(rule.action[0].block) == 1 if rule.name == "rate"
      ]
    ]))
    error_message = "Past the rate an address is blocked."
  }
}

run "how_long_a_body_may_be_is_the_programs_to_say" {
  assert {
    condition = alltrue(flatten([
      for acl in aws_wafv2_web_acl.this : [
        for rule in acl.rule : [
          for override in rule.statement[0].managed_rule_group_statement[0].rule_action_override : "${override.name} ${length(override.action_to_use[0].count)}"
        ] == ["SizeRestrictions_BODY 1"] if rule.name == "AWSManagedRulesCommonRuleSet"
      ]
    ]))
    error_message = "A product of more than 8 KiB gets through; all other rules of the group block."
  }
}

run "only_our_cloudfront_reaches_the_load_balancer" {
  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.this["regional"].rule : rule.name == "only-our-cloudfront" && rule.priority == 10])
    error_message = "The regional web ACL asks for the origin secret before all else."
  }

  assert {
    condition     = !anytrue([for rule in aws_wafv2_web_acl.this["edge"].rule : rule.name == "only-our-cloudfront"])
    error_message = "Shoppers do not know the origin secret: CloudFront's web ACL must not ask for it."
  }
}

run "the_web_acl_logs_no_credential" {
  assert {
    condition = alltrue([
      for configuration in aws_wafv2_web_acl_logging_configuration.this : toset([
        for field in configuration.redacted_fields : field.single_header[0].name
      ]) == toset(["authorization", "shop-cart-token", "shop-origin-secret"])
    ])
    error_message = "Credentials are redacted in the web ACL's logs."
  }
}

run "secrets_have_names_and_no_values_here" {
  assert {
    condition     = aws_secretsmanager_secret.this["test/shop/order/database"].name == "test/shop/order/database"
    error_message = "Secrets are named {env}/shop/{service}/{name}."
  }

  assert {
    condition     = aws_secretsmanager_secret.this["test/shop/order/database"].kms_key_id == aws_kms_key.this["secrets"].arn
    error_message = "Secrets are encrypted by a key of their own."
  }
}

run "secrets_are_copied_to_the_second_region" {
  variables {
    replica = { region = "eu-west-1", key_arn = "arn:aws:kms:eu-west-1:123456789012:key/replica" }
  }

  assert {
    condition = alltrue([
      for secret in aws_secretsmanager_secret.this : toset([for replica in secret.replica : "${replica.region} ${replica.kms_key_id}"]) == toset(["eu-west-1 arn:aws:kms:eu-west-1:123456789012:key/replica"])
    ])
    error_message = "Each secret is replicated and encrypted there by that region's key."
  }
}

run "the_account_is_watched" {
  assert {
    condition     = aws_cloudtrail.this[0].is_multi_region_trail && aws_cloudtrail.this[0].enable_log_file_validation && aws_cloudtrail.this[0].kms_key_id == aws_kms_key.this["logs"].arn
    error_message = "The trail covers all regions, is encrypted, and shows tampering."
  }

  assert {
    condition     = aws_config_configuration_recorder.this[0].recording_group[0].all_supported && aws_config_configuration_recorder_status.this[0].is_enabled && length(aws_config_config_rule.this) >= 10
    error_message = "AWS Config records everything and has rules."
  }

  assert {
    condition = alltrue([
      for action in ["s3:PutObject", "s3:GetBucketAcl", "kms:GenerateDataKey"] :
      anytrue([for statement in jsondecode(aws_iam_role_policy.config[0].policy).Statement : contains(flatten([statement.Action]), action) && statement.Resource != "*"])
    ])
    error_message = "AWS Config may write what it has recorded into the audit bucket, and encrypt it, and nowhere else."
  }

  assert {
    condition     = aws_guardduty_detector.this[0].enable && aws_guardduty_detector_feature.this["RDS_LOGIN_EVENTS"].status == "ENABLED"
    error_message = "GuardDuty is on, for logins to the database too."
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_s3_bucket_policy.audit[0].policy).Statement : statement.Effect == "Deny" && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"])
    error_message = "The audit bucket answers over TLS alone."
  }
}

run "a_second_region_watches_itself_alone" {
  variables {
    region = "eu-west-1"
    edge   = false
    guards = "region"
  }

  assert {
    condition     = length(aws_cloudtrail.this) == 0 && length(aws_guardduty_detector.this) == 1 && keys(aws_wafv2_web_acl.this) == ["regional"]
    error_message = "The trail and CloudFront's web ACL are made once; GuardDuty in each region."
  }

  assert {
    condition     = !aws_config_configuration_recorder.this[0].recording_group[0].include_global_resource_types
    error_message = "Global resources are recorded once."
  }
}

run "an_environment_may_leave_the_account_to_another" {
  variables {
    guards = "none"
  }

  assert {
    condition     = length(aws_guardduty_detector.this) + length(aws_cloudtrail.this) + length(aws_config_config_rule.this) + length(aws_s3_bucket.audit) == 0
    error_message = "guards = none makes none of them."
  }
}

run "cloudfronts_web_acl_outside_us_east_1_is_refused" {
  command = plan

  variables {
    region = "eu-west-1"
  }

  expect_failures = [var.edge]
}

run "admin_for_everybody_is_refused" {
  command = plan

  variables {
    admin_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.admin_cidrs]
}

run "a_secret_with_another_kind_of_name_is_refused" {
  command = plan

  variables {
    secrets = { "database" = "" }
  }

  expect_failures = [var.secrets]
}

run "a_copy_into_the_same_region_is_refused" {
  command = plan

  variables {
    replica = { region = "us-east-1", key_arn = "arn:aws:kms:us-east-1:123456789012:key/replica" }
  }

  expect_failures = [var.replica]
}
