# What watches the account: CloudTrail once for all regions, AWS Config and GuardDuty in each.

locals {
  watches_account = var.guards == "account"
  watches_region  = var.guards != "none"
  trail_arn       = "arn:aws:cloudtrail:${var.region}:${var.account_id}:trail/${var.name}"
  audit_bucket    = "${var.name}-audit-${var.account_id}-${var.region}"
  config_rules = {
    CLOUD_TRAIL_ENABLED                              = "The account's API calls are recorded."
    RDS_STORAGE_ENCRYPTED                            = "Databases are encrypted."
    RDS_CLUSTER_DELETION_PROTECTION_ENABLED          = "Databases cannot be deleted by mistake."
    S3_BUCKET_PUBLIC_READ_PROHIBITED                 = "No bucket is read by everybody."
    S3_BUCKET_SSL_REQUESTS_ONLY                      = "Buckets answer over TLS alone."
    VPC_DEFAULT_SECURITY_GROUP_CLOSED                = "Default security groups admit nothing."
    ROOT_ACCOUNT_MFA_ENABLED                         = "The root user has a second factor."
    IAM_USER_NO_POLICIES_CHECK                       = "Rights come by roles."
    SECRETSMANAGER_ROTATION_ENABLED_CHECK            = "Secrets are rotated."
    ECS_TASK_DEFINITION_NONROOT_USER                 = "Containers do not run as root."
    ECS_CONTAINERS_READONLY_ACCESS                   = "Containers cannot write to their root file system."
    ELASTICACHE_REDIS_CLUSTER_AUTOMATIC_BACKUP_CHECK = "Caches are backed up."
  }
}

resource "aws_s3_bucket" "audit" {
  count  = local.watches_region ? 1 : 0
  bucket = local.audit_bucket
}

resource "aws_s3_bucket_versioning" "audit" {
  count  = local.watches_region ? 1 : 0
  bucket = aws_s3_bucket.audit[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "audit" {
  count  = local.watches_region ? 1 : 0
  bucket = aws_s3_bucket.audit[0].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this["logs"].arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "audit" {
  count                   = local.watches_region ? 1 : 0
  bucket                  = aws_s3_bucket.audit[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "audit" {
  count  = local.watches_region ? 1 : 0
  bucket = aws_s3_bucket.audit[0].id

  rule {
    id     = "keep-for-the-retention"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_policy" "audit" {
  count  = local.watches_region ? 1 : 0
  bucket = aws_s3_bucket.audit[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OverTLSAlone"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::${local.audit_bucket}", "arn:aws:s3:::${local.audit_bucket}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "AsksForTheBucket"
        Effect    = "Allow"
        Principal = { Service = ["cloudtrail.amazonaws.com", "config.amazonaws.com"] }
        Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
        Resource  = "arn:aws:s3:::${local.audit_bucket}"
        Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
      },
      {
        Sid       = "Writes"
        Effect    = "Allow"
        Principal = { Service = ["cloudtrail.amazonaws.com", "config.amazonaws.com"] }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::${local.audit_bucket}/AWSLogs/${var.account_id}/*"
        Condition = { StringEquals = { "aws:SourceAccount" = var.account_id, "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "trail" {
  count             = local.watches_account ? 1 : 0
  name              = "/${var.name}/cloudtrail"
  retention_in_days = var.log_days
  kms_key_id        = aws_kms_key.this["logs"].arn
}

resource "aws_iam_role" "trail" {
  count = local.watches_account ? 1 : 0
  name  = "${var.name}-cloudtrail"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
    }]
  })
}

resource "aws_iam_role_policy" "trail" {
  count = local.watches_account ? 1 : 0
  name  = "write"
  role  = aws_iam_role.trail[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.trail[0].arn}:*"
    }]
  })
}

resource "aws_cloudtrail" "this" {
  count                         = local.watches_account ? 1 : 0
  name                          = var.name
  s3_bucket_name                = aws_s3_bucket.audit[0].id
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  kms_key_id                    = aws_kms_key.this["logs"].arn
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.trail[0].arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.trail[0].arn

  depends_on = [aws_s3_bucket_policy.audit]
}

resource "aws_iam_role" "config" {
  count = local.watches_region ? 1 : 0
  name  = "${var.name}-${var.region}-config"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "config.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "config" {
  count      = local.watches_region ? 1 : 0
  role       = aws_iam_role.config[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
}

# The managed policy lets it look at everything and write nowhere.
resource "aws_iam_role_policy" "config" {
  count = local.watches_region ? 1 : 0
  name  = "deliver"
  role  = aws_iam_role.config[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::${local.audit_bucket}/AWSLogs/${var.account_id}/*"
        Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
      {
        Effect   = "Allow"
        Action   = ["s3:GetBucketAcl", "s3:ListBucket"]
        Resource = "arn:aws:s3:::${local.audit_bucket}"
      },
      {
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.this["logs"].arn
      },
    ]
  })
}

resource "aws_config_configuration_recorder" "this" {
  count    = local.watches_region ? 1 : 0
  name     = var.name
  role_arn = aws_iam_role.config[0].arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = local.watches_account
  }
}

resource "aws_config_delivery_channel" "this" {
  count          = local.watches_region ? 1 : 0
  name           = var.name
  s3_bucket_name = aws_s3_bucket.audit[0].id

  depends_on = [aws_config_configuration_recorder.this, aws_s3_bucket_policy.audit, aws_iam_role_policy.config]
}

resource "aws_config_configuration_recorder_status" "this" {
  count      = local.watches_region ? 1 : 0
  name       = aws_config_configuration_recorder.this[0].name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.this]
}

resource "aws_config_config_rule" "this" {
  for_each    = local.watches_region ? local.config_rules : {}
  name        = "${var.name}-${replace(lower(each.key), "_", "-")}"
  description = each.value

  source {
    owner             = "AWS"
    source_identifier = each.key
  }

  depends_on = [aws_config_configuration_recorder.this]
}

resource "aws_guardduty_detector" "this" {
  count                        = local.watches_region ? 1 : 0
  enable                       = true
  finding_publishing_frequency = "FIFTEEN_MINUTES"
}

resource "aws_guardduty_detector_feature" "this" {
  for_each    = local.watches_region ? toset(["S3_DATA_EVENTS", "RDS_LOGIN_EVENTS", "RUNTIME_MONITORING"]) : toset([])
  detector_id = aws_guardduty_detector.this[0].id
  name        = each.key
  status      = "ENABLED"
}
