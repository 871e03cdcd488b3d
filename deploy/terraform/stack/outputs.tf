output "shop" {
  description = "Where the shop is."
  value       = "https://${var.domain.name}"
}

output "clusters" {
  description = "ECS clusters by region, for deployments."
  value       = merge({ (local.primary) = module.primary.cluster.name }, { for secondary in module.secondary : var.secondary_region => secondary.cluster.name })
}

output "databases" {
  description = "Aurora clusters by region, for a failover."
  value       = merge({ (local.primary) = module.primary.databases }, { for secondary in module.secondary : var.secondary_region => secondary.databases })
}

output "origin_secret" {
  description = "What deploy/infra/rotate-origin-secret writes to: the secret, the store at the edge, the pattern sets by region."
  value = {
    secret          = "${var.environment}/shop/edge/origin-secret"
    key_value_store = module.edge.key_value_store_arn
    pattern_sets    = merge({ (local.primary) = module.security.origin_secret_set }, { for secondary in module.security_secondary : var.secondary_region => secondary.origin_secret_set })
  }
}
