output "cluster" {
  description = "Name and ARN of the cluster, for services and metrics."
  value       = { name = aws_ecs_cluster.this.name, arn = aws_ecs_cluster.this.arn }

  # A service on Spot needs the provider to be the cluster's already.
  depends_on = [aws_ecs_cluster_capacity_providers.this]
}

output "collector" {
  description = "The collector's configuration, the log group that it writes metrics to, the workspace of Amazon Managed Prometheus or null."
  value = {
    configuration_arn     = aws_ssm_parameter.collector.arn
    metrics_log_group_arn = aws_cloudwatch_log_group.metrics.arn
    workspace_arn         = one(aws_prometheus_workspace.this[*].arn)
  }
}

output "metrics_namespace" {
  description = "CloudWatch namespace of the program's own metrics."
  value       = var.name
}
