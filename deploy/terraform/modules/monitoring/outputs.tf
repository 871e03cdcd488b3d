output "topic_arn" {
  description = "The topic that tells those on call."
  value       = aws_sns_topic.on_call.arn
}

output "pages" {
  description = "Names of the composite alarms, for pipelines that stop on them."
  value       = [for alarm in aws_cloudwatch_composite_alarm.page : alarm.alarm_name]
}
