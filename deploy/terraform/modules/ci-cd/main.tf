# From a change to production: build and test, staging, a full order there, an approval, migrations, then a tenth of production.

locals {
  artifacts = "${var.name}-pipeline-${var.place.account_id}"
  # CodeBuild projects by what they run.
  projects = {
    build   = { spec = var.buildspecs.build, privileged = true, minutes = 60, size = "BUILD_GENERAL1_LARGE" }
    migrate = { spec = var.buildspecs.migrate, privileged = false, minutes = 30, size = "BUILD_GENERAL1_SMALL" }
    smoke   = { spec = var.buildspecs.smoke, privileged = false, minutes = 15, size = "BUILD_GENERAL1_SMALL" }
  }
  assumed_by = {
    for service in ["codepipeline", "codebuild"] : service => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "${service}.amazonaws.com" }
        Condition = { StringEquals = { "aws:SourceAccount" = var.place.account_id } }
      }]
    })
  }
  environment_roles = [for environment in var.environments : environment.role_arn]
}

resource "aws_ecr_repository" "shop" {
  name                 = "shop"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.key_arn
  }
}

resource "aws_ecr_lifecycle_policy" "shop" {
  repository = aws_ecr_repository.shop.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "What lost its tag goes after a week"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "The last hundred stay, for rollbacks"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 100 }
        action       = { type = "expire" }
      },
    ]
  })
}

# Connected by hand once: somebody must say yes at the repository's host.
resource "aws_codestarconnections_connection" "source" {
  name          = var.name
  provider_type = "GitHub"
}

resource "aws_s3_bucket" "artifacts" {
  bucket        = local.artifacts
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  bucket                  = aws_s3_bucket.artifacts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    id     = "thirty-days"
    status = "Enabled"

    filter {}

    expiration {
      days = 30
    }

    noncurrent_version_expiration {
      noncurrent_days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_policy" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OverTLSAlone"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::${local.artifacts}", "arn:aws:s3:::${local.artifacts}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "EnvironmentsRead"
        Effect    = "Allow"
        Principal = { AWS = sort(local.environment_roles) }
        Action    = "s3:GetObject*"
        Resource  = "arn:aws:s3:::${local.artifacts}/*"
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "build" {
  for_each          = local.projects
  name              = "/${var.name}/codebuild/${each.key}"
  retention_in_days = 365
  kms_key_id        = var.key_arn
}

resource "aws_iam_role" "build" {
  name               = "${var.name}-${var.place.region}-build"
  assume_role_policy = local.assumed_by.codebuild
}

resource "aws_iam_role_policy" "build" {
  name = "build"
  role = aws_iam_role.build.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Log"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = [for group in aws_cloudwatch_log_group.build : "${group.arn}:*"]
      },
      {
        Sid      = "Artifacts"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
        Resource = "arn:aws:s3:::${local.artifacts}/*"
      },
      {
        Sid      = "Key"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.key_arn
      },
      {
        Sid    = "Image"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImageScanFindings",
          "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
        ]
        Resource = aws_ecr_repository.shop.arn
      },
      {
        # Has no resource to be narrowed to.
        Sid      = "Registry"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid      = "Environments"
        Effect   = "Allow"
        Action   = "sts:AssumeRole"
        Resource = sort(local.environment_roles)
      },
    ]
  })
}

resource "aws_codebuild_project" "this" {
  for_each       = local.projects
  name           = "${var.name}-${each.key}"
  description    = "Runs ${each.value.spec}"
  service_role   = aws_iam_role.build.arn
  encryption_key = var.key_arn
  build_timeout  = each.value.minutes

  source {
    type      = "CODEPIPELINE"
    buildspec = each.value.spec
  }

  artifacts {
    type = "CODEPIPELINE"
  }

  environment {
    type         = "LINUX_CONTAINER"
    image        = "aws/codebuild/standard:7.0"
    compute_type = each.value.size
    # The build makes an image.
    privileged_mode = each.value.privileged

    environment_variable {
      name  = "REPOSITORY"
      value = aws_ecr_repository.shop.repository_url
    }
  }

  logs_config {
    cloudwatch_logs {
      group_name = aws_cloudwatch_log_group.build[each.key].name
    }
  }
}

resource "aws_iam_role" "pipeline" {
  name               = "${var.name}-${var.place.region}-pipeline"
  assume_role_policy = local.assumed_by.codepipeline
}

