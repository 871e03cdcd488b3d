output "arn_suffix" {
  description = "The load balancer as metrics name it."
  value       = aws_lb.this.arn_suffix
}

output "alias" {
  description = "Name and hosted zone for alias records."
  value       = { name = aws_lb.this.dns_name, zone_id = aws_lb.this.zone_id }
}

output "security_group_id" {
  description = "The security group that requests come from."
  value       = aws_security_group.https.id
}

output "listener_arn" {
  description = "The HTTPS listener, whose rules CodeDeploy turns."
  value       = aws_lb_listener.https.arn
}

output "target_groups" {
  description = "Target groups by service: blue and green, with name, ARN and the suffix that metrics use."
  value = {
    for name in keys(var.services) : name => {
      for colour in ["blue", "green"] : colour => {
        name       = aws_lb_target_group.this["${name}-${colour}"].name
        arn        = aws_lb_target_group.this["${name}-${colour}"].arn
        arn_suffix = aws_lb_target_group.this["${name}-${colour}"].arn_suffix
      }
    }
  }

  # A service can only be registered with groups that a listener leads to.
  depends_on = [aws_lb_listener_rule.service]
}

output "certificate_arn" {
  description = "The certificate, for the alarm on its end."
  value       = local.certificate
}
