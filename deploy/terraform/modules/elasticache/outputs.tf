output "id" {
  description = "Identifier of the replication group, as metrics name it."
  value       = aws_elasticache_replication_group.this.id
}

output "host" {
  description = "Where the primary answers, before and after a failover."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "user" {
  description = "Id and name of the user that the shop signs in as; its rotation sets the password."
  value       = aws_elasticache_user.shop.user_id
}

output "nodes" {
  description = "Names of the nodes, as metrics name them."
  value       = [for number in range(1, var.nodes + 1) : "${var.name}-${format("%03d", number)}"]
}

output "client_security_group_id" {
  description = "The security group that lets its members reach the cache."
  value       = aws_security_group.client.id
}
