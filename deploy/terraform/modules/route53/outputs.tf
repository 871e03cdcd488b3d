output "health_check_ids" {
  description = "Health checks by region, for alarms."
  value       = { for region, check in aws_route53_health_check.region : region => check.id }
}
