mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name      = "shop-test"
  service   = "order"
  place     = { account_id = "123456789012", region = "us-east-1" }
  cluster   = { name = "shop-test", arn = "arn:aws:ecs:us-east-1:123456789012:cluster/shop-test" }
  collector = { configuration_arn = "arn:aws:ssm:us-east-1:123456789012:parameter/collector", metrics_log_group_arn = "arn:aws:logs:us-east-1:123456789012:log-group:metrics" }
  task = {
    file = "../../../ecs/order.json"
    values = {
      image               = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1"
      collector_image     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
      cpu                 = "512"
      memory              = "1024"
      architecture        = "ARM64"
      program_environment = "production"
      log_level           = "info"
      trace_sample        = "0.01"
      work_connections    = "8"
    }
  }
  secrets = {
    database_secret   = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/order/database-AbCdEf"
    cache_secret      = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/shared/cache-AbCdEf"
    secret_key_secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/shared/secret-key-AbCdEf"
    admin_key_secret  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/shared/admin-key-AbCdEf"
    origin_secret     = "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/shop/edge/origin-secret-AbCdEf"
  }
  keys    = { secrets = "arn:aws:kms:us-east-1:123456789012:key/secrets", logs = "arn:aws:kms:us-east-1:123456789012:key/logs" }
  network = { vpc_id = "vpc-1", subnet_ids = ["subnet-1", "subnet-2", "subnet-3"], client_security_group_ids = ["sg-database", "sg-cache"], load_balancer_security_group_id = "sg-alb" }
  traffic = {
    load_balancer_arn_suffix = "app/shop/1"
    listener_arn             = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/1/2"
    target_groups = {
      blue  = { name = "blue", arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/blue/1", arn_suffix = "targetgroup/blue/1" }
      green = { name = "green", arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/green/1", arn_suffix = "targetgroup/green/1" }
    }
  }
  scaling = { min = 4, max = 40, peaks = { evening = { schedule = "cron(0 17 * * ? *)", min = 8, max = 40 } } }
}

run "the_task_is_locked_down" {
  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.this.container_definitions) :
      container.readonlyRootFilesystem && !container.privileged && container.user == "10001:10001" && container.linuxParameters.capabilities.drop == ["ALL"]
    ])
    error_message = "Containers run as 10001, without capabilities, on a file system that cannot be written."
  }

  assert {
    condition     = aws_ecs_task_definition.this.network_mode == "awsvpc" && aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "Tasks have an interface of their own, and run on ARM where asked for."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].stopTimeout == 30
    error_message = "A drain takes up to 25 s."
  }
}

run "secrets_come_by_arn" {
  assert {
    condition = alltrue([
      for secret in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : startswith(secret.valueFrom, "arn:aws:secretsmanager:")
    ])
    error_message = "A secret's value is never in a task definition."
  }

  assert {
    condition = length(setintersection(
      [for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : variable.name],
      ["SHOP_DATABASE_URL", "SHOP_REDIS_URL", "SHOP_SECRET_KEY", "SHOP_ADMIN_KEY", "SHOP_ORIGIN_SECRET"],
    )) == 0
    error_message = "What is secret is not in the environment's plain part."
  }
}

run "rights_are_the_least" {
  assert {
    condition     = toset(one([for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource if statement.Sid == "Secrets"])) == toset(values(var.secrets))
    error_message = "The task's start reads its own secrets and no others."
  }

  assert {
    condition = alltrue([
      for statement in concat(jsondecode(aws_iam_role_policy.execution.policy).Statement, jsondecode(aws_iam_role_policy.task.policy).Statement) :
      contains(["Registry", "Traces", "Exec"], statement.Sid) if jsonencode(statement.Resource) == "\"*\""
    ])
    error_message = "Every right names what it is for, but those that AWS does not narrow."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource if statement.Sid == "Image"]) == "arn:aws:ecr:us-east-1:123456789012:repository/shop"
    error_message = "It pulls from the image's own repository."
  }

  assert {
    condition     = !anytrue([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : startswith(jsonencode(statement.Action), "[\"secretsmanager")])
    error_message = "The running program reads no secret."
  }
}

run "exec_is_off" {
  assert {
    condition     = !aws_ecs_service.canary[0].enable_execute_command && !anytrue([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Sid == "Exec"])
    error_message = "Nobody gets a shell unless it was asked for."
  }
}

