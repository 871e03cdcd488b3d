# The registry and the way of a change to production, in an account of their own.

locals {
  name   = "shop-pipeline"
  region = "us-east-1"
  # Roles that the module access makes in each account.
  role_arns = { for name, target in var.targets : name => "arn:aws:iam::${target.account_id}:role/shop-deploy" }
  services = {
    canary  = ["product", "order"]
    rolling = ["worker-product", "worker-order"]
  }
}

resource "aws_kms_key" "this" {
  description             = "Artifacts, images and logs of the pipeline, and what it tells approvers"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountDecidesByIAM"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        # The deploying roles read artifacts; until they are made, a key cannot name them as its users.
        Sid       = "EnvironmentsRead"
        Effect    = "Allow"
        Principal = { AWS = [for name in ["staging", "prod"] : "arn:aws:iam::${var.targets[name].account_id}:root"] }
        Action    = ["kms:Decrypt", "kms:DescribeKey"]
        Resource  = "*"
        Condition = { ArnEquals = { "aws:PrincipalArn" = [for name in ["staging", "prod"] : local.role_arns[name]] } }
      },
      {
        Sid       = "LogGroupsOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.amazonaws.com" }
        Action    = ["kms:Encrypt*", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource  = "*"
        Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:${local.region}:${var.account_id}:*" } }
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${local.name}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_sns_topic" "approvers" {
  name              = "${local.name}-approvers"
  kms_master_key_id = aws_kms_key.this.arn
}

resource "aws_sns_topic_subscription" "approvers" {
  for_each  = var.approvers
  topic_arn = aws_sns_topic.approvers.arn
  protocol  = "email"
  endpoint  = each.key
}

module "ci_cd" {
  source            = "../modules/ci-cd"
  providers         = { aws = aws, aws.copy = aws.copy }
  name              = local.name
  place             = { account_id = var.account_id, region = local.region }
  key_arn           = aws_kms_key.this.arn
  source_repository = var.source_repository
  buildspecs = {
    build   = "deploy/buildspec.yml"
    migrate = "deploy/buildspec-migrate.yml"
    follow  = "deploy/buildspec-follow.yml"
    smoke   = "deploy/buildspec-smoke.yml"
  }
  environments = {
    for name in ["staging", "prod"] : name => {
      role_arn = local.role_arns[name]
      url      = var.targets[name].url
      cluster  = "shop-${name}"
      regions  = var.targets[name].regions
      canary   = local.services.canary
      rolling  = local.services.rolling
      smoke    = var.targets[name].smoke
    }
  }
  pulling_accounts    = [for target in var.targets : target.account_id]
  approvers_topic_arn = aws_sns_topic.approvers.arn
}
