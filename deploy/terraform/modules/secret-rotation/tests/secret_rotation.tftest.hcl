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
        { cluster = "shop-test", name = "order", application = "shop-test-order", group = "shop-test-order" },
        { cluster = "shop-test", name = "worker-order" },
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
