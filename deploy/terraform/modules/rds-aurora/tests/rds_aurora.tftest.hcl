mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name            = "shop-test"
  network         = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2", "subnet-3"], availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"] }
  keys            = { data = "arn:aws:kms:us-east-1:123456789012:key/data", logs = "arn:aws:kms:us-east-1:123456789012:key/logs" }
  instance_class  = "db.r7g.large"
  master_password = "0123456789012345678901234567890123456789"
}

run "two_instances_in_two_zones" {
  assert {
    condition     = length(distinct([for instance in aws_rds_cluster_instance.this : instance.availability_zone])) == 2
    error_message = "Instances are in different zones."
  }

  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : !instance.publicly_accessible])
    error_message = "No instance has a public address."
  }
}

run "encrypted_backed_up_and_protected" {
  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.kms_key_id == var.keys.data
    error_message = "Storage is encrypted by the key of the data."
  }

  assert {
    condition     = aws_rds_cluster.this.backup_retention_period == 35 && aws_rds_cluster.this.preferred_backup_window == "03:00-04:00"
    error_message = "35 days of backups, made between 03:00 and 04:00."
  }

  assert {
    condition     = aws_rds_cluster.this.deletion_protection && !aws_rds_cluster.this.skip_final_snapshot
    error_message = "It cannot be deleted by mistake."
  }
}

run "version_is_15_or_newer" {
  assert {
    condition     = tonumber(split(".", aws_rds_cluster.this.engine_version)[0]) >= 15 && aws_rds_cluster.this.engine == "aurora-postgresql"
    error_message = "Aurora PostgreSQL 15 or newer."
  }
}

run "parameters_bound_time_and_force_tls" {
  assert {
    condition = {
      for parameter in aws_rds_cluster_parameter_group.this.parameter : parameter.name => parameter.value
      if contains(["rds.force_ssl", "rds.logical_replication", "statement_timeout", "idle_in_transaction_session_timeout"], parameter.name)
      } == {
      "rds.force_ssl"                       = "1"
      "rds.logical_replication"             = "1"
      "statement_timeout"                   = "60000"
      "idle_in_transaction_session_timeout" = "60000"
    }
    error_message = "TLS is forced, logical replication on, statements and idle transactions end."
  }

  assert {
    condition     = aws_rds_cluster.this.db_cluster_parameter_group_name == aws_rds_cluster_parameter_group.this.name
    error_message = "The cluster uses that parameter group."
  }
}

run "it_can_be_seen_into" {
  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : instance.performance_insights_enabled && instance.monitoring_interval == 30])
    error_message = "Performance Insights and enhanced monitoring are on."
  }

  assert {
    condition     = aws_rds_cluster.this.enabled_cloudwatch_logs_exports == toset(["postgresql"]) && aws_cloudwatch_log_group.postgresql.retention_in_days == 365
    error_message = "The log is exported and kept for a year."
  }

  assert {
    condition     = anytrue([for parameter in aws_rds_cluster_parameter_group.this.parameter : parameter.name == "log_parameter_max_length" && parameter.value == "0"])
    error_message = "Parameters of statements are not logged."
  }
}

run "only_clients_reach_it" {
  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_client.referenced_security_group_id == aws_security_group.client.id && aws_vpc_security_group_ingress_rule.from_client.from_port == 5432 && aws_vpc_security_group_ingress_rule.from_client.cidr_ipv4 == null
    error_message = "Members of the client group reach port 5432, no address does."
  }

  assert {
    condition     = aws_rds_cluster.this.vpc_security_group_ids == toset([aws_security_group.this.id])
    error_message = "The cluster has this one security group."
  }
}

run "the_other_regions_services_reach_it" {
  variables {
    peer_cidrs = ["10.2.10.0/24"]
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_peer["10.2.10.0/24"].from_port == 5432
    error_message = "Services of the other region write here."
  }
}

