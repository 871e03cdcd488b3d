# Who may act in an account from outside, without a key: GitHub's workflows, which plan and apply, and the pipeline, which deploys.

locals {
  github = "token.actions.githubusercontent.com"
  # Pull requests and main may look; what changes anything comes from the environment of this name, whose reviewers have said yes.
  subjects = {
    plan  = ["repo:${var.repository}:pull_request", "repo:${var.repository}:ref:refs/heads/main"]
    apply = ["repo:${var.repository}:environment:${var.environment}"]
  }
  name = "shop-${var.environment}"
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://${local.github}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "github" {
  for_each             = local.subjects
  name                 = "shop-github-${each.key}"
  description          = "Taken on by GitHub's workflow ${each.key} of ${var.repository}"
  max_session_duration = each.key == "apply" ? 7200 : 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Condition = {
        StringEquals = {
          "${local.github}:aud" = "sts.amazonaws.com"
          "${local.github}:sub" = each.value
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "github" {
  for_each   = { plan = "ReadOnlyAccess", apply = "PowerUserAccess" }
  role       = aws_iam_role.github[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

# A plan asks for a random password, which it throws away, and reads no secret, no shopper's data and no log.
resource "aws_iam_role_policy" "plan" {
  name = "plan"
  role = aws_iam_role.github["plan"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "MakeUp"
        Effect   = "Allow"
        Action   = "secretsmanager:GetRandomPassword"
        Resource = "*"
      },
      {
        # The states are encrypted; of what else S3 holds, the last statement keeps it away.
        Sid       = "ReadStates"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = "arn:aws:kms:us-east-1:${var.account_id}:key/*"
        Condition = { StringEquals = { "kms:ViaService" = "s3.us-east-1.amazonaws.com" } }
      },
      {
        Sid    = "NoContents"
        Effect = "Deny"
        Action = [
          "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "logs:GetLogEvents", "logs:FilterLogEvents", "logs:StartQuery",
          "rds:DownloadDBLogFilePortion", "rds:DownloadCompleteDBLogFile",
        ]
        Resource = "*"
      },
      {
        Sid         = "NoOtherBucket"
        Effect      = "Deny"
        Action      = "s3:GetObject*"
        NotResource = "arn:aws:s3:::${var.states_bucket}/*"
      },
    ]
  })
}

# Who applies makes roles, so it is an administrator in the end: what guards it are the reviewers of GitHub's environment.
resource "aws_iam_role_policy" "apply" {
  name = "make-roles"
  role = aws_iam_role.github["apply"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "RolesOfTheShop"
        Effect = "Allow"
        Action = [
          "iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:Get*", "iam:List*",
          "iam:PassRole", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
        ]
        Resource = "arn:aws:iam::${var.account_id}:role/${local.name}*"
      },
      {
        Sid      = "ServicesRoles"
        Effect   = "Allow"
        Action   = "iam:CreateServiceLinkedRole"
        Resource = "arn:aws:iam::${var.account_id}:role/aws-service-role/*"
      },
    ]
  })
}

resource "aws_iam_role" "deploy" {
  count       = var.pipeline_account_id == null ? 0 : 1
  name        = "shop-deploy"
  description = "Taken on by the pipeline to roll a version out"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::${var.pipeline_account_id}:root" }
      Condition = {
        ArnLike = { "aws:PrincipalArn" = ["arn:aws:iam::${var.pipeline_account_id}:role/shop-pipeline-*-build", "arn:aws:iam::${var.pipeline_account_id}:role/shop-pipeline-*-pipeline"] }
      }
    }]
  })
}

resource "aws_iam_role_policy" "deploy" {
  count = var.pipeline_account_id == null ? 0 : 1
  name  = "deploy"
  role  = aws_iam_role.deploy[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Services"
        Effect   = "Allow"
        Action   = ["ecs:DescribeServices", "ecs:UpdateService"]
        Resource = "arn:aws:ecs:*:${var.account_id}:service/${local.name}/*"
      },
      {
        Sid      = "Migrations"
        Effect   = "Allow"
        Action   = "ecs:RunTask"
        Resource = "arn:aws:ecs:*:${var.account_id}:task-definition/${local.name}-migrate-*"
      },
      {
        Sid      = "Tasks"
        Effect   = "Allow"
        Action   = ["ecs:DescribeTasks", "ecs:StopTask"]
        Resource = "arn:aws:ecs:*:${var.account_id}:task/${local.name}/*"
      },
      {
        # Have no resource to be narrowed to.
        Sid      = "Definitions"
        Effect   = "Allow"
        Action   = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
        Resource = "*"
      },
      {
        Sid      = "TagsOfDefinitions"
        Effect   = "Allow"
        Action   = "ecs:TagResource"
        Resource = "arn:aws:ecs:*:${var.account_id}:task-definition/${local.name}-*"
      },
      {
        Sid    = "Canaries"
        Effect = "Allow"
        Action = [
          "codedeploy:CreateDeployment", "codedeploy:GetApplication", "codedeploy:GetApplicationRevision", "codedeploy:GetDeployment",
          "codedeploy:GetDeploymentConfig", "codedeploy:GetDeploymentGroup", "codedeploy:RegisterApplicationRevision",
        ]
        Resource = [
          "arn:aws:codedeploy:*:${var.account_id}:application:${local.name}-*",
          "arn:aws:codedeploy:*:${var.account_id}:deploymentgroup:${local.name}-*/*",
          "arn:aws:codedeploy:*:${var.account_id}:deploymentconfig:CodeDeployDefault.*",
        ]
      },
      {
        Sid       = "RolesOfTasks"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = ["arn:aws:iam::${var.account_id}:role/${local.name}-*-start", "arn:aws:iam::${var.account_id}:role/${local.name}-*-task"]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
      {
        Sid      = "Artifacts"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "arn:aws:s3:::shop-pipeline-pipeline-${var.pipeline_account_id}/*"
      },
      {
        # The pipeline's key lets this role use it, and this lets the role ask; a key's name is made up by AWS.
        Sid       = "Key"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:DescribeKey"]
        Resource  = "arn:aws:kms:us-east-1:${var.pipeline_account_id}:key/*"
        Condition = { StringEquals = { "kms:ViaService" = "s3.us-east-1.amazonaws.com" } }
      },
    ]
  })
}
