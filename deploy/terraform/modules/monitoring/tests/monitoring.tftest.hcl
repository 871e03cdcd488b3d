mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name           = "shop-test"
  region         = "us-east-1"
  logs_key_arn   = "arn:aws:kms:us-east-1:123456789012:key/logs"
  emails         = ["on-call@shop.example"]
  monthly_budget = 300
  load_balancer  = { arn_suffix = "app/shop-test/1", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" }
  cluster        = { name = "shop-test", namespace = "shop-test" }
  services       = ["product", "order"]
  databases      = { shop = { id = "shop-test-shop", is_reader = false } }
  cache_nodes    = ["shop-test-001", "shop-test-002"]
}

run "the_error_budget_is_watched_over_two_pairs_of_windows" {
  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.burn : name => format("%.4f", alarm.threshold) } == { fast-1h = "0.0072", fast-5m = "0.0072", slow-6h = "0.0030", slow-30m = "0.0030" }
    error_message = "14.4 times over an hour, 6 times over six, of 0.05 %."
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.burn : name => one(distinct([for query in alarm.metric_query : query.metric[0].period if length(query.metric) > 0]))
    } == { fast-1h = 3600, fast-5m = 300, slow-6h = 21600, slow-30m = 1800 }
    error_message = "Long windows of an hour and six, short ones of 5 and 30 minutes."
  }

  assert {
    condition     = strcontains(aws_cloudwatch_composite_alarm.page["shoppers"].alarm_rule, "(ALARM(\"shop-test-burn-fast-1h\") AND ALARM(\"shop-test-burn-fast-5m\"))")
    error_message = "Only both windows together wake somebody up."
  }
}

run "everything_that_ends_is_watched" {
  assert {
    condition = length(setsubtract([
      "latency", "server-errors", "certificate", "outbox", "holds", "offers", "database-queue", "cpu-product", "memory-order",
      "connections-shop", "database-cpu-shop", "storage-shop", "lag-shop", "evictions-shop-test-001", "evictions-shop-test-002",
    ], keys(aws_cloudwatch_metric_alarm.this))) == 0
    error_message = "5xx, latency, CPU, memory, connections, lag, storage, evictions, queues, certificate."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["latency"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.this["certificate"].threshold == 21
    error_message = "The slowest hundredth is what is watched; certificates three weeks before."
  }
}

run "single_alarms_wake_nobody" {
  assert {
    condition     = alltrue([for alarm in merge(aws_cloudwatch_metric_alarm.this, aws_cloudwatch_metric_alarm.burn) : length(coalesce(alarm.alarm_actions, [])) == 0])
    error_message = "Only composite alarms have actions."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_composite_alarm.page : alarm.alarm_actions == toset([aws_sns_topic.on_call.arn])])
    error_message = "Composite alarms tell those on call."
  }

  assert {
    condition = alltrue([
      for name in keys(aws_cloudwatch_metric_alarm.this) : anytrue([for page in aws_cloudwatch_composite_alarm.page : strcontains(page.alarm_rule, "\"shop-test-${name}\"")])
    ])
    error_message = "Every alarm is a part of a composite one."
  }
}

run "those_on_call_are_told" {
  assert {
    condition     = aws_sns_topic_subscription.on_call["on-call@shop.example"].protocol == "email" && aws_sns_topic.on_call.kms_master_key_id == var.logs_key_arn
    error_message = "The topic is encrypted and reaches the addresses."
  }

  assert {
    condition     = aws_budgets_budget.month[0].limit_amount == "300"
    error_message = "The month's cost is watched."
  }
}

run "the_dashboard_shows_it" {
  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 8 && alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : length(widget.properties.metrics) > 0])
    error_message = "Every part of the dashboard has metrics."
  }
}

run "a_reading_region_watches_how_far_it_is_behind" {
  variables {
    databases = { shop = { id = "shop-test-shop", is_reader = true } }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["lag-shop"].metric_name == "AuroraGlobalDBReplicationLag"
    error_message = "The lag between regions is what counts there."
  }
}

run "grafana_is_a_switch" {
  variables {
    managed_grafana = true
  }

  assert {
    condition     = aws_grafana_workspace.this[0].authentication_providers == tolist(["AWS_SSO"]) && toset(aws_grafana_workspace.this[0].data_sources) == toset(["PROMETHEUS", "CLOUDWATCH"])
    error_message = "Grafana asks Prometheus and CloudWatch, and knows people by single sign-on."
  }
}

run "an_address_that_is_none_is_refused" {
  command = plan

  variables {
    emails = ["on-call"]
  }

  expect_failures = [var.emails]
}

run "a_budget_of_nothing_is_refused" {
  command = plan

  variables {
    monthly_budget = 0
  }

  expect_failures = [var.monthly_budget]
}
