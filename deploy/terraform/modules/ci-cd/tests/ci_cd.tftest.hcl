mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name                = "shop-pipeline"
  place               = { account_id = "123456789012", region = "us-east-1" }
  key_arn             = "arn:aws:kms:us-east-1:123456789012:key/pipeline"
  source_repository   = { id = "shop/shop" }
  buildspecs          = { build = "deploy/buildspec.yml", migrate = "deploy/buildspec-migrate.yml", smoke = "deploy/buildspec-smoke.yml" }
  approvers_topic_arn = "arn:aws:sns:us-east-1:123456789012:approvers"
  environments = {
    staging = {
      role_arn = "arn:aws:iam::222222222222:role/deploy", url = "https://staging.shop.example", cluster = "shop-staging", rolling = ["worker-order"]
      canary   = { product = { application = "shop-staging-product", group = "shop-staging-product" }, order = { application = "shop-staging-order", group = "shop-staging-order" } }
    }
    prod = {
      role_arn = "arn:aws:iam::333333333333:role/deploy", url = "https://shop.example", cluster = "shop-prod", rolling = ["worker-order"]
      canary   = { product = { application = "shop-prod-product", group = "shop-prod-product" }, order = { application = "shop-prod-order", group = "shop-prod-order" } }
    }
  }
}

run "images_are_scanned_and_never_change" {
  assert {
    condition     = aws_ecr_repository.shop.image_scanning_configuration[0].scan_on_push && aws_ecr_repository.shop.image_tag_mutability == "IMMUTABLE"
    error_message = "Images are scanned when pushed, and a tag means one image for ever."
  }

  assert {
    condition     = length(jsondecode(aws_ecr_lifecycle_policy.shop.policy).rules) == 2
    error_message = "Old images go."
  }
}

run "the_way_to_production" {
  assert {
    condition     = [for stage in aws_codepipeline.this.stage : stage.name] == ["source", "build", "staging", "approval", "production"]
    error_message = "Source, build, staging, approval, production."
  }

  assert {
    condition = alltrue([
      for stage in aws_codepipeline.this.stage : one([for action in stage.action : action.run_order if action.name == "migrate"]) == 1 &&
      alltrue([for action in stage.action : action.run_order == 2 if startswith(action.name, "deploy-")]) &&
      one([for action in stage.action : action.run_order if action.name == "smoke"]) == 3
      if contains(["staging", "production"], stage.name)
    ])
    error_message = "Migrations first, then the services, then a full order."
  }

  assert {
    condition     = one([for stage in aws_codepipeline.this.stage : stage.action[0].category if stage.name == "approval"]) == "Approval"
    error_message = "Somebody says yes before production."
  }
}

run "services_that_are_called_are_canaries" {
  assert {
    condition = { for action in aws_codepipeline.this.stage[4].action : action.name => action.provider if startswith(action.name, "deploy-") } == {
      deploy-product = "CodeDeployToECS", deploy-order = "CodeDeployToECS", deploy-worker-order = "ECS"
    }
    error_message = "Product and order go by CodeDeploy, the worker rolls."
  }
}

run "rights_are_the_least" {
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.build.policy).Statement : statement.Sid == "Registry" if jsonencode(statement.Resource) == "\"*\""
    ])
    error_message = "The build's rights name what they are for."
  }

  assert {
    condition     = toset(one([for statement in jsondecode(aws_iam_role_policy.build.policy).Statement : statement.Resource if statement.Sid == "Environments"])) == toset(["arn:aws:iam::222222222222:role/deploy", "arn:aws:iam::333333333333:role/deploy"])
    error_message = "It acts in the environments by their own roles, without keys."
  }

  assert {
    condition     = { for name, project in aws_codebuild_project.this : name => project.environment[0].privileged_mode } == { build = true, migrate = false, smoke = false }
    error_message = "Only the build that makes an image is privileged."
  }
}

run "artifacts_are_encrypted_and_not_public" {
  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.artifacts.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.key_arn && aws_s3_bucket_public_access_block.artifacts.restrict_public_buckets
    error_message = "Artifacts are encrypted by the pipeline's key."
  }
}

run "a_pipeline_without_staging_is_refused" {
  command = plan

  variables {
    environments = {}
  }

  expect_failures = [var.environments]
}

run "a_repository_without_an_owner_is_refused" {
  command = plan

  variables {
    source_repository = { id = "shop" }
  }

  expect_failures = [var.source_repository]
}
