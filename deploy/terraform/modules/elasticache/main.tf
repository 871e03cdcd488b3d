# One Redis replication group, cluster mode off: the shop's cache fits into one node, and every key of a request is then on it.

resource "aws_elasticache_subnet_group" "this" {
  name        = var.name
  description = "Data subnets of ${var.name}"
  subnet_ids  = var.network.subnet_ids
}

# Who carries this group may reach the cache; the services get it from here, so that stores know no service.
resource "aws_security_group" "client" {
  name        = "${var.name}-cache-client"
  description = "May reach the cache ${var.name}"
  vpc_id      = var.network.vpc_id
  tags        = { Name = "${var.name}-cache-client" }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-cache"
  description = "The cache ${var.name}"
  vpc_id      = var.network.vpc_id
  tags        = { Name = "${var.name}-cache" }
}

resource "aws_vpc_security_group_ingress_rule" "from_client" {
  security_group_id            = aws_security_group.this.id
  description                  = "Redis from its clients"
  referenced_security_group_id = aws_security_group.client.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_vpc_security_group_egress_rule" "client_to_cache" {
  security_group_id            = aws_security_group.client.id
  description                  = "Redis to the cache"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.name}-7"
  family      = "redis7"
  description = "What is dropped when memory is short, and idle clients"

  # What has no end of life is never dropped; everything that the shop caches has one.
  parameter {
    name  = "maxmemory-policy"
    value = "volatile-lru"
  }

  parameter {
    name  = "timeout"
    value = "300"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Every group of users must have one named default; this one can do nothing.
resource "aws_elasticache_user" "default" {
  user_id       = "${var.name}-default"
  user_name     = "default"
  engine        = "redis"
  access_string = "off ~* -@all"

  authentication_mode {
    type = "no-password-required"
  }
}

# The provider keeps passwords in the state, so this user is made without one; the first rotation of its secret, which
# begins with its creation, gives it one, and each later one keeps the one before it valid.
resource "aws_elasticache_user" "shop" {
  user_id       = "${var.name}-cache"
  user_name     = "${var.name}-cache"
  engine        = "redis"
  access_string = "on ~* -@all +@read +@write +@connection -@dangerous"

  authentication_mode {
    type = "iam"
  }

  lifecycle {
    # Set by the rotation.
    ignore_changes = [authentication_mode, passwords, no_password_required]
  }
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = var.name
  engine        = "redis"
  user_ids      = [aws_elasticache_user.default.user_id, aws_elasticache_user.shop.user_id]
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = toset(["slow-log", "engine-log"])
  name              = "/${var.name}/elasticache/${each.key}"
  retention_in_days = var.log_days
  kms_key_id        = var.logs_key_arn
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "Cache of ${var.name}"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = var.node_type
  port                 = 6379

  num_cache_clusters         = var.nodes
  automatic_failover_enabled = var.nodes > 1
  multi_az_enabled           = var.nodes > 1

  subnet_group_name    = aws_elasticache_subnet_group.this.name
  security_group_ids   = [aws_security_group.this.id]
  parameter_group_name = aws_elasticache_parameter_group.this.name
  user_group_ids       = [aws_elasticache_user_group.this.user_group_id]

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = var.key_arn

  snapshot_retention_limit   = 7
  snapshot_window            = "03:00-04:00"
  maintenance_window         = "sun:05:30-sun:06:30"
  auto_minor_version_upgrade = true

  dynamic "log_delivery_configuration" {
    for_each = aws_cloudwatch_log_group.this
    content {
      destination      = log_delivery_configuration.value.name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
      log_type         = log_delivery_configuration.key
    }
  }
}
