# What is watched in front of all regions, in us-east-1, where CloudFront and Route 53 have their metrics: whether each region
# answers, what CloudFront answers, its certificate. One alarm of alarms tells those on call.

locals {
  alarms = merge(
    {
      for region, id in var.health_check_ids : "down-${region}" => {
        says       = "${region} does not answer its health checks: Route 53 sends nobody there.", namespace = "AWS/Route53", metric = "HealthCheckStatus"
        dimensions = { HealthCheckId = id }, statistic = "Minimum", period = 60, times = 2, compare = "LessThanThreshold", threshold = 1
      }
    },
    {
      edge-errors = {
        says       = "More than one request in a hundred is answered with 5xx by CloudFront.", namespace = "AWS/CloudFront", metric = "5xxErrorRate"
        dimensions = { DistributionId = var.distribution_id, Region = "Global" }, statistic = "Average", period = 60, times = 5, compare = "GreaterThanThreshold", threshold = 1
      }
      edge-certificate = {
        says       = "CloudFront's certificate ends in less than three weeks.", namespace = "AWS/CertificateManager", metric = "DaysToExpiry"
        dimensions = { CertificateArn = var.certificate_arn }, statistic = "Minimum", period = 86400, times = 1, compare = "LessThanThreshold", threshold = 21
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = each.value.times
  comparison_operator = each.value.compare
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_composite_alarm" "edge" {
  alarm_name        = "${var.name}-edge"
  alarm_description = "A region is down, or CloudFront fails or is about to."
  alarm_rule        = join(" OR ", [for name in sort(keys(local.alarms)) : "ALARM(\"${var.name}-${name}\")"])
  alarm_actions     = [var.topic_arn]
  ok_actions        = [var.topic_arn]

  depends_on = [aws_cloudwatch_metric_alarm.this]
}
