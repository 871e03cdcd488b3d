# Rotates the users of the databases by turns between two, so that two are valid at any time. The first rotation begins with the
# secret and makes database and users.

locals {
  function = "${var.name}-rotate-database-user"
  services = distinct(flatten([for secret in var.secrets : secret.services]))
  called   = [for service in local.services : service if service.application != null]
  # Copies that services of other regions read: the ARN of the original but for the region.
  copies = distinct(flatten([
    for secret in var.secrets : [
      for service in secret.services : replace(secret.arn, ":secretsmanager:${var.place.region}:", ":secretsmanager:${service.region}:")
      if service.region != var.place.region
    ]
  ]))
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.function}"
  retention_in_days = 365
  kms_key_id        = var.keys.logs
}

resource "aws_security_group" "this" {
  name        = local.function
  description = "The rotation of database users"
  vpc_id      = var.network.vpc_id
  tags        = { Name = local.function }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "HTTPS to AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_iam_role" "this" {
  name = "${local.function}-${var.place.region}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "network" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_iam_role_policy" "this" {
  name = "rotate"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid    = "Rotate"
        Effect = "Allow"
        Action = [
          "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ]
        Resource = sort([for secret in var.secrets : secret.arn])
      },
      {
        Sid      = "SignInAsMaster"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = sort(distinct([for secret in var.secrets : secret.master_arn]))
      },
      {
        Sid      = "Key"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.keys.secrets
      },
      {
        Sid    = "StartAnew"
        Effect = "Allow"
        Action = ["ecs:DescribeServices", "ecs:UpdateService"]
        Resource = [
          for service in local.services : "arn:aws:ecs:${service.region}:${var.place.account_id}:service/${service.cluster}/${service.name}"
        ]
      },
      {
        Sid    = "StartAnewByCodeDeploy"
        Effect = "Allow"
        Action = [
          "codedeploy:CreateDeployment", "codedeploy:GetDeploymentConfig", "codedeploy:RegisterApplicationRevision",
          "codedeploy:GetApplicationRevision",
        ]
        Resource = concat(
          [for region in distinct(concat([var.place.region], local.called[*].region)) : "arn:aws:codedeploy:${region}:${var.place.account_id}:deploymentconfig:*"],
          [for service in local.called : "arn:aws:codedeploy:${service.region}:${var.place.account_id}:application:${service.application}"],
          [for service in local.called : "arn:aws:codedeploy:${service.region}:${var.place.account_id}:deploymentgroup:${service.application}/${service.group}"],
        )
      },
      ], [for copies in [local.copies] : {
        # Which version a copy has; what is in it the services alone may read.
        Sid      = "LookAtCopies"
        Effect   = "Allow"
        Action   = "secretsmanager:DescribeSecret"
        Resource = sort(copies)
    } if length(copies) > 0])
  })
}

resource "aws_lambda_function" "this" {
  function_name                  = local.function
  description                    = "Rotates the users of the databases by turns between two"
  role                           = aws_iam_role.this.arn
  runtime                        = "python3.13"
  architectures                  = ["arm64"]
  handler                        = "rotation.handler"
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  timeout                        = 180
  memory_size                    = 256
  reserved_concurrent_executions = 2
  kms_key_arn                    = var.keys.logs

  environment {
    variables = {
      DATABASE_CA_FILE = "/var/task/global-bundle.pem"
      SERVICES         = jsonencode({ for name, secret in var.secrets : name => secret.services })
    }
  }

  vpc_config {
    subnet_ids         = var.network.subnet_ids
    security_group_ids = concat([aws_security_group.this.id], sort(var.network.client_security_group_ids))
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this, aws_iam_role_policy_attachment.network]
}

resource "aws_lambda_permission" "secrets_manager" {
  statement_id   = "SecretsManager"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "secretsmanager.amazonaws.com"
  source_account = var.place.account_id
}

resource "aws_secretsmanager_secret_rotation" "this" {
  for_each            = var.secrets
  secret_id           = each.value.arn
  rotation_lambda_arn = aws_lambda_function.this.arn
  rotate_immediately  = true

  rotation_rules {
    schedule_expression = "rate(${var.days} days)"
    duration            = "3h"
  }

  depends_on = [aws_lambda_permission.secrets_manager]
}
