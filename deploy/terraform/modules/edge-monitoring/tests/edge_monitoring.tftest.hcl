mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name             = "shop-test"
  distribution_id  = "E0123456789"
  certificate_arn  = "arn:aws:acm:us-east-1:123456789012:certificate/1"
  health_check_ids = { us-east-1 = "check-1", eu-west-1 = "check-2" }
  topic_arn        = "arn:aws:sns:us-east-1:123456789012:shop-test-on-call"
}

run "a_region_that_does_not_answer_is_told" {
  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.dimensions.HealthCheckId if alarm.metric_name == "HealthCheckStatus" && alarm.comparison_operator == "LessThanThreshold" && alarm.threshold == 1
    } == { down-us-east-1 = "check-1", down-eu-west-1 = "check-2" }
    error_message = "Each region's health check has its alarm."
  }
}

run "cloudfronts_answers_and_its_certificate_are_watched" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["edge-errors"].dimensions == tomap({ DistributionId = "E0123456789", Region = "Global" })
    error_message = "CloudFront's own 5xx count, whichever region they come from."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["edge-certificate"].dimensions.CertificateArn == var.certificate_arn && aws_cloudwatch_metric_alarm.this["edge-certificate"].threshold == 21
    error_message = "Three weeks are left to renew the certificate."
  }
}

run "one_alarm_tells_those_on_call" {
  assert {
    condition     = aws_cloudwatch_composite_alarm.edge.alarm_actions == toset([var.topic_arn]) && alltrue([for alarm in aws_cloudwatch_metric_alarm.this : try(length(alarm.alarm_actions), 0) == 0])
    error_message = "Single alarms wake nobody; the one of all of them does."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : strcontains(aws_cloudwatch_composite_alarm.edge.alarm_rule, "ALARM(\"${alarm.alarm_name}\")")])
    error_message = "It has all of them in its rule."
  }
}

run "a_topic_of_another_region_is_refused" {
  command = plan

  variables {
    topic_arn = "arn:aws:sns:eu-west-1:123456789012:shop-test-on-call"
  }

  expect_failures = [var.topic_arn]
}
