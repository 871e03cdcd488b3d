# From a change to production: build and test, staging, a full order there, an approval, migrations, then a tenth of production.

locals {
  artifacts = "${var.name}-pipeline-${var.place.account_id}"
  # CodeBuild projects by what they run.
  projects = {
    build   = { privileged = true, minutes = 120, size = "BUILD_GENERAL1_LARGE" }
    migrate = { privileged = false, minutes = 90, size = "BUILD_GENERAL1_SMALL" }
    follow  = { privileged = false, minutes = 120, size = "BUILD_GENERAL1_SMALL" }
    smoke   = { privileged = false, minutes = 15, size = "BUILD_GENERAL1_SMALL" }
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
  # Those who run the image, each in an account of its own.
  pullers = sort(distinct(concat(var.pulling_accounts, [for arn in local.environment_roles : split(":", arn)[4]])))
  # Further regions that run it.
  copies = distinct(flatten([for environment in var.environments : slice(environment.regions, 1, length(environment.regions))]))
  image_lifecycle = jsonencode({
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

# Tasks of other accounts pull it; which of their roles may, those accounts say.
resource "aws_ecr_repository_policy" "shop" {
  repository = aws_ecr_repository.shop.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EnvironmentsPull"
      Effect    = "Allow"
      Principal = { AWS = [for account in local.pullers : "arn:aws:iam::${account}:root"] }
      Action    = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    }]
  })
}

resource "aws_ecr_lifecycle_policy" "shop" {
  repository = aws_ecr_repository.shop.name
  policy     = local.image_lifecycle
}

# A second region pulls from its own registry: it must be able to start tasks when the first one is gone. A copy takes over nothing but
# images, so the repository is made here with what the first one has; its key is AWS's own, since a key belongs to one region.
resource "aws_ecr_repository" "copy" {
  provider             = aws.copy
  count                = length(local.copies)
  name                 = aws_ecr_repository.shop.name
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_repository_policy" "copy" {
  provider   = aws.copy
  count      = length(local.copies)
  repository = aws_ecr_repository.copy[0].name
  policy     = aws_ecr_repository_policy.shop.policy
}

resource "aws_ecr_lifecycle_policy" "copy" {
  provider   = aws.copy
  count      = length(local.copies)
  repository = aws_ecr_repository.copy[0].name
  policy     = local.image_lifecycle
}

resource "aws_ecr_replication_configuration" "copy" {
  count = length(local.copies)

  replication_configuration {
    rule {
      destination {
        region      = local.copies[0]
        registry_id = var.place.account_id
      }

      repository_filter {
        filter      = aws_ecr_repository.shop.name
        filter_type = "PREFIX_MATCH"
      }
    }
  }

  depends_on = [aws_ecr_repository_policy.copy]
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
  description    = "Runs ${var.buildspecs[each.key]}"
  service_role   = aws_iam_role.build.arn
  encryption_key = var.key_arn
  build_timeout  = each.value.minutes

  source {
    type      = "CODEPIPELINE"
    buildspec = var.buildspecs[each.key]
  }

  artifacts {
    type = "CODEPIPELINE"
  }

  environment {
    # The processor that tasks run on: the image is for that one.
    type         = var.build_image.architecture == "ARM64" ? "ARM_CONTAINER" : "LINUX_CONTAINER"
    image        = var.build_image.name
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
  # Within an environment: migrations and workers, orders, the catalogue, further regions, then a shopper. An older one reads what a
  # newer one writes.
  run_order = { migrate = 1, order = 2, product = 3, follow = 4, smoke = 5 }
  actions = {
    for stage in ["staging", "prod"] : stage => concat(
      [
        for project in compact(["migrate", length(var.environments[stage].regions) > 1 ? "follow" : "", "smoke"]) : {
          name     = project
          category = "Build"
          provider = "CodeBuild"
          role_arn = null
          input    = "source"
          output   = project == "migrate" ? "release-${stage}" : null
          settings = {
            ProjectName = aws_codebuild_project.this[project].name
            EnvironmentVariables = jsonencode([
              { name = "IMAGE", value = "#{build.IMAGE}", type = "PLAINTEXT" },
              { name = "ENVIRONMENT", value = jsonencode(merge(var.environments[stage], { name = stage })), type = "PLAINTEXT" },
              { name = "SHOP_URL", value = var.environments[stage].url, type = "PLAINTEXT" },
              { name = "SMOKE", value = var.environments[stage].smoke, type = "PLAINTEXT" },
            ])
          }
        }
      ],
      [
        for service in sort(var.environments[stage].canary) : {
          name     = service
          category = "Deploy"
          provider = "CodeDeployToECS"
          role_arn = var.environments[stage].role_arn
          input    = "release-${stage}"
          output   = null
          settings = {
            ApplicationName                = "${var.environments[stage].cluster}-${service}"
            DeploymentGroupName            = "${var.environments[stage].cluster}-${service}"
            TaskDefinitionTemplateArtifact = "release-${stage}"
            TaskDefinitionTemplatePath     = "${service}.json"
            AppSpecTemplateArtifact        = "release-${stage}"
            AppSpecTemplatePath            = "appspec-${service}.yaml"
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
      namespace        = "build"
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
        for_each = stage.value.environment == null ? [] : local.actions[stage.value.environment]
        content {
          name             = action.value.name
          category         = action.value.category
          owner            = "AWS"
          provider         = action.value.provider
          version          = "1"
          run_order        = local.run_order[action.value.name]
          role_arn         = action.value.role_arn
          input_artifacts  = [action.value.input]
          output_artifacts = compact([action.value.output])
          configuration    = action.value.settings
        }
      }
    }
  }
}