run "exec_works_where_it_is_on" {
  variables {
    task = {
      file            = "../../../ecs/order.json"
      execute_command = true
      values = {
        image               = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1"
        collector_image     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
        cpu                 = "512"
        memory              = "1024"
        architecture        = "ARM64"
        program_environment = "test"
        log_level           = "debug"
        trace_sample        = "0.01"
        work_connections    = "8"
      }
    }
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Sid => statement.Resource if contains(["ExecRecord", "ExecKey"], statement.Sid)
    } == { ExecRecord = "arn:aws:logs:us-east-1:123456789012:log-group:/shop-test/ecs/exec:*", ExecKey = var.keys.logs }
    error_message = "A session is encrypted and recorded by the task's own role."
  }

  assert {
    condition     = { for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.name => container.readonlyRootFilesystem } == { shop = false, collector = true }
    error_message = "The agent can write beside the program, and nowhere else."
  }
}

run "a_tenth_of_the_requests_goes_first" {
  assert {
    condition     = aws_codedeploy_deployment_group.this[0].deployment_config_name == "CodeDeployDefault.ECSCanary10Percent5Minutes" && aws_ecs_service.canary[0].deployment_controller[0].type == "CODE_DEPLOY"
    error_message = "A new version gets 10 % for 5 minutes."
  }

  assert {
    condition     = toset([for group in aws_codedeploy_deployment_group.this[0].load_balancer_info[0].target_group_pair_info[0].target_group : group.name]) == toset(["blue", "green"])
    error_message = "There are two target groups."
  }

  assert {
    condition     = toset(aws_codedeploy_deployment_group.this[0].auto_rollback_configuration[0].events) == toset(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]) && length(aws_codedeploy_deployment_group.this[0].alarm_configuration[0].alarms) == 4
    error_message = "Errors and latency of either group take it back."
  }
}

run "it_scales" {
  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == 4 && aws_appautoscaling_target.this[0].max_capacity == 40 && aws_appautoscaling_target.this[0].resource_id == "service/shop-test/order"
    error_message = "4 to 40 tasks."
  }

  assert {
    condition     = aws_appautoscaling_policy.cpu[0].target_tracking_scaling_policy_configuration[0].target_value == 70
    error_message = "CPU is held at 70 %."
  }

  assert {
    condition     = alltrue([for policy in aws_appautoscaling_policy.requests : policy.target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type == "ALBRequestCountPerTarget" && policy.target_tracking_scaling_policy_configuration[0].disable_scale_in]) && length(aws_appautoscaling_policy.requests) == 2
    error_message = "Requests a target add tasks, in whichever group has the traffic."
  }

  assert {
    condition     = aws_appautoscaling_scheduled_action.peak["evening"].scalable_target_action[0].min_capacity == "8"
    error_message = "A known peak is met beforehand."
  }
}

run "only_the_load_balancer_calls_it" {
  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_load_balancer[0].referenced_security_group_id == "sg-alb" && aws_vpc_security_group_ingress_rule.from_load_balancer[0].from_port == 8080
    error_message = "The load balancer's group reaches port 8080, nobody else does."
  }

  assert {
    condition     = toset(aws_ecs_service.canary[0].network_configuration[0].security_groups) == toset([aws_security_group.this.id, "sg-database", "sg-cache"]) && !aws_ecs_service.canary[0].network_configuration[0].assign_public_ip
    error_message = "Tasks carry the stores' client groups and have no public address."
  }
}

run "traces_go_to_the_collector_beside_it" {
  assert {
    condition = alltrue([
      for setting in [{ name = "SHOP_OTLP_ENDPOINT", value = "http://127.0.0.1:4318" }, { name = "SHOP_TRACE_SAMPLE", value = "0.01" }] :
      contains(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment, setting)
    ])
    error_message = "The program sends a part of its traces to the collector of its own task."
  }
}

