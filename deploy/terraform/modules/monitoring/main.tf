# What is watched in a region, and who is told. Single alarms only feed the composite ones, which are what wakes somebody up.

locals {
  # 99.95 % of requests are answered without a 5xx in 30 days.
  error_budget = 0.0005
  # How fast the budget is spent, over a long window, and a short one that ends the alarm soon after the fault has ended.
  burns = {
    fast-1h  = { rate = 14.4, period = 3600 }
    fast-5m  = { rate = 14.4, period = 300 }
    slow-6h  = { rate = 6, period = 21600 }
    slow-30m = { rate = 6, period = 1800 }
  }

  above = "GreaterThanThreshold"
  below = "LessThanThreshold"
  alarms = merge(
    {
      latency = {
        says       = "One request in a hundred takes longer than half a second.", namespace = "AWS/ApplicationELB", metric = "TargetResponseTime"
        dimensions = { LoadBalancer = var.load_balancer.arn_suffix }, statistic = "p99", period = 60, times = 5, compare = local.above, threshold = 0.5
      }
      server-errors = {
        says       = "More than twenty requests a minute are answered with 5xx.", namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count"
        dimensions = { LoadBalancer = var.load_balancer.arn_suffix }, statistic = "Sum", period = 60, times = 3, compare = local.above, threshold = 20
      }
      certificate = {
        says       = "The load balancer's certificate ends in less than three weeks.", namespace = "AWS/CertificateManager", metric = "DaysToExpiry"
        dimensions = { CertificateArn = var.load_balancer.certificate_arn }, statistic = "Minimum", period = 86400, times = 1, compare = local.below, threshold = 21
      }
      outbox = {
        says       = "Events wait in the outbox for more than a minute.", namespace = var.cluster.namespace, metric = "shop_outbox_lag_seconds"
        dimensions = {}, statistic = "Maximum", period = 60, times = 5, compare = local.above, threshold = 60
      }
      holds = {
        says       = "Holds that have ended are not taken back: the worker is behind.", namespace = var.cluster.namespace, metric = "shop_holds_overdue"
        dimensions = {}, statistic = "Maximum", period = 60, times = 5, compare = local.above, threshold = 100
      }
      offers = {
        says       = "Prices arrive at the order service late; past a minute checkout refuses.", namespace = var.cluster.namespace, metric = "shop_offer_lag_seconds"
        dimensions = {}, statistic = "Maximum", period = 60, times = 3, compare = local.above, threshold = 30
      }
      database-queue = {
        says       = "Requests wait for a database connection.", namespace = var.cluster.namespace, metric = "shop_database_waiting"
        dimensions = {}, statistic = "Maximum", period = 60, times = 5, compare = local.above, threshold = 20
      }
    },
    {
      for name in var.services : "cpu-${name}" => {
        says       = "${name} needs all of its CPU, though it should have scaled.", namespace = "AWS/ECS", metric = "CPUUtilization"
        dimensions = { ClusterName = var.cluster.name, ServiceName = name }, statistic = "Average", period = 60, times = 10, compare = local.above, threshold = 85
      }
    },
    {
      for name in var.services : "memory-${name}" => {
        says       = "${name} needs nearly all of its memory.", namespace = "AWS/ECS", metric = "MemoryUtilization"
        dimensions = { ClusterName = var.cluster.name, ServiceName = name }, statistic = "Maximum", period = 60, times = 5, compare = local.above, threshold = 85
      }
    },
    {
      for name, database in var.databases : "connections-${name}" => {
        says       = "The database ${name} has more connections than it was sized for.", namespace = "AWS/RDS", metric = "DatabaseConnections"
        dimensions = { DBClusterIdentifier = database.id }, statistic = "Maximum", period = 60, times = 5, compare = local.above, threshold = 800
      }
    },
    {
      for name, database in var.databases : "database-cpu-${name}" => {
        says       = "The database ${name} needs all of its CPU.", namespace = "AWS/RDS", metric = "CPUUtilization"
        dimensions = { DBClusterIdentifier = database.id }, statistic = "Maximum", period = 60, times = 10, compare = local.above, threshold = 85
      }
    },
    {
      for name, database in var.databases : "storage-${name}" => {
        says       = "An instance of ${name} has little local storage left for sorts and logs.", namespace = "AWS/RDS", metric = "FreeLocalStorage"
        dimensions = { DBClusterIdentifier = database.id }, statistic = "Minimum", period = 300, times = 3, compare = local.below, threshold = 5368709120
      }
    },
    {
      for name, database in var.databases : "lag-${name}" => {
        says       = database.is_reader ? "This region is more than a second behind the one that writes." : "A reader of ${name} is more than a second behind."
        namespace  = "AWS/RDS", metric = database.is_reader ? "AuroraGlobalDBReplicationLag" : "AuroraReplicaLagMaximum"
        dimensions = { DBClusterIdentifier = database.id }, statistic = "Maximum", period = 60, times = 5, compare = local.above, threshold = 1000
      }
    },
    {
      for node in var.cache_nodes : "evictions-${node}" => {
        says       = "The cache drops what has not ended yet: it is too small.", namespace = "AWS/ElastiCache", metric = "Evictions"
        dimensions = { CacheClusterId = node }, statistic = "Sum", period = 300, times = 3, compare = local.above, threshold = 1000
      }
    },
  )

  # What shoppers feel, and what will be felt if nobody acts.
  pages = {
    shoppers = {
      says  = "Shoppers are turned away or wait."
      rules = ["(ALARM(\"${var.name}-burn-fast-1h\") AND ALARM(\"${var.name}-burn-fast-5m\"))", "(ALARM(\"${var.name}-burn-slow-6h\") AND ALARM(\"${var.name}-burn-slow-30m\"))", "ALARM(\"${var.name}-latency\")", "ALARM(\"${var.name}-server-errors\")"]
    }
    stores = {
      says  = "A database or the cache is near its end."
      rules = [for name in sort(keys(local.alarms)) : "ALARM(\"${var.name}-${name}\")" if can(regex("^(connections|database|storage|lag|evictions)-", name))]
    }
    work = {
      says  = "Work piles up, or a service is near its end."
      rules = [for name in sort(keys(local.alarms)) : "ALARM(\"${var.name}-${name}\")" if can(regex("^(outbox|holds|offers|cpu|memory|certificate)", name))]
    }
  }
}

