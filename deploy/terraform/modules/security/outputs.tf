output "key_arns" {
  description = "KMS keys by what they encrypt: data, logs, secrets."
  value       = { for kind, key in aws_kms_key.this : kind => key.arn }
}

output "secret_arns" {
  description = "ARNs of the secrets by name; in the replica's region they differ by the region alone."
  value       = { for path, secret in aws_secretsmanager_secret.this : path => secret.arn }
}

output "web_acl_arns" {
  description = "Web ACLs: regional for the load balancer, edge for CloudFront where it is made here."
  value       = { for place, acl in aws_wafv2_web_acl.this : place => acl.arn }
}

output "origin_secret_set" {
  description = "Name and id of the pattern set that the rotation of the origin secret writes to."
  value       = { name = aws_wafv2_regex_pattern_set.origin_secret.name, id = aws_wafv2_regex_pattern_set.origin_secret.id }
}