run "the_worker_rolls_on_spot" {
  state_key = "worker"

  variables {
    service = "worker"
    task = {
      file   = "../../../ecs/worker.json"
      values = { image = "shop:1", collector_image = "collector:1", cpu = "256", memory = "512", architecture = "ARM64", program_environment = "production", log_level = "info", trace_sample = "0.01", role = "all" }
    }
    traffic = null
    scaling = { min = 2, max = 8, spot = 70 }
  }

  assert {
    condition     = length(aws_ecs_service.canary) == 0 && aws_ecs_service.rolling[0].deployment_circuit_breaker[0].enable && aws_ecs_service.rolling[0].deployment_circuit_breaker[0].rollback
    error_message = "A worker that does not stay up is taken back."
  }

  assert {
    condition     = { for strategy in aws_ecs_service.rolling[0].capacity_provider_strategy : strategy.capacity_provider => strategy.weight } == { FARGATE = 30, FARGATE_SPOT = 70 } && anytrue([for strategy in aws_ecs_service.rolling[0].capacity_provider_strategy : strategy.capacity_provider == "FARGATE" && strategy.base == 1])
    error_message = "70 % of the workers run on Spot, but the first."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.from_load_balancer) == 0 && length(aws_codedeploy_app.this) == 0
    error_message = "Nobody calls a worker."
  }
}

run "migrations_are_a_task_without_a_service" {
  state_key = "migrate"

  variables {
    service = "migrate"
    task = {
      file   = "../../../ecs/migrate.json"
      values = { image = "shop:1", cpu = "256", memory = "512", architecture = "ARM64", role = "all" }
    }
    traffic = null
    scaling = null
  }

  assert {
    condition     = length(aws_ecs_service.canary) + length(aws_ecs_service.rolling) + length(aws_appautoscaling_target.this) == 0
    error_message = "Migrations run when a pipeline starts them."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].command == ["migrate", "--role", "all"]
    error_message = "The task migrates."
  }
}

run "logs_may_go_through_firelens" {
  variables {
    log_router = { file = "../../../ecs/log-router.json", image = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.0", options = { Name = "loki", host = "loki.internal" } }
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration == { logDriver = "awsfirelens", options = { Name = "loki", host = "loki.internal" } }
    error_message = "The program's log goes to the router."
  }

  assert {
    condition     = [for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.name] == ["shop", "collector", "log-router"]
    error_message = "The router is beside it."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Resource if statement.Sid == "LogRouter"]) == "${aws_cloudwatch_log_group.this.arn}:*"
    error_message = "It may write to the service's own log group, and to no other."
  }
}

run "a_min_above_max_is_refused" {
  command = plan

  variables {
    scaling = { min = 5, max = 4 }
  }

  expect_failures = [var.scaling]
}

run "spot_for_shoppers_is_refused" {
  command = plan

  variables {
    scaling = { min = 4, max = 40, spot = 50 }
  }

  expect_failures = [var.scaling]
}

run "cpu_and_memory_that_fargate_does_not_pair_are_refused" {
  command = plan

  variables {
    task = {
      file   = "../../../ecs/order.json"
      values = { image = "shop:1", cpu = "512", memory = "8192" }
    }
  }

  expect_failures = [var.task]
}

run "a_secret_in_clear_is_refused" {
  command = plan

  variables {
    secrets = { database_secret = "postgresql://shop:secret@db/shop" }
  }

  expect_failures = [var.secrets]
}

run "where_no_money_is_real_the_test_provider_runs_beside_the_program" {
  variables {
    task = {
      file          = "../../../ecs/order.json"
      test_provider = true
      values = {
        image               = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1"
        collector_image     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
        cpu                 = "512"
        memory              = "1024"
        architecture        = "ARM64"
        program_environment = "test"
        log_level           = "info"
        trace_sample        = "0.01"
        work_connections    = "8"
      }
    }
  }

  assert {
    condition = one([
      for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.command if container.name == "test-provider"
    ]) == ["test-provider", "--port", "8090"]
    error_message = "The same image runs as the provider."
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.this.container_definitions) :
      container.readonlyRootFilesystem && container.user == "10001:10001" && !contains(keys(container), "secrets") if container.name == "test-provider"
    ])
    error_message = "The provider is locked down as the program is, and knows none of its secrets."
  }

  assert {
    condition = contains(
      one([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.environment if container.name == "shop"]),
      { name = "SHOP_TEST_PROVIDER_URL", value = "http://127.0.0.1:8090" },
    )
    error_message = "The program is told where it listens."
  }
}

run "elsewhere_there_is_no_test_provider" {
  assert {
    condition     = !strcontains(aws_ecs_task_definition.this.container_definitions, "test-provider") && !strcontains(aws_ecs_task_definition.this.container_definitions, "SHOP_TEST_PROVIDER_URL")
    error_message = "Where money is real, nothing knows of a test provider."
  }
}
