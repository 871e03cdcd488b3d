output "repository" {
  description = "The image's repository: URL and ARN."
  value       = { url = aws_ecr_repository.shop.repository_url, arn = aws_ecr_repository.shop.arn }
}

output "pipeline" {
  description = "Name of the pipeline."
  value       = aws_codepipeline.this.name
}

output "connection_arn" {
  description = "The connection to the repository, which somebody must confirm once."
  value       = aws_codestarconnections_connection.source.arn
}
