mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name         = "shop-test"
  network      = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2", "subnet-3"] }
  key_arn      = "arn:aws:kms:us-east-1:123456789012:key/data"
  logs_key_arn = "arn:aws:kms:us-east-1:123456789012:key/logs"
  node_type    = "cache.r7g.large"
}

run "a_replica_takes_over" {
  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 2 && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "Two nodes in two zones, with failover."
  }
}

run "cluster_mode_is_off" {
  assert {
    condition     = aws_elasticache_replication_group.this.parameter_group_name == aws_elasticache_parameter_group.this.name && !anytrue([for parameter in aws_elasticache_parameter_group.this.parameter : parameter.name == "cluster-enabled"])
    error_message = "The parameter group turns no cluster mode on."
  }
}

run "everything_is_encrypted" {
  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required"
    error_message = "Clients without TLS are refused."
  }

  assert {
    condition     = tobool(aws_elasticache_replication_group.this.at_rest_encryption_enabled) && aws_elasticache_replication_group.this.kms_key_id == var.key_arn
    error_message = "What is stored is encrypted by the key of the data."
  }
}

run "the_default_user_can_do_nothing" {
  assert {
    condition     = startswith(aws_elasticache_user.default.access_string, "off ") && aws_elasticache_user.default.user_name == "default"
    error_message = "Nobody signs in as default."
  }

  assert {
    condition     = aws_elasticache_user_group.this.user_ids == toset(["shop-test-default", "shop-test-cache"]) && aws_elasticache_replication_group.this.user_group_ids == toset(["shop-test"])
    error_message = "The cache knows these two users alone."
  }

  assert {
    condition     = strcontains(aws_elasticache_user.shop.access_string, "-@dangerous")
    error_message = "The shop's user cannot flush, configure or read the whole key space."
  }
}

run "no_password_is_in_the_state" {
  assert {
    condition     = aws_elasticache_user.shop.authentication_mode[0].type == "iam" && aws_elasticache_user.shop.authentication_mode[0].passwords == null
    error_message = "The rotation sets the password, not Terraform."
  }
}

run "only_what_expires_is_dropped" {
  assert {
    condition     = anytrue([for parameter in aws_elasticache_parameter_group.this.parameter : parameter.name == "maxmemory-policy" && parameter.value == "volatile-lru"])
    error_message = "Memory that is short is won back by volatile-lru."
  }
}

run "only_clients_reach_it" {
  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_client.referenced_security_group_id == aws_security_group.client.id && aws_vpc_security_group_ingress_rule.from_client.to_port == 6379
    error_message = "Members of the client group reach port 6379, no address does."
  }
}

run "logs_are_delivered" {
  assert {
    condition     = toset([for delivery in aws_elasticache_replication_group.this.log_delivery_configuration : delivery.log_type]) == toset(["slow-log", "engine-log"])
    error_message = "The slow log and the engine's log go to CloudWatch."
  }
}

run "one_node_does_not_pretend_to_fail_over" {
  variables {
    nodes = 1
  }

  assert {
    condition     = !aws_elasticache_replication_group.this.automatic_failover_enabled && !aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "AWS refuses failover with a single node."
  }
}

run "no_nodes_are_refused" {
  command = plan

  variables {
    nodes = 0
  }

  expect_failures = [var.nodes]
}

run "an_instance_class_of_rds_is_refused" {
  command = plan

  variables {
    node_type = "db.r7g.large"
  }

  expect_failures = [var.node_type]
}
