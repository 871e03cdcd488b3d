output "bucket" {
  description = "The bucket: its name and the domain that CloudFront calls."
  value       = { name = aws_s3_bucket.media.id, arn = aws_s3_bucket.media.arn, domain_name = aws_s3_bucket.media.bucket_regional_domain_name }
}

output "access_control_id" {
  description = "How CloudFront signs its requests to the bucket."
  value       = aws_cloudfront_origin_access_control.this.id
}
