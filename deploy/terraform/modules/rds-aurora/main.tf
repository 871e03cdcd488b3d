# One Aurora PostgreSQL cluster of one region, alone or as a part of a global database.

locals {
  is_writer      = try(var.global.role, "writer") == "writer"
  major          = split(".", var.engine_version)[0]
  family         = "aurora-postgresql${local.major}"
  database       = "shop"
  master_user    = "shop_master"
  backup_days    = var.protected ? 35 : 7
  makes_global   = try(var.global.role, "") == "writer"
  wants_proxy    = length(var.proxy_secret_arns) > 0
  log_group_name = "/aws/rds/cluster/${var.name}/postgresql"

  parameters = {
    # Changes of catalogue.offer and catalogue.availability are carried between the services' databases by it.
    "rds.logical_replication" = { value = "1", apply = "pending-reboot" }
    "rds.force_ssl"           = { value = "1", apply = "pending-reboot" }
    # The program sets its own, shorter ones; these bound everybody else.
    "statement_timeout"                   = { value = "60000", apply = "immediate" }
    "idle_in_transaction_session_timeout" = { value = "60000", apply = "immediate" }
    "idle_session_timeout"                = { value = "3600000", apply = "immediate" }
    "lock_timeout"                        = { value = "30000", apply = "immediate" }
    "log_min_duration_statement"          = { value = "500", apply = "immediate" }
    "log_lock_waits"                      = { value = "1", apply = "immediate" }
    "log_connections"                     = { value = "1", apply = "immediate" }
    "log_disconnections"                  = { value = "1", apply = "immediate" }
    # Parameters of statements are shoppers' data: they stay out of the log.
    "log_parameter_max_length"          = { value = "0", apply = "immediate" }
    "log_parameter_max_length_on_error" = { value = "0", apply = "immediate" }
  }
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Data subnets of ${var.name}"
  subnet_ids  = var.network.subnet_ids
}

# Who carries this group may reach the cluster; the services get it from here, so that stores know no service.
resource "aws_security_group" "client" {
  name        = "${var.name}-database-client"
  description = "May reach the database ${var.name}"
  vpc_id      = var.network.vpc_id
  tags        = { Name = "${var.name}-database-client" }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "The database ${var.name}"
  vpc_id      = var.network.vpc_id
  tags        = { Name = "${var.name}-database" }
}