resource "aws_sns_topic" "on_call" {
  name              = "${var.name}-on-call"
  kms_master_key_id = var.logs_key_arn
}

resource "aws_sns_topic_policy" "on_call" {
  arn = aws_sns_topic.on_call.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsAndBudgets"
      Effect    = "Allow"
      Principal = { Service = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.on_call.arn
    }]
  })
}

resource "aws_sns_topic_subscription" "on_call" {
  for_each  = var.emails
  topic_arn = aws_sns_topic.on_call.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_cloudwatch_metric_alarm" "burn" {
  for_each            = local.burns
  alarm_name          = "${var.name}-burn-${each.key}"
  alarm_description   = "The error budget of 99.95 % is spent ${each.value.rate} times too fast."
  comparison_operator = local.above
  threshold           = each.value.rate * local.error_budget
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "ratio"
    label       = "Requests answered with 5xx"
    expression  = "IF(requests > 0, (FILL(target, 0) + FILL(balancer, 0)) / requests, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { requests = "RequestCount", target = "HTTPCode_Target_5XX_Count", balancer = "HTTPCode_ELB_5XX_Count" }
    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        dimensions  = { LoadBalancer = var.load_balancer.arn_suffix }
        stat        = "Sum"
        period      = each.value.period
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  period              = each.value.period
  evaluation_periods  = each.value.times
  comparison_operator = each.value.compare
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_composite_alarm" "page" {
  for_each          = local.pages
  alarm_name        = "${var.name}-${each.key}"
  alarm_description = each.value.says
  alarm_rule        = join(" OR ", each.value.rules)
  alarm_actions     = [aws_sns_topic.on_call.arn]
  ok_actions        = [aws_sns_topic.on_call.arn]

  depends_on = [aws_cloudwatch_metric_alarm.burn, aws_cloudwatch_metric_alarm.this]
}

resource "aws_budgets_budget" "month" {
  count        = var.monthly_budget == null ? 0 : 1
  name         = "${var.name}-month"
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }
    content {
      notification_type          = notification.key
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      comparison_operator        = "GREATER_THAN"
      subscriber_email_addresses = var.emails
    }
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    start = "-PT3H"
    widgets = [
      for index, widget in [
        { title = "Requests and 5xx", metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.load_balancer.arn_suffix, { stat = "Sum" }], [".", "HTTPCode_Target_5XX_Count", ".", ".", { stat = "Sum", yAxis = "right" }]] },
        { title = "Answer times", metrics = [for statistic in ["p50", "p95", "p99"] : ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer.arn_suffix, { stat = statistic }]] },
        { title = "CPU of services", metrics = [for name in sort(var.services) : ["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster.name, "ServiceName", name]] },
        { title = "Memory of services", metrics = [for name in sort(var.services) : ["AWS/ECS", "MemoryUtilization", "ClusterName", var.cluster.name, "ServiceName", name]] },
        { title = "Database: connections", metrics = [for name, database in var.databases : ["AWS/RDS", "DatabaseConnections", "DBClusterIdentifier", database.id]] },
        { title = "Database: lag", metrics = [for name, database in var.databases : ["AWS/RDS", database.is_reader ? "AuroraGlobalDBReplicationLag" : "AuroraReplicaLagMaximum", "DBClusterIdentifier", database.id]] },
        { title = "Cache: evictions", metrics = [for node in var.cache_nodes : ["AWS/ElastiCache", "Evictions", "CacheClusterId", node]] },
        { title = "Work that waits", metrics = [for metric in ["shop_outbox_lag_seconds", "shop_holds_overdue", "shop_offer_lag_seconds"] : [var.cluster.namespace, metric]] },
        ] : {
        type       = "metric"
        x          = index % 2 * 12
        y          = floor(index / 2) * 6
        width      = 12
        height     = 6
        properties = { title = widget.title, metrics = widget.metrics, region = var.region, period = 60, view = "timeSeries", stacked = false }
      }
    ]
  })
}

resource "aws_iam_role" "grafana" {
  count = var.managed_grafana ? 1 : 0
  name  = "${var.name}-${var.region}-grafana"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "grafana.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "grafana" {
  for_each   = var.managed_grafana ? toset(["AmazonPrometheusQueryAccess", "CloudWatchReadOnlyAccess"]) : toset([])
  role       = aws_iam_role.grafana[0].name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_grafana_workspace" "this" {
  count                    = var.managed_grafana ? 1 : 0
  name                     = var.name
  account_access_type      = "CURRENT_ACCOUNT"
  authentication_providers = ["AWS_SSO"]
  permission_type          = "CUSTOMER_MANAGED"
  role_arn                 = aws_iam_role.grafana[0].arn
  data_sources             = ["PROMETHEUS", "CLOUDWATCH"]
}
