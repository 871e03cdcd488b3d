# One service of the program, from one of the files in deploy/ecs: its task definition, and where scaling is set, the service.

locals {
  full_name  = "${var.name}-${var.service}"
  is_called  = var.traffic != null
  is_service = var.scaling != null
  image      = var.task.values.image

  rendered = jsondecode(templatefile(var.task.file, merge(var.task.values, var.secrets, {
    name                    = var.name
    region                  = var.place.region
    log_group               = aws_cloudwatch_log_group.this.name
    execution_role_arn      = aws_iam_role.execution.arn
    task_role_arn           = aws_iam_role.task.arn
    collector_configuration = var.collector.configuration_arn
  })))
  log_router = var.log_router == null ? [] : [jsondecode(templatefile(var.log_router.file, {
    log_router_image = var.log_router.image
    log_group        = aws_cloudwatch_log_group.this.name
    region           = var.place.region
  }))]
  # Beside the program, from the same image, where payments are a test's: it listens on the task's own loopback alone.
  test_provider = {
    for container in local.rendered.containerDefinitions : "test-provider" => {
      for key, value in merge(container, { name = "test-provider", command = ["test-provider", "--port", "8090"] }) :
      key => value if !contains(["environment", "secrets", "portMappings", "healthCheck"], key)
    } if container.name == "shop" && var.task.test_provider
  }
  containers = concat(
    [
      for container in concat(local.rendered.containerDefinitions, values(local.test_provider)) : merge(
        container,
        container.name == "shop" && var.task.test_provider ? {
          environment = concat(container.environment, [{ name = "SHOP_TEST_PROVIDER_URL", value = "http://127.0.0.1:8090" }])
        } : {},
        # The agent of ECS Exec must write beside the program.
        container.name == "shop" && var.task.execute_command ? { readonlyRootFilesystem = false } : {},
        var.log_router == null ? {} : { logConfiguration = { logDriver = "awsfirelens", options = var.log_router.options } },
      )
    ],
    local.log_router,
  )

  # Account, region and name of the repository, where the image is in ECR.
  ecr = regexall("^([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com/([^:@]+)", local.image)
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.name}/ecs/${var.service}"
  retention_in_days = 90
  kms_key_id        = var.keys.logs
}

# What starts the task: pulls the image, reads its secrets, opens its log.
resource "aws_iam_role" "execution" {
  name               = "${local.full_name}-${var.place.region}-start"
  assume_role_policy = local.assumed_by_tasks
}

# What the program itself may do.
resource "aws_iam_role" "task" {
  name               = "${local.full_name}-${var.place.region}-task"
  assume_role_policy = local.assumed_by_tasks
}

locals {
  assumed_by_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.place.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:aws:ecs:${var.place.region}:${var.place.account_id}:*" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "execution" {
  name = "start"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Secrets"
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = sort(distinct(values(var.secrets)))
        },
        {
          Sid      = "Keys"
          Effect   = "Allow"
          Action   = "kms:Decrypt"
          Resource = [var.keys.secrets, var.keys.logs]
        },
        {
          Sid      = "Collector"
          Effect   = "Allow"
          Action   = "ssm:GetParameters"
          Resource = var.collector.configuration_arn
        },
        {
          Sid      = "Log"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${aws_cloudwatch_log_group.this.arn}:*"
        },
      ],
      [for repository in local.ecr : {
        Sid      = "Image"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = "arn:aws:ecr:${repository[1]}:${repository[0]}:repository/${repository[2]}"
      }],
      # Has no resource to be narrowed to.
      [for repository in local.ecr : {
        Sid      = "Registry"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      }],
    )
  })
}