resource "aws_vpc_security_group_ingress_rule" "from_client" {
  security_group_id            = aws_security_group.this.id
  description                  = "PostgreSQL from its clients"
  referenced_security_group_id = aws_security_group.client.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "from_peer" {
  for_each          = toset(var.peer_cidrs)
  security_group_id = aws_security_group.this.id
  description       = "PostgreSQL from the services of the other region"
  cidr_ipv4         = each.key
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

# The other region's writer, over the transit gateways; its network is told by its own rules.
resource "aws_vpc_security_group_egress_rule" "client_to_peer" {
  count             = var.global == null ? 0 : 1
  security_group_id = aws_security_group.client.id
  description       = "PostgreSQL to the other region"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

resource "aws_vpc_security_group_egress_rule" "client_to_database" {
  security_group_id            = aws_security_group.client.id
  description                  = "PostgreSQL to the database"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_rds_cluster_parameter_group" "this" {
  name        = "${var.name}-${local.major}"
  family      = local.family
  description = "Time limits, TLS and logical replication of ${var.name}"

  dynamic "parameter" {
    for_each = local.parameters
    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.apply
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "postgresql" {
  name              = local.log_group_name
  retention_in_days = 365
  kms_key_id        = var.keys.logs
}

resource "aws_rds_global_cluster" "this" {
  count                     = local.makes_global ? 1 : 0
  global_cluster_identifier = var.global.id
  engine                    = "aurora-postgresql"
  engine_version            = var.engine_version
  database_name             = local.database
  storage_encrypted         = true
  deletion_protection       = var.protected
}

resource "aws_rds_cluster" "this" {
  cluster_identifier        = var.name
  global_cluster_identifier = local.makes_global ? aws_rds_global_cluster.this[0].id : try(var.global.id, null)

  engine         = "aurora-postgresql"
  engine_version = var.engine_version
  database_name  = local.is_writer ? local.database : null

  master_username            = local.is_writer ? local.master_user : null
  master_password_wo         = var.master_password
  master_password_wo_version = local.is_writer ? var.master_password_version : null

  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  db_cluster_parameter_group_name     = aws_rds_cluster_parameter_group.this.name
  iam_database_authentication_enabled = true

  storage_encrypted = true
  kms_key_id        = var.keys.data

  backup_retention_period      = local.backup_days
  preferred_backup_window      = "03:00-04:00"
  preferred_maintenance_window = "sun:04:30-sun:05:30"
  copy_tags_to_snapshot        = true

  deletion_protection       = var.protected
  skip_final_snapshot       = !var.protected
  final_snapshot_identifier = var.protected ? "${var.name}-final" : null

  enabled_cloudwatch_logs_exports = ["postgresql"]

  lifecycle {
    # A failover between regions turns writer and reader around; what Terraform made stays as it was promoted.
    ignore_changes = [replication_source_identifier, global_cluster_identifier]
  }

  depends_on = [aws_cloudwatch_log_group.postgresql]
}

resource "aws_iam_role" "monitoring" {
  name_prefix = "${substr(var.name, 0, 24)}-rds-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_rds_cluster_instance" "this" {
  count              = var.instance_count
  identifier         = "${var.name}-${count.index + 1}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  engine_version     = aws_rds_cluster.this.engine_version
  instance_class     = var.instance_class
  availability_zone  = element(var.network.availability_zones, count.index)
  # The second takes over before the others do.
  promotion_tier = min(count.index, 15)

  publicly_accessible        = false
  auto_minor_version_upgrade = true
  ca_cert_identifier         = "rds-ca-rsa2048-g1"

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.keys.data
  performance_insights_retention_period = 7
  monitoring_interval                   = 30
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
}

resource "aws_iam_role" "proxy" {
  count       = local.wants_proxy ? 1 : 0
  name_prefix = "${substr(var.name, 0, 24)}-proxy-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "rds.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "proxy" {
  count = local.wants_proxy ? 1 : 0
  name  = "read-the-users-secrets"
  role  = aws_iam_role.proxy[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = sort(var.proxy_secret_arns)
      },
      {
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.keys.secrets
      },
    ]
  })
}

resource "aws_db_proxy" "this" {
  count                  = local.wants_proxy ? 1 : 0
  name                   = var.name
  engine_family          = "POSTGRESQL"
  role_arn               = aws_iam_role.proxy[0].arn
  require_tls            = true
  idle_client_timeout    = 1800
  vpc_subnet_ids         = var.network.subnet_ids
  vpc_security_group_ids = [aws_security_group.this.id, aws_security_group.client.id]

  dynamic "auth" {
    for_each = var.proxy_secret_arns
    content {
      auth_scheme = "SECRETS"
      iam_auth    = "DISABLED"
      secret_arn  = auth.value
    }
  }
}

resource "aws_db_proxy_default_target_group" "this" {
  count         = local.wants_proxy ? 1 : 0
  db_proxy_name = aws_db_proxy.this[0].name

  connection_pool_config {
    max_connections_percent      = 90
    max_idle_connections_percent = 50
    connection_borrow_timeout    = 2
  }
}

resource "aws_db_proxy_target" "this" {
  count                 = local.wants_proxy ? 1 : 0
  db_proxy_name         = aws_db_proxy.this[0].name
  target_group_name     = aws_db_proxy_default_target_group.this[0].name
  db_cluster_identifier = aws_rds_cluster.this.id
}
