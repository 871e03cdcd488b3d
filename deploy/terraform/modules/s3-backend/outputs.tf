output "bucket" {
  description = "Name of the bucket, for the backend's settings of an environment."
  value       = aws_s3_bucket.state.id
}

output "key_arn" {
  description = "The key that states are encrypted by."
  value       = aws_kms_key.state.arn
}