resource "aws_iam_role_policy" "task" {
  name = "run"
  role = aws_iam_role.task.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Metrics"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
          Resource = "${var.collector.metrics_log_group_arn}:*"
        },
        {
          # Has no resource to be narrowed to.
          Sid      = "Traces"
          Effect   = "Allow"
          Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
          Resource = "*"
        },
      ],
      [for workspace in compact([var.collector.workspace_arn]) : {
        Sid      = "Prometheus"
        Effect   = "Allow"
        Action   = "aps:RemoteWrite"
        Resource = workspace
      }],
      [for router in var.log_router == null ? [] : [1] : {
        Sid      = "LogRouter"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.this.arn}:*"
      }],
      # Have no resource to be narrowed to.
      [for allowed in [var.task.execute_command] : {
        Sid    = "Exec"
        Effect = "Allow"
        Action = [
          "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
          "logs:DescribeLogGroups",
        ]
        Resource = "*"
      } if allowed],
      # The cluster encrypts and records sessions; the agent beside the program does both as this role.
      [for allowed in [var.task.execute_command] : {
        Sid      = "ExecRecord"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:${var.place.region}:${var.place.account_id}:log-group:/${var.cluster.name}/ecs/exec:*"
      } if allowed],
      [for allowed in [var.task.execute_command] : {
        Sid      = "ExecKey"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.keys.logs
      } if allowed],
    )
  })
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.rendered.family
  requires_compatibilities = local.rendered.requiresCompatibilities
  network_mode             = local.rendered.networkMode
  cpu                      = local.rendered.cpu
  memory                   = local.rendered.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode(local.containers)
  # A rollback needs the one before.
  skip_destroy = true

  runtime_platform {
    cpu_architecture        = local.rendered.runtimePlatform.cpuArchitecture
    operating_system_family = local.rendered.runtimePlatform.operatingSystemFamily
  }
}

resource "aws_security_group" "this" {
  name        = local.full_name
  description = "Tasks of ${local.full_name}"
  vpc_id      = var.network.vpc_id
  tags        = { Name = local.full_name }
}

resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
  count                        = local.is_called ? 1 : 0
  security_group_id            = aws_security_group.this.id
  description                  = "Requests from the load balancer"
  referenced_security_group_id = var.network.load_balancer_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

# AWS itself, payment providers and merchants' webhooks, whose addresses nobody knows beforehand.
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "HTTPS to AWS, payment providers and webhooks"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# Called by shoppers: CodeDeploy sends a tenth of the requests to a new version first, and back when an alarm rings.
resource "aws_ecs_service" "canary" {
  count                             = local.is_service && local.is_called ? 1 : 0
  name                              = var.service
  cluster                           = var.cluster.arn
  task_definition                   = aws_ecs_task_definition.this.arn
  launch_type                       = "FARGATE"
  platform_version                  = "LATEST"
  desired_count                     = var.scaling.min
  health_check_grace_period_seconds = 30
  enable_execute_command            = var.task.execute_command
  propagate_tags                    = "SERVICE"

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets          = var.network.subnet_ids
    security_groups  = concat([aws_security_group.this.id], var.network.client_security_group_ids)
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.traffic.target_groups.blue.arn
    container_name   = "shop"
    container_port   = 8080
  }

  lifecycle {
    # CodeDeploy alone changes which version runs and which group it is in; autoscaling how many there are.
    ignore_changes = [task_definition, load_balancer, desired_count]
  }
}

# Called by nobody: new tasks start, old ones end, and a version that does not stay up is taken back.
resource "aws_ecs_service" "rolling" {
  count                              = local.is_service && !local.is_called ? 1 : 0
  name                               = var.service
  cluster                            = var.cluster.arn
  task_definition                    = aws_ecs_task_definition.this.arn
  platform_version                   = "LATEST"
  desired_count                      = var.scaling.min
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  enable_execute_command             = var.task.execute_command
  propagate_tags                     = "SERVICE"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # One task never runs on Spot.
  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 1
    weight            = 100 - var.scaling.spot
  }

  dynamic "capacity_provider_strategy" {
    for_each = var.scaling.spot > 0 ? [1] : []
    content {
      capacity_provider = "FARGATE_SPOT"
      weight            = var.scaling.spot
    }
  }

  network_configuration {
    subnets          = var.network.subnet_ids
    security_groups  = concat([aws_security_group.this.id], var.network.client_security_group_ids)
    assign_public_ip = false
  }

  lifecycle {
    # The pipeline changes which version runs, autoscaling how many there are.
    ignore_changes = [task_definition, desired_count]
  }
}
