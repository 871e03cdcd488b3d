output "cluster_id" {
  description = "Identifier of the cluster, as metrics name it."
  value       = aws_rds_cluster.this.cluster_identifier
}

output "global_id" {
  description = "The global database, for a reader to join; null where there is none."
  value       = local.makes_global ? aws_rds_global_cluster.this[0].id : try(var.global.id, null)

  # A reader can only join when an instance writes.
  depends_on = [aws_rds_cluster_instance.this]
}

output "write_host" {
  description = "Where it is written: the proxy where there is one, else the name that follows the writer of a global database from region to region."
  value       = local.wants_proxy ? aws_db_proxy.this[0].endpoint : local.makes_global ? aws_rds_global_cluster.this[0].endpoint : aws_rds_cluster.this.endpoint

  precondition {
    condition     = alltrue([for global in aws_rds_global_cluster.this : global.endpoint != ""])
    error_message = "The global database ${var.name} has no endpoint yet: apply again in a minute."
  }
}

output "read_host" {
  description = "Where it is read from in this region."
  value       = aws_rds_cluster.this.reader_endpoint
}

output "database" {
  description = "Name of the database."
  value       = local.database
}

output "master_user" {
  description = "Name of the master user."
  value       = local.master_user
}

output "client_security_group_id" {
  description = "The security group that lets its members reach the cluster."
  value       = aws_security_group.client.id
}
