# How a new version of a service that is called takes over, and what takes it back.

locals {
  is_canary = local.is_service && local.is_called
}

resource "aws_cloudwatch_metric_alarm" "rollback_errors" {
  for_each            = local.is_canary ? var.traffic.target_groups : {}
  alarm_name          = "${local.full_name}-${each.key}-deployment-errors"
  alarm_description   = "A deployment of ${var.service} is taken back: targets answer with 5xx."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  dimensions          = { LoadBalancer = var.traffic.load_balancer_arn_suffix, TargetGroup = each.value.arn_suffix }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "rollback_latency" {
  for_each            = local.is_canary ? var.traffic.target_groups : {}
  alarm_name          = "${local.full_name}-${each.key}-deployment-latency"
  alarm_description   = "A deployment of ${var.service} is taken back: one request in a hundred takes longer than a second."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "TargetResponseTime"
  dimensions          = { LoadBalancer = var.traffic.load_balancer_arn_suffix, TargetGroup = each.value.arn_suffix }
  extended_statistic  = "p99"
  period              = 60
  evaluation_periods  = 2
  threshold           = 1
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

resource "aws_codedeploy_app" "this" {
  count            = local.is_canary ? 1 : 0
  name             = local.full_name
  compute_platform = "ECS"
}

resource "aws_iam_role" "deployment" {
  count = local.is_canary ? 1 : 0
  name  = "${local.full_name}-${var.place.region}-deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = var.place.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "deployment" {
  count      = local.is_canary ? 1 : 0
  role       = aws_iam_role.deployment[0].name
  policy_arn = "arn:aws:iam::aws:policy/AWSCodeDeployRoleForECSLimited"
}

# The limited policy lets roles be passed that are named by AWS; these two are named by us.
resource "aws_iam_role_policy" "deployment" {
  count = local.is_canary ? 1 : 0
  name  = "pass-the-tasks-roles"
  role  = aws_iam_role.deployment[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = [aws_iam_role.execution.arn, aws_iam_role.task.arn]
      Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    }]
  })
}

resource "aws_codedeploy_deployment_group" "this" {
  count                  = local.is_canary ? 1 : 0
  app_name               = aws_codedeploy_app.this[0].name
  deployment_group_name  = local.full_name
  deployment_config_name = "CodeDeployDefault.ECSCanary10Percent5Minutes"
  service_role_arn       = aws_iam_role.deployment[0].arn

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  ecs_service {
    cluster_name = var.cluster.name
    service_name = aws_ecs_service.canary[0].name
  }

  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route {
        listener_arns = [var.traffic.listener_arn]
      }

      target_group {
        name = var.traffic.target_groups.blue.name
      }

      target_group {
        name = var.traffic.target_groups.green.name
      }
    }
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout = "CONTINUE_DEPLOYMENT"
    }

    # The old version stays up for a while, so that going back is a matter of seconds.
    terminate_blue_instances_on_deployment_success {
      action                           = "TERMINATE"
      termination_wait_time_in_minutes = 15
    }
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
  }

  alarm_configuration {
    enabled                   = true
    ignore_poll_alarm_failure = false
    alarms = sort(concat(
      [for alarm in aws_cloudwatch_metric_alarm.rollback_errors : alarm.alarm_name],
      [for alarm in aws_cloudwatch_metric_alarm.rollback_latency : alarm.alarm_name],
    ))
  }
}
