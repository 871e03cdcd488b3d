output "page" {
  description = "Name of the composite alarm, for pipelines that stop on it."
  value       = aws_cloudwatch_composite_alarm.edge.alarm_name
}
