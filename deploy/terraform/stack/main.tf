# The whole shop in one account: a region, a second one where it is wanted, and what is in front of both.
# What differs between environments is in environments/ENV/terraform.tfvars, and nowhere else.

locals {
  name    = "shop-${var.environment}"
  primary = "us-east-1"
  regions = compact([local.primary, var.secondary_region])
  is_dual = var.secondary_region != null

  clusters     = var.database.layout == "shared" ? { shop = local.roles } : { for role in local.roles : role => [role] }
  origin_name  = "origin.${var.domain.name}"
  origin_names = { for region in local.regions : region => [local.origin_name, "writer.${local.origin_name}", "${region}.${local.origin_name}"] }
}

data "aws_availability_zones" "primary" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

data "aws_availability_zones" "secondary" {
  count    = local.is_dual ? 1 : 0
  provider = aws.secondary
  state    = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

data "aws_ec2_managed_prefix_list" "primary" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

data "aws_ec2_managed_prefix_list" "secondary" {
  count    = local.is_dual ? 1 : 0
  provider = aws.secondary
  name     = "com.amazonaws.global.cloudfront.origin-facing"
}

module "security_secondary" {
  count       = local.is_dual ? 1 : 0
  source      = "../modules/security"
  providers   = { aws = aws.secondary }
  name        = local.name
  account_id  = var.account_id
  region      = var.secondary_region
  edge        = false
  admin_cidrs = var.admin_cidrs
  secrets     = { (local.cache_secret[var.secondary_region]) = "The cache of ${var.secondary_region}: user, password, URL" }
  guards      = var.switches.guards == "account" ? "region" : "none"
}

module "security" {
  source      = "../modules/security"
  name        = local.name
  account_id  = var.account_id
  region      = local.primary
  edge        = true
  admin_cidrs = var.admin_cidrs
  secrets     = local.secrets
  replica     = local.is_dual ? { region = var.secondary_region, key_arn = module.security_secondary[0].key_arns.secrets } : null
  guards      = var.switches.guards
}

module "primary" {
  source = "../region"
  name   = local.name
  place  = { account_id = var.account_id, region = local.primary }
  network = {
    cidr                      = var.network.primary_cidr
    peer_cidr                 = local.is_dual ? var.network.secondary_cidr : null
    availability_zones        = slice(data.aws_availability_zones.primary.names, 0, 3)
    nat                       = var.network.nat
    cloudfront_prefix_list_id = data.aws_ec2_managed_prefix_list.primary.id
  }
  guard            = { keys = module.security.key_arns, web_acl_arn = module.security.web_acl_arns.regional }
  database         = merge(local.database, { global_role = local.is_dual ? "writer" : null })
  master_passwords = { for cluster, password in ephemeral.aws_secretsmanager_random_password.master : cluster => password.random_password }
  cache            = var.cache
  services         = local.services_in[local.primary]
  program          = var.program
  front            = { origin_names = local.origin_names[local.primary], zone_id = var.domain.zone_id, certificate_arn = lookup(var.domain.certificate_arns, local.primary, null) }
  switches         = { protected = var.switches.protected, shield_advanced = var.switches.shield_advanced, managed_prometheus = var.switches.managed_prometheus }
  alerts           = var.alerts
}

module "secondary" {
  count     = local.is_dual ? 1 : 0
  source    = "../region"
  providers = { aws = aws.secondary }
  name      = local.name
  place     = { account_id = var.account_id, region = var.secondary_region }
  network = {
    cidr                      = var.network.secondary_cidr
    peer_cidr                 = var.network.primary_cidr
    availability_zones        = slice(data.aws_availability_zones.secondary[0].names, 0, 3)
    nat                       = var.network.nat
    cloudfront_prefix_list_id = data.aws_ec2_managed_prefix_list.secondary[0].id
  }
  guard = { keys = module.security_secondary[0].key_arns, web_acl_arn = module.security_secondary[0].web_acl_arns.regional }
  # Names the global databases of the first region once their writers are there, which a reader needs to join. Nothing else waits.
  database         = merge(local.database, { global_role = "reader", global_ids = { for name, database in module.primary.databases : name => database.global_id } })
  master_passwords = {}
  cache            = var.cache
  services         = local.services_in[var.secondary_region]
  # From its own registry, to which images are copied: the first region may be gone.
  program  = merge(var.program, { image = replace(var.program.image, ".dkr.ecr.${local.primary}.", ".dkr.ecr.${var.secondary_region}.") })
  front    = { origin_names = local.origin_names[var.secondary_region], zone_id = var.domain.zone_id, certificate_arn = lookup(var.domain.certificate_arns, var.secondary_region, null) }
  switches = { protected = var.switches.protected, shield_advanced = var.switches.shield_advanced, managed_prometheus = var.switches.managed_prometheus }
  alerts   = { emails = var.alerts.emails }
}

locals {
  database = {
    clusters       = local.clusters
    engine_version = var.database.engine_version
    instance_class = var.database.instance_class
    instance_count = var.database.instance_count
    proxy          = var.database.proxy
  }
}

module "transit_gateway" {
  count     = local.is_dual ? 1 : 0
  source    = "../modules/transit-gateway"
  providers = { aws = aws, aws.peer = aws.secondary }
  name      = local.name
  local     = module.primary.network
  peer      = merge(module.secondary[0].network, { region = var.secondary_region })
}

module "media" {
  source     = "../modules/s3-assets"
  providers  = { aws = aws, aws.replica = aws.secondary }
  name       = local.name
  account_id = var.account_id
  replica    = local.is_dual
  protected  = var.switches.protected
}

module "edge" {
  source          = "../modules/cloudfront"
  name            = local.name
  account_id      = var.account_id
  domain_names    = [var.domain.name]
  zone_id         = var.domain.zone_id
  certificate_arn = lookup(var.domain.certificate_arns, "edge", null)
  origins = {
    nearest = local.origin_name
    writer  = "writer.${local.origin_name}"
    regions = { for region in local.regions : region => "${region}.${local.origin_name}" }
  }
  media           = merge(module.media.bucket, { access_control_id = module.media.access_control_id })
  web_acl_arn     = module.security.web_acl_arns.edge
  protected       = var.switches.protected
  shield_advanced = var.switches.shield_advanced
}

module "names" {
  source       = "../modules/route53"
  name         = local.name
  zone_id      = var.domain.zone_id
  domain_names = [var.domain.name]
  origin_name  = local.origin_name
  distribution = module.edge.alias
  load_balancers = merge(
    { (local.primary) = module.primary.load_balancer.alias },
    local.is_dual ? { (coalesce(var.secondary_region, "none")) = module.secondary[0].load_balancer.alias } : {},
  )
  writer_region = var.writer_region
}

module "edge_monitoring" {
  source           = "../modules/edge-monitoring"
  name             = local.name
  distribution_id  = module.edge.distribution_id
  certificate_arn  = module.edge.certificate_arn
  health_check_ids = module.names.health_check_ids
  topic_arn        = module.primary.topic_arn
}