resource "aws_iam_role_policy" "pipeline" {
  name = "orchestrate"
  role = aws_iam_role.pipeline.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:GetBucketVersioning"]
        Resource = ["arn:aws:s3:::${local.artifacts}", "arn:aws:s3:::${local.artifacts}/*"]
      },
      {
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.key_arn
      },
      {
        Effect   = "Allow"
        Action   = ["codebuild:StartBuild", "codebuild:BatchGetBuilds"]
        Resource = [for project in aws_codebuild_project.this : project.arn]
      },
      {
        Effect   = "Allow"
        Action   = "codestar-connections:UseConnection"
        Resource = aws_codestarconnections_connection.source.arn
      },
      {
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = var.approvers_topic_arn
      },
      {
        Effect   = "Allow"
        Action   = "sts:AssumeRole"
        Resource = sort(local.environment_roles)
      },
    ]
  })
}

locals {
  # Within an environment: migrations before all services, services beside each other, then a full order.
  deployments = {
    for environment in ["staging", "prod"] : environment => concat(
      [
        for service, target in var.environments[environment].canary : {
          name = "deploy-${service}", provider = "CodeDeployToECS", order = 2
          settings = {
            ApplicationName                = target.application
            DeploymentGroupName            = target.group
            TaskDefinitionTemplateArtifact = "built"
            TaskDefinitionTemplatePath     = "${environment}/${service}.json"
            AppSpecTemplateArtifact        = "built"
            AppSpecTemplatePath            = "${environment}/appspec-${service}.yaml"
          }
        }
      ],
      [
        for service in sort(var.environments[environment].rolling) : {
          name = "deploy-${service}", provider = "ECS", order = 2
          settings = {
            ClusterName = var.environments[environment].cluster
            ServiceName = service
            FileName    = "${environment}/${service}-image.json"
          }
        }
      ],
    )
  }
}

resource "aws_codepipeline" "this" {
  name           = var.name
  role_arn       = aws_iam_role.pipeline.arn
  pipeline_type  = "V2"
  execution_mode = "QUEUED"

  artifact_store {
    type     = "S3"
    location = aws_s3_bucket.artifacts.id

    encryption_key {
      type = "KMS"
      id   = var.key_arn
    }
  }

  stage {
    name = "source"

    action {
      name             = "source"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeStarSourceConnection"
      version          = "1"
      output_artifacts = ["source"]
      configuration = {
        ConnectionArn        = aws_codestarconnections_connection.source.arn
        FullRepositoryId     = var.source_repository.id
        BranchName           = var.source_repository.branch
        OutputArtifactFormat = "CODEBUILD_CLONE_REF"
      }
    }
  }

  stage {
    name = "build"

    action {
      name             = "build"
      category         = "Build"
      owner            = "AWS"
      provider         = "CodeBuild"
      version          = "1"
      input_artifacts  = ["source"]
      output_artifacts = ["built"]
      configuration    = { ProjectName = aws_codebuild_project.this["build"].name }
    }
  }

  dynamic "stage" {
    for_each = [
      { name = "staging", environment = "staging" },
      { name = "approval", environment = null },
      { name = "production", environment = "prod" },
    ]
    content {
      name = stage.value.name

      dynamic "action" {
        for_each = stage.value.environment == null ? [1] : []
        content {
          name     = "approve"
          category = "Approval"
          owner    = "AWS"
          provider = "Manual"
          version  = "1"
          configuration = {
            NotificationArn = var.approvers_topic_arn
            CustomData      = "A full order went through in staging. Roll out to production?"
          }
        }
      }

      dynamic "action" {
        for_each = stage.value.environment == null ? [] : ["migrate", "smoke"]
        content {
          name            = action.value
          category        = "Build"
          owner           = "AWS"
          provider        = "CodeBuild"
          version         = "1"
          run_order       = action.value == "migrate" ? 1 : 3
          input_artifacts = ["source"]
          configuration = {
            ProjectName = aws_codebuild_project.this[action.value].name
            EnvironmentVariables = jsonencode([
              { name = "ENVIRONMENT", value = stage.value.environment, type = "PLAINTEXT" },
              { name = "ROLE_ARN", value = var.environments[stage.value.environment].role_arn, type = "PLAINTEXT" },
              { name = "CLUSTER", value = var.environments[stage.value.environment].cluster, type = "PLAINTEXT" },
              { name = "SHOP_URL", value = var.environments[stage.value.environment].url, type = "PLAINTEXT" },
            ])
          }
        }
      }

      dynamic "action" {
        for_each = stage.value.environment == null ? [] : local.deployments[stage.value.environment]
        content {
          name            = action.value.name
          category        = "Deploy"
          owner           = "AWS"
          provider        = action.value.provider
          version         = "1"
          run_order       = action.value.order
          role_arn        = var.environments[stage.value.environment].role_arn
          input_artifacts = ["built"]
          configuration   = action.value.settings
        }
      }
    }
  }
}
