# One region of the shop. What is made first knows nothing of what comes after it: network, stores, cluster, load balancer, services.

locals {
  ecs_folder = "${path.module}/../../ecs"
  called     = { for name, service in var.services : name => service if service.paths != null }
  peer_app_cidrs = var.network.peer_cidr == null ? [] : [
    for index in range(3) : cidrsubnet(var.network.peer_cidr, 8, 10 + index)
  ]
  # The cluster that holds a role's database.
  cluster_of = merge([for cluster, roles in var.database.clusters : { for role in roles : role => cluster }]...)
}

module "vpc" {
  source             = "../modules/vpc"
  name               = var.name
  region             = var.place.region
  cidr               = var.network.cidr
  peer_cidr          = var.network.peer_cidr
  availability_zones = var.network.availability_zones
  nat                = var.network.nat
  logs_key_arn       = var.guard.keys.logs
}

module "database" {
  source   = "../modules/rds-aurora"
  for_each = var.database.clusters
  name     = "${var.name}-${each.key}"
  network = {
    vpc_id             = module.vpc.id
    subnet_ids         = module.vpc.subnet_ids.data
    availability_zones = var.network.availability_zones
  }
  keys            = { data = var.guard.keys.data, logs = var.guard.keys.logs, secrets = var.guard.keys.secrets }
  engine_version  = var.database.engine_version
  instance_class  = var.database.instance_class
  instance_count  = var.database.instance_count
  global          = var.database.global_role == null ? null : { role = var.database.global_role, id = lookup(var.database.global_ids, each.key, "${var.name}-${each.key}") }
  master_password = var.database.global_role == "reader" ? null : var.master_passwords[each.key]
  protected       = var.switches.protected
  peer_cidrs      = local.peer_app_cidrs
  proxy_secret_arns = !var.database.proxy ? [] : [
    for name, service in local.called : service.secrets.database_secret if contains(each.value, service.role)
  ]
}

module "cache" {
  source       = "../modules/elasticache"
  name         = var.name
  network      = { vpc_id = module.vpc.id, subnet_ids = module.vpc.subnet_ids.data }
  key_arn      = var.guard.keys.data
  logs_key_arn = var.guard.keys.logs
  node_type    = var.cache.node_type
  nodes        = var.cache.nodes
}

module "cluster" {
  source             = "../modules/ecs-cluster"
  name               = var.name
  region             = var.place.region
  logs_key_arn       = var.guard.keys.logs
  collector_template = "${local.ecs_folder}/collector.yaml"
  managed_prometheus = var.switches.managed_prometheus
}

module "alb" {
  source     = "../modules/alb"
  name       = var.name
  account_id = var.place.account_id
  network = {
    region     = var.place.region
    vpc_id     = module.vpc.id
    cidr       = var.network.cidr
    subnet_ids = module.vpc.subnet_ids.public
  }
  domain_names              = var.front.origin_names
  zone_id                   = var.front.zone_id
  certificate_arn           = var.front.certificate_arn
  cloudfront_prefix_list_id = var.network.cloudfront_prefix_list_id
  services                  = { for name, service in local.called : name => { paths = service.paths, priority = service.priority } }
  health_service            = "product"
  web_acl_arn               = var.guard.web_acl_arn
  protected                 = var.switches.protected
  shield_advanced           = var.switches.shield_advanced
}

module "service" {
  source    = "../modules/ecs-service"
  for_each  = var.services
  name      = var.name
  service   = each.key
  place     = var.place
  cluster   = module.cluster.cluster
  collector = module.cluster.collector
  task = {
    file            = "${local.ecs_folder}/${each.value.file}"
    execute_command = var.program.execute_command
    test_provider   = var.program.test_provider && each.value.role == "order" && each.value.scaling != null
    values = {
      image           = var.program.image
      collector_image = var.program.collector_image
      architecture    = var.program.architecture
      log_level       = var.program.log_level
      trace_sample    = tostring(var.program.trace_sample)
      # The program knows its test provider in every environment but production.
      program_environment = var.program.test_provider ? "test" : "production"
      role                = each.value.role
      cpu                 = each.value.cpu
      memory              = each.value.memory
      work_connections    = "8"
    }
  }
  secrets = each.value.secrets
  keys    = { secrets = var.guard.keys.secrets, logs = var.guard.keys.logs }
  network = {
    vpc_id                          = module.vpc.id
    subnet_ids                      = module.vpc.subnet_ids.app
    client_security_group_ids       = [module.database[local.cluster_of[each.value.role]].client_security_group_id, module.cache.client_security_group_id]
    load_balancer_security_group_id = each.value.paths == null ? null : module.alb.security_group_id
  }
  traffic = each.value.paths == null ? null : {
    load_balancer_arn_suffix = module.alb.arn_suffix
    listener_arn             = module.alb.listener_arn
    target_groups            = module.alb.target_groups[each.key]
  }
  scaling = each.value.scaling
  log_router = var.program.log_router == null ? null : {
    file    = "${local.ecs_folder}/log-router.json"
    image   = var.program.log_router.image
    options = var.program.log_router.options
  }
}

module "monitoring" {
  source          = "../modules/monitoring"
  name            = var.name
  region          = var.place.region
  logs_key_arn    = var.guard.keys.logs
  emails          = var.alerts.emails
  monthly_budget  = var.alerts.monthly_budget
  load_balancer   = { arn_suffix = module.alb.arn_suffix, certificate_arn = module.alb.certificate_arn }
  cluster         = { name = module.cluster.cluster.name, namespace = module.cluster.metrics_namespace }
  services        = [for name, service in var.services : name if service.scaling != null]
  databases       = { for name, cluster in module.database : name => { id = cluster.cluster_id, is_reader = var.database.global_role == "reader" } }
  cache_nodes     = module.cache.nodes
  managed_grafana = var.switches.managed_prometheus
}
