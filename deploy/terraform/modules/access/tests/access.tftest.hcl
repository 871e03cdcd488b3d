mock_provider "aws" {
  source = "../../mocks"
}

variables {
  environment         = "prod"
  account_id          = "333333333333"
  repository          = "shop/shop"
  states_bucket       = "shop-prod-terraform-states"
  pipeline_account_id = "444444444444"
}

run "github_comes_without_a_key_and_as_this_repository_alone" {
  assert {
    condition = alltrue([
      for role in aws_iam_role.github : jsondecode(role.assume_role_policy).Statement[0].Action == "sts:AssumeRoleWithWebIdentity" &&
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
    ])
    error_message = "Roles are taken on by a token of GitHub's that is meant for AWS."
  }

  assert {
    condition     = jsondecode(aws_iam_role.github["apply"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == ["repo:shop/shop:environment:prod"]
    error_message = "Only a job of GitHub's environment prod, which its reviewers let through, may apply."
  }

  assert {
    condition     = !strcontains(aws_iam_role.github["plan"].assume_role_policy, "*") && !strcontains(aws_iam_role.github["apply"].assume_role_policy, "*")
    error_message = "No wildcard lets another repository or branch in."
  }
}

run "a_plan_reads_no_secret" {
  assert {
    condition     = contains(one([for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement : statement.Action if statement.Sid == "NoContents"]), "secretsmanager:GetSecretValue")
    error_message = "Who opens a pull request must not read secrets by its plan."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement : statement.NotResource if statement.Sid == "NoOtherBucket"]) == "arn:aws:s3:::shop-prod-terraform-states/*"
    error_message = "Of all buckets it reads that of the states."
  }

  assert {
    condition     = aws_iam_role_policy_attachment.github["plan"].policy_arn == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    error_message = "A plan writes nothing."
  }
}

run "the_pipeline_deploys_and_does_no_more" {
  assert {
    condition     = jsondecode(aws_iam_role.deploy[0].assume_role_policy).Statement[0].Condition.ArnLike["aws:PrincipalArn"] == ["arn:aws:iam::444444444444:role/shop-pipeline-*-build", "arn:aws:iam::444444444444:role/shop-pipeline-*-pipeline"]
    error_message = "Only the pipeline's own roles take it on, not all of its account."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.deploy[0].policy).Statement : statement.Sid == "Definitions" if jsonencode(statement.Resource) == "\"*\""])
    error_message = "Its rights name the services of this environment."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.deploy[0].policy).Statement : statement.Condition.StringEquals["iam:PassedToService"] if statement.Sid == "RolesOfTasks"]) == "ecs-tasks.amazonaws.com"
    error_message = "It hands the tasks' roles to tasks and to nothing else."
  }
}

run "an_account_without_a_pipeline_has_no_role_for_it" {
  variables {
    environment         = "dev"
    pipeline_account_id = null
  }

  assert {
    condition     = length(aws_iam_role.deploy) == 0
    error_message = "Nobody deploys to dev but who applies it."
  }
}

run "a_repository_with_a_wildcard_is_refused" {
  command = plan

  variables {
    repository = "shop/*"
  }

  expect_failures = [var.repository]
}

run "an_account_that_is_none_is_refused" {
  command = plan

  variables {
    account_id = "shop"
  }

  expect_failures = [var.account_id]
}
