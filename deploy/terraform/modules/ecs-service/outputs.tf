output "task_definition_arn" {
  description = "The task definition as Terraform knows it."
  value       = aws_ecs_task_definition.this.arn
}

output "family" {
  description = "Family of the task definition."
  value       = aws_ecs_task_definition.this.family
}

output "log_group" {
  description = "Log group of its containers."
  value       = aws_cloudwatch_log_group.this.name
}

output "role_arns" {
  description = "Roles that a pipeline must pass to start a task."
  value       = [aws_iam_role.execution.arn, aws_iam_role.task.arn]
}

output "security_group_id" {
  description = "The tasks' own security group."
  value       = aws_security_group.this.id
}

output "deployment" {
  description = "CodeDeploy's application and group; null where new versions roll."
  value       = local.is_canary ? { application = aws_codedeploy_app.this[0].name, group = aws_codedeploy_deployment_group.this[0].deployment_group_name } : null
}
