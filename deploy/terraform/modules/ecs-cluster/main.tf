# Where the tasks run: a cluster on Fargate, and the collector's configuration that all of them share.

resource "aws_cloudwatch_log_group" "exec" {
  name              = "/${var.name}/ecs/exec"
  retention_in_days = var.log_days
  kms_key_id        = var.logs_key_arn
}

# The collector writes the few metrics that alarms need as log lines, from which CloudWatch makes metrics.
resource "aws_cloudwatch_log_group" "metrics" {
  name              = "/${var.name}/ecs/metrics"
  retention_in_days = var.log_days
  kms_key_id        = var.logs_key_arn
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enhanced"
  }

  configuration {
    execute_command_configuration {
      kms_key_id = var.logs_key_arn
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.exec.name
      }
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = var.spot ? ["FARGATE", "FARGATE_SPOT"] : ["FARGATE"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}

resource "aws_ssm_parameter" "collector" {
  name        = "/${var.name}/collector"
  description = "Configuration of the OpenTelemetry collector beside each task"
  type        = "SecureString"
  key_id      = var.logs_key_arn
  # No secret is in it; the type is what encrypts it.
  value = templatefile(var.collector_template, {
    region            = var.region
    namespace         = var.name
    metrics_log_group = aws_cloudwatch_log_group.metrics.name
    remote_write_url  = var.managed_prometheus ? "${aws_prometheus_workspace.this[0].prometheus_endpoint}api/v1/remote_write" : ""
  })
}

resource "aws_prometheus_workspace" "this" {
  count       = var.managed_prometheus ? 1 : 0
  alias       = var.name
  kms_key_arn = var.logs_key_arn
}
