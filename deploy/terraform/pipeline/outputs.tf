output "repository" {
  description = "Where images are: what program.image of the environments begins with."
  value       = module.ci_cd.repository.url
}

output "connection_arn" {
  description = "The connection to the repository, which somebody must confirm once in the console."
  value       = module.ci_cd.connection_arn
}
