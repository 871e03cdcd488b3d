mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name               = "shop-test"
  region             = "us-east-1"
  cidr               = "10.1.0.0/16"
  availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
  logs_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/logs"
}

run "subnets_are_where_the_plan_of_addresses_says" {
  assert {
    condition = { for key, subnet in aws_subnet.this : key => subnet.cidr_block } == {
      "public-us-east-1a" = "10.1.1.0/24", "public-us-east-1b" = "10.1.2.0/24", "public-us-east-1c" = "10.1.3.0/24"
      "app-us-east-1a"    = "10.1.10.0/24", "app-us-east-1b" = "10.1.11.0/24", "app-us-east-1c" = "10.1.12.0/24"
      "data-us-east-1a"   = "10.1.20.0/24", "data-us-east-1b" = "10.1.21.0/24", "data-us-east-1c" = "10.1.22.0/24"
    }
    error_message = "Public subnets are .1 to .3, app .10 to .12, data .20 to .22."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.this : !subnet.map_public_ip_on_launch])
    error_message = "Nothing gets a public address by being started in a subnet."
  }
}

run "each_zone_has_its_own_way_out" {
  assert {
    condition     = length(aws_nat_gateway.this) == 3
    error_message = "One NAT gateway a zone."
  }

  assert {
    condition = alltrue([
      for zone in var.availability_zones :
      aws_route.app_to_nat[zone].nat_gateway_id == aws_nat_gateway.this[zone].id &&
      aws_nat_gateway.this[zone].subnet_id == aws_subnet.this["public-${zone}"].id
    ])
    error_message = "A zone's app subnet leaves by the NAT gateway in the public subnet of that same zone."
  }
}

run "a_small_environment_pays_for_one_nat" {
  variables {
    nat = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["us-east-1a"] && length(distinct([for route in aws_route.app_to_nat : route.nat_gateway_id])) == 1
    error_message = "With nat = single every zone leaves by one NAT gateway."
  }
}

run "data_subnets_have_no_route_out" {
  assert {
    condition = length(setintersection(
      [aws_route_table.data.id],
      concat([aws_route.public_to_internet.route_table_id], [for route in aws_route.app_to_nat : route.route_table_id]),
    )) == 0
    error_message = "No route may be in the data tier's table."
  }

  assert {
    condition = alltrue([
      for key, association in aws_route_table_association.this :
      association.route_table_id == aws_route_table.data.id if startswith(key, "data-")
    ])
    error_message = "Every data subnet uses the data tier's table."
  }
}

run "the_data_tier_talks_to_the_app_tier_alone" {
  assert {
    condition = alltrue([
      for key, rule in aws_network_acl_rule.this :
      contains(["10.1.10.0/24", "10.1.11.0/24", "10.1.12.0/24"], rule.cidr_block) if startswith(key, "data-")
    ])
    error_message = "The data tier's network ACL names app subnets only."
  }

  assert {
    condition = toset([
      for key, rule in aws_network_acl_rule.this : rule.from_port if startswith(key, "data-in-")
    ]) == toset([5432, 6379])
    error_message = "Only PostgreSQL and Redis are let into the data tier."
  }

  assert {
    condition     = length(aws_network_acl_rule.this) == length(distinct([for rule in aws_network_acl_rule.this : "${rule.network_acl_id} ${rule.egress} ${rule.rule_number}"]))
    error_message = "No two rules of an ACL and direction may share a number."
  }
}

run "the_other_regions_app_tier_reaches_the_database" {
  variables {
    peer_cidr = "10.2.0.0/16"
  }

  assert {
    condition = toset([
      for key, rule in aws_network_acl_rule.this : "${rule.cidr_block} ${rule.from_port}" if startswith(key, "data-in-peer-")
    ]) == toset(["10.2.10.0/24 5432", "10.2.11.0/24 5432", "10.2.12.0/24 5432"])
    error_message = "PostgreSQL, and not Redis, is let in from the other region's app tier."
  }
}

run "traffic_is_recorded" {
  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_flow_log.this.log_destination == aws_cloudwatch_log_group.flow.arn
    error_message = "Flow logs record accepted and rejected traffic."
  }

  assert {
    condition     = aws_cloudwatch_log_group.flow.retention_in_days == 365 && aws_cloudwatch_log_group.flow.kms_key_id == var.logs_key_arn
    error_message = "Flow logs are encrypted and kept for a year."
  }
}

run "aws_is_reached_without_the_internet" {
  assert {
    condition = toset([for endpoint in aws_vpc_endpoint.interface : endpoint.service_name]) == toset([
      for service in ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"] : "com.amazonaws.us-east-1.${service}"
    ])
    error_message = "ECR, Logs, Secrets Manager and KMS have interface endpoints."
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled]) && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "Endpoints answer under the services' own names, and S3 has a gateway."
  }

  assert {
    condition     = length(aws_vpc_endpoint.s3.route_table_ids) == 3
    error_message = "Every app route table leads to S3."
  }
}

run "the_default_security_group_is_closed" {
  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "The default security group admits nothing."
  }
}

run "a_range_that_is_no_16_is_refused" {
  command = plan

  variables {
    cidr = "10.1.0.0/20"
  }

  expect_failures = [var.cidr]
}

run "zones_of_another_region_are_refused" {
  command = plan

  variables {
    availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  }

  expect_failures = [var.availability_zones]
}

run "two_zones_are_refused" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1b"]
  }

  expect_failures = [var.availability_zones]
}

run "an_unknown_nat_layout_is_refused" {
  command = plan

  variables {
    nat = "none"
  }

  expect_failures = [var.nat]
}

run "a_range_that_overlaps_the_other_regions_is_refused" {
  command = plan

  variables {
    peer_cidr = "10.1.0.0/16"
  }

  expect_failures = [var.peer_cidr]
}
