mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name    = "shop-test"
  place   = { account_id = "123456789012", region = "us-east-1" }
  package = "main.tf"
  network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2"], client_security_group_ids = ["sg-database"] }
  keys    = { secrets = "arn:aws:kms:us-east-1:123456789012:key/secrets", logs = "arn:aws:kms:us-east-1:123456789012:key/logs" }
  secrets = {
    "test/shop/order/database" = {
      arn        = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/order/database-AbCdEf"
      master_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/shop/master-AbCdEf"
      services = [
        { region = "us-east-1", cluster = "shop-test", name = "order", application = "shop-test-order", group = "shop-test-order" },
        { region = "us-east-1", cluster = "shop-test", name = "worker-order" },
      ]
    }
  }
}

run "secrets_are_rotated_every_month_and_at_once" {
  assert {
    condition     = aws_secretsmanager_secret_rotation.this["test/shop/order/database"].rotation_rules[0].schedule_expression == "rate(30 days)" && aws_secretsmanager_secret_rotation.this["test/shop/order/database"].rotate_immediately
    error_message = "The first rotation makes the users, later ones come every 30 days."
  }

  assert {
    condition     = aws_lambda_permission.secrets_manager.principal == "secretsmanager.amazonaws.com" && aws_lambda_permission.secrets_manager.source_account == "123456789012"
    error_message = "Secrets Manager of this account alone calls it."
  }
}

run "rights_are_the_least" {
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : jsonencode(statement.Resource) != "\"*\""])
    error_message = "Every right names what it is for."
  }

  assert {
    condition     = !contains(one([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Action if statement.Sid == "StartAnew"]), "ecs:RunTask")
    error_message = "It starts services anew and runs nothing else."
  }
}

run "in_one_region_it_has_no_right_in_another" {
  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "eu-west-1") && !strcontains(aws_iam_role_policy.this.policy, "LookAtCopies")
    error_message = "Without a second region nothing is asked for there."
  }
}

run "services_of_the_other_region_follow" {
  variables {
    secrets = {
      "test/shop/order/database" = {
        arn        = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/order/database-AbCdEf"
        master_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/shop/master-AbCdEf"
        services = [
          { region = "us-east-1", cluster = "shop-test", name = "order", application = "shop-test-order", group = "shop-test-order" },
          { region = "eu-west-1", cluster = "shop-test", name = "order", application = "shop-test-order", group = "shop-test-order" },
          { region = "eu-west-1", cluster = "shop-test", name = "worker-order" },
        ]
      }
    }
  }

  assert {
    condition = [
      for service in jsondecode(aws_lambda_function.this.environment[0].variables.SERVICES)["test/shop/order/database"] : service.name if service.region == "eu-west-1"
    ] == ["order", "worker-order"]
    error_message = "It knows which services of the other region read the copy."
  }

  assert {
    condition = one([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement if statement.Sid == "LookAtCopies"]) == {
      Sid      = "LookAtCopies"
      Effect   = "Allow"
      Action   = "secretsmanager:DescribeSecret"
      Resource = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:test/shop/order/database-AbCdEf"]
    }
    error_message = "It sees which version the copy has, and nothing else of it."
  }

  assert {
    condition = toset(one([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "StartAnew"])) == toset([
      "arn:aws:ecs:us-east-1:123456789012:service/shop-test/order",
      "arn:aws:ecs:eu-west-1:123456789012:service/shop-test/order",
      "arn:aws:ecs:eu-west-1:123456789012:service/shop-test/worker-order",
    ])
    error_message = "It starts these services anew and no others."
  }

  assert {
    condition = alltrue([
      for resource in ["deploymentconfig:*", "application:shop-test-order", "deploymentgroup:shop-test-order/shop-test-order"] :
      contains(one([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "StartAnewByCodeDeploy"]), "arn:aws:codedeploy:eu-west-1:123456789012:${resource}")
    ])
    error_message = "It may deploy there what is called there."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : !strcontains(jsonencode(statement.Resource), "eu-west-1") || contains(["LookAtCopies", "StartAnew", "StartAnewByCodeDeploy"], statement.Sid)])
    error_message = "It has no other right in the other region."
  }

  assert {
    condition     = aws_lambda_function.this.timeout >= 180
    error_message = "There is time to wait for the copy."
  }
}

run "a_service_in_no_region_is_refused" {
  command = plan

  variables {
    secrets = {
      "test/shop/order/database" = {
        arn        = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/order/database-AbCdEf"
        master_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/shop/master-AbCdEf"
        services   = [{ region = "europe", cluster = "shop-test", name = "order" }]
      }
    }
  }

  expect_failures = [var.secrets]
}

run "it_reaches_databases_and_aws" {
  assert {
    condition     = toset(aws_lambda_function.this.vpc_config[0].security_group_ids) == toset([aws_security_group.this.id, "sg-database"])
    error_message = "It carries the databases' client group."
  }
}

run "it_knows_which_services_read_the_secret" {
  assert {
    condition     = [for service in jsondecode(aws_lambda_function.this.environment[0].variables.SERVICES)["test/shop/order/database"] : service.name] == ["order", "worker-order"]
    error_message = "After a rotation the services that read the secret are started anew."
  }
}

run "a_package_that_was_not_built_is_refused" {
  command = plan

  variables {
    package = "nowhere.zip"
  }

  expect_failures = [var.package]
}

run "a_rotation_once_a_year_is_refused" {
  command = plan

  variables {
    days = 365
  }

  expect_failures = [var.days]
}
