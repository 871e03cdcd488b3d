output "network" {
  description = "The network, for a transit gateway."
  value       = { vpc_id = module.vpc.id, cidr = module.vpc.cidr, subnet_ids = module.vpc.subnet_ids.app, route_table_ids = concat(module.vpc.route_table_ids.app, module.vpc.route_table_ids.data) }
}

output "databases" {
  description = "Clusters by name: identifier, hosts, master user."
  value = {
    for name, cluster in module.database : name => {
      id          = cluster.cluster_id
      write_host  = cluster.write_host
      read_host   = cluster.read_host
      master_user = cluster.master_user
      global_id   = cluster.global_id

      client_security_group_id = cluster.client_security_group_id
    }
  }
}

output "cache" {
  description = "The cache: identifier, host, user, nodes."
  value       = { id = module.cache.id, host = module.cache.host, user = module.cache.user, nodes = module.cache.nodes }
}

output "load_balancer" {
  description = "The load balancer: alias, name in metrics, target groups, certificate."
  value       = { alias = module.alb.alias, arn_suffix = module.alb.arn_suffix, target_groups = module.alb.target_groups, certificate_arn = module.alb.certificate_arn }
}

output "cluster" {
  description = "The cluster: name, ARN, namespace of the program's metrics."
  value       = { name = module.cluster.cluster.name, arn = module.cluster.cluster.arn, namespace = module.cluster.metrics_namespace }
}

output "services" {
  description = "Services and tasks by name: family, log group, roles, CodeDeploy's application and group."
  value = {
    for name, service in module.service : name => {
      family     = service.family
      log_group  = service.log_group
      role_arns  = service.role_arns
      deployment = service.deployment
    }
  }
}

output "topic_arn" {
  description = "The topic that tells those on call."
  value       = module.monitoring.topic_arn
}
