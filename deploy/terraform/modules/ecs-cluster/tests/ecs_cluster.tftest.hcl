mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name               = "shop-test"
  region             = "us-east-1"
  logs_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/logs"
  collector_template = "../../../ecs/collector.yaml"
}

run "fargate_and_spot" {
  assert {
    condition     = aws_ecs_cluster_capacity_providers.this.capacity_providers == toset(["FARGATE", "FARGATE_SPOT"])
    error_message = "The cluster has Fargate and Fargate Spot."
  }

  assert {
    condition     = one(aws_ecs_cluster_capacity_providers.this.default_capacity_provider_strategy).capacity_provider == "FARGATE"
    error_message = "Who does not ask for Spot does not get it."
  }
}

run "it_can_be_seen_into" {
  assert {
    condition     = one(aws_ecs_cluster.this.setting).value == "enhanced"
    error_message = "Container Insights show tasks and containers."
  }
}

run "sessions_are_recorded_and_encrypted" {
  assert {
    condition     = aws_ecs_cluster.this.configuration[0].execute_command_configuration[0].logging == "OVERRIDE" && aws_ecs_cluster.this.configuration[0].execute_command_configuration[0].log_configuration[0].cloud_watch_log_group_name == "/shop-test/ecs/exec"
    error_message = "Where ECS Exec is allowed its sessions are recorded."
  }
}

run "without_managed_prometheus_nothing_is_written_there" {
  assert {
    condition     = !contains(keys(yamldecode(aws_ssm_parameter.collector.value).exporters), "prometheusremotewrite") && yamldecode(aws_ssm_parameter.collector.value).service.pipelines.metrics.exporters == ["awsemf"]
    error_message = "Metrics go to CloudWatch alone."
  }

  assert {
    condition     = yamldecode(aws_ssm_parameter.collector.value).receivers.prometheus.config.scrape_configs[0].static_configs[0].targets == ["127.0.0.1:8080"]
    error_message = "The collector reads the program beside it."
  }
}

run "with_managed_prometheus_metrics_go_there_too" {
  variables {
    managed_prometheus = true
  }

  assert {
    condition     = yamldecode(aws_ssm_parameter.collector.value).exporters.prometheusremotewrite.endpoint == "https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write" && contains(yamldecode(aws_ssm_parameter.collector.value).service.pipelines.metrics.exporters, "prometheusremotewrite")
    error_message = "Metrics are written to the workspace."
  }
}

run "a_collector_without_a_file_is_refused" {
  command = plan

  variables {
    collector_template = "nowhere.yaml"
  }

  # The template cannot be read either; the sentence of the variable comes first.
  expect_failures = [var.collector_template]
}
