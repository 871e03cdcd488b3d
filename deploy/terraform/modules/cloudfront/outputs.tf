output "alias" {
  description = "Name and hosted zone for alias records."
  value       = { name = aws_cloudfront_distribution.this.domain_name, zone_id = aws_cloudfront_distribution.this.hosted_zone_id }
}

output "distribution_id" {
  description = "The distribution, as metrics and invalidations name it."
  value       = aws_cloudfront_distribution.this.id
}

output "key_value_store_arn" {
  description = "Where deploy/infra/rotate-origin-secret writes the origin secret for the edge."
  value       = aws_cloudfront_key_value_store.this.arn
}

output "certificate_arn" {
  description = "The certificate, for the alarm on its end."
  value       = local.certificate
}
