mock_provider "aws" {
  source = "../../mocks"
}

mock_provider "aws" {
  alias  = "copy"
  source = "../../mocks"
}

variables {
  name                = "shop-pipeline"
  place               = { account_id = "123456789012", region = "us-east-1" }
  key_arn             = "arn:aws:kms:us-east-1:123456789012:key/pipeline"
  source_repository   = { id = "shop/shop" }
  approvers_topic_arn = "arn:aws:sns:us-east-1:123456789012:approvers"
  pulling_accounts    = ["111111111111"]
  buildspecs = {
    build = "deploy/buildspec.yml", migrate = "deploy/buildspec-migrate.yml", follow = "deploy/buildspec-follow.yml", smoke = "deploy/buildspec-smoke.yml"
  }
  environments = {
    staging = {
      role_arn = "arn:aws:iam::222222222222:role/deploy", url = "https://staging.shop.example", cluster = "shop-staging", smoke = "order"
      regions  = ["us-east-1"], canary = ["product", "order"], rolling = ["worker-product", "worker-order"]
    }
    prod = {
      role_arn = "arn:aws:iam::333333333333:role/deploy", url = "https://shop.example", cluster = "shop-prod", smoke = "quote"
      regions  = ["us-east-1", "eu-west-1"], canary = ["product", "order"], rolling = ["worker-product", "worker-order"]
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
    condition     = { for action in aws_codepipeline.this.stage[2].action : action.name => action.run_order } == { migrate = 1, order = 2, product = 3, smoke = 5 }
    error_message = "In staging: migrations and workers first, then orders, then the catalogue, then a full order."
  }

  assert {
    condition     = { for action in aws_codepipeline.this.stage[4].action : action.name => action.run_order } == { migrate = 1, order = 2, product = 3, follow = 4, smoke = 5 }
    error_message = "In production the second region follows the first, and the smoke test comes when both are done."
  }

  assert {
    condition     = one([for stage in aws_codepipeline.this.stage : stage.action[0].category if stage.name == "approval"]) == "Approval"
    error_message = "Somebody says yes before production."
  }
}

run "services_that_are_called_are_canaries" {
  assert {
    condition = { for action in aws_codepipeline.this.stage[4].action : action.name => action.configuration.DeploymentGroupName if action.provider == "CodeDeployToECS" } == {
      product = "shop-prod-product", order = "shop-prod-order"
    }
    error_message = "Product and order go by the CodeDeploy groups that the module ecs-service makes."
  }

  assert {
    condition = alltrue([
      for action in aws_codepipeline.this.stage[4].action : action.role_arn == "arn:aws:iam::333333333333:role/deploy" && action.configuration.TaskDefinitionTemplateArtifact == "release-prod"
      if action.provider == "CodeDeployToECS"
    ])
    error_message = "They are deployed as the environment's own role, from what its migrations have left."
  }
}

run "what_was_tested_is_what_is_rolled_out" {
  assert {
    condition = alltrue([
      for index in [2, 4] : alltrue([
        for action in aws_codepipeline.this.stage[index].action :
        one([for variable in jsondecode(action.configuration.EnvironmentVariables) : variable.value if variable.name == "IMAGE"]) == "#{build.IMAGE}"
        if action.provider == "CodeBuild"
      ])
    ]) && aws_codepipeline.this.stage[1].action[0].namespace == "build"
    error_message = "One image, by the digest that the build has told, goes through staging to production."
  }

  assert {
    condition = [
      for index in [2, 4] : one([
        for variable in jsondecode(one([for action in aws_codepipeline.this.stage[index].action : action.configuration.EnvironmentVariables if action.name == "smoke"])) :
        variable.value if variable.name == "SMOKE"
      ])
    ] == ["order", "quote"]
    error_message = "A full order in staging; in production, where money is real, a priced cart."
  }

  assert {
    condition = jsondecode(one([
      for variable in jsondecode(one([for action in aws_codepipeline.this.stage[4].action : action.configuration.EnvironmentVariables if action.name == "follow"])) :
      variable.value if variable.name == "ENVIRONMENT"
    ])).regions == ["us-east-1", "eu-west-1"]
    error_message = "The regions reach the step that brings the image to the further ones."
  }
}

run "the_image_is_built_for_the_processor_of_the_tasks" {
  assert {
    condition     = alltrue([for project in aws_codebuild_project.this : project.environment[0].type == "ARM_CONTAINER"])
    error_message = "Tasks run on ARM64, and so does what builds their image."
  }
}

run "environments_pull_and_nobody_else" {
  assert {
    condition = jsondecode(aws_ecr_repository_policy.shop.policy).Statement[0].Principal.AWS == [
      "arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:root",
    ] && !strcontains(aws_ecr_repository_policy.shop.policy, "ecr:Put")
    error_message = "The accounts that run the image may pull it, and write nothing."
  }
}

run "a_second_region_pulls_from_its_own_registry" {
  assert {
    condition = (
      [for destination in aws_ecr_replication_configuration.copy[0].replication_configuration[0].rule[0].destination : "${destination.region} ${destination.registry_id}"] == ["eu-west-1 123456789012"]
      && aws_ecr_replication_configuration.copy[0].replication_configuration[0].rule[0].repository_filter[0].filter == aws_ecr_repository.copy[0].name
    )
    error_message = "Images are copied to the region that takes over, under the same name."
  }

  assert {
    condition     = aws_ecr_repository_policy.copy[0].policy == aws_ecr_repository_policy.shop.policy && aws_ecr_lifecycle_policy.copy[0].policy == aws_ecr_lifecycle_policy.shop.policy
    error_message = "Who may pull, and what goes, is the same there."
  }

  assert {
    condition     = aws_ecr_repository.copy[0].image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.copy[0].image_scanning_configuration[0].scan_on_push
    error_message = "A copy never changes, and is scanned."
  }
}

run "one_region_needs_no_copy" {
  variables {
    environments = {
      for name in ["staging", "prod"] : name => {
        role_arn = "arn:aws:iam::222222222222:role/deploy", url = "https://shop.example", cluster = "shop-${name}", smoke = "order"
        regions  = ["us-east-1"], canary = ["product", "order"], rolling = ["worker-product", "worker-order"]
      }
    }
  }

  assert {
    condition     = length(aws_ecr_repository.copy) + length(aws_ecr_replication_configuration.copy) == 0
    error_message = "Where there is one region nothing is copied."
  }
}

run "a_third_region_is_refused" {
  command = plan

  variables {
    environments = {
      for name in ["staging", "prod"] : name => {
        role_arn = "arn:aws:iam::222222222222:role/deploy", url = "https://shop.example", cluster = "shop-${name}", smoke = "order"
        regions  = ["us-east-1", "eu-west-1", "eu-north-1"], canary = ["product", "order"], rolling = ["worker-product", "worker-order"]
      }
    }
  }

  expect_failures = [var.environments]
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
    condition     = { for name, project in aws_codebuild_project.this : name => project.environment[0].privileged_mode } == { build = true, migrate = false, follow = false, smoke = false }
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

run "an_environment_whose_first_region_is_elsewhere_is_refused" {
  command = plan

  variables {
    environments = {
      staging = {
        role_arn = "arn:aws:iam::222222222222:role/deploy", url = "https://staging.shop.example", cluster = "shop-staging", smoke = "order"
        regions  = ["eu-west-1"], canary = ["product", "order"], rolling = ["worker-order"]
      }
      prod = {
        role_arn = "arn:aws:iam::333333333333:role/deploy", url = "https://shop.example", cluster = "shop-prod", smoke = "quote"
        regions  = ["us-east-1"], canary = ["product", "order"], rolling = ["worker-order"]
      }
    }
  }

  expect_failures = [var.environments]
}