run "a_writer_makes_the_global_database" {
  state_key = "writer"

  variables {
    global = { role = "writer", id = "shop-global" }
  }

  assert {
    condition     = aws_rds_global_cluster.this[0].global_cluster_identifier == "shop-global" && aws_rds_global_cluster.this[0].storage_encrypted && aws_rds_global_cluster.this[0].deletion_protection
    error_message = "The global database is encrypted and protected."
  }

  assert {
    condition     = aws_rds_cluster.this.global_cluster_identifier == aws_rds_global_cluster.this[0].id
    error_message = "The cluster belongs to it."
  }

  assert {
    condition     = output.write_host == aws_rds_global_cluster.this[0].endpoint && output.write_host != aws_rds_cluster.this.endpoint
    error_message = "The services of both regions find the writer by a name that follows it."
  }
}

run "a_reader_joins_it" {
  command   = plan
  state_key = "reader"

  variables {
    global          = { role = "reader", id = "shop-global" }
    master_password = null
  }

  assert {
    condition     = length(aws_rds_global_cluster.this) == 0 && aws_rds_cluster.this.global_cluster_identifier == "shop-global"
    error_message = "A reader makes no global database."
  }

  assert {
    condition     = aws_rds_cluster.this.master_password_wo_version == null
    error_message = "A reader has the writer's users."
  }
}

run "there_is_no_proxy_unless_asked_for" {
  assert {
    condition     = length(aws_db_proxy.this) == 0
    error_message = "RDS Proxy is a switch, off by default."
  }
}

run "a_proxy_that_could_read_no_secret_is_refused" {
  command = plan

  variables {
    proxy_secret_arns = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/shop/order/database-AbCdEf"]
  }

  expect_failures = [var.keys]
}

run "the_proxy_takes_tls_alone" {
  variables {
    keys              = { data = "arn:aws:kms:us-east-1:123456789012:key/data", logs = "arn:aws:kms:us-east-1:123456789012:key/logs", secrets = "arn:aws:kms:us-east-1:123456789012:key/secrets" }
    proxy_secret_arns = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/shop/order/database-AbCdEf"]
  }

  assert {
    condition     = aws_db_proxy.this[0].require_tls && aws_db_proxy.this[0].engine_family == "POSTGRESQL"
    error_message = "The proxy refuses clients without TLS."
  }

  assert {
    condition     = toset(jsondecode(aws_iam_role_policy.proxy[0].policy).Statement[0].Resource) == toset(["arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/shop/order/database-AbCdEf"])
    error_message = "The proxy reads the secrets of its users and no others."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.proxy[0].policy).Statement[1] == { Effect = "Allow", Action = "kms:Decrypt", Resource = "arn:aws:kms:us-east-1:123456789012:key/secrets" }
    error_message = "The proxy may decrypt them."
  }

  assert {
    condition     = output.write_host == aws_db_proxy.this[0].endpoint
    error_message = "Services write through the proxy."
  }
}

run "what_may_be_lost_is_not_protected" {
  variables {
    protected      = false
    instance_count = 1
    instance_class = "db.t4g.medium"
  }

  assert {
    condition     = !aws_rds_cluster.this.deletion_protection && aws_rds_cluster.this.backup_retention_period == 7
    error_message = "An environment that may be lost is deleted without ado."
  }
}

run "an_old_version_is_refused" {
  command = plan

  variables {
    engine_version = "14.9"
  }

  expect_failures = [var.engine_version]
}

run "one_protected_instance_is_refused" {
  command = plan

  variables {
    instance_count = 1
  }

  expect_failures = [var.instance_count]
}

run "a_small_class_in_a_global_database_is_refused" {
  command = plan

  variables {
    instance_class = "db.t4g.medium"
    global         = { role = "writer", id = "shop-global" }
  }

  expect_failures = [var.global]
}

run "a_writer_without_a_password_is_refused" {
  command = plan

  variables {
    master_password = null
  }

  expect_failures = [var.master_password]
}

run "a_network_of_one_subnet_is_refused" {
  command = plan

  variables {
    network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1"], availability_zones = ["us-east-1a"] }
  }

  expect_failures = [var.network]
}
