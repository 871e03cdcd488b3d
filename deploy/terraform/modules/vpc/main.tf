# Three tiers over three zones. Only the public tier has a route from the internet, only the app tier one to it.

locals {
  zones = { for index, zone in var.availability_zones : zone => index }
  # 10.1.0.0/16 gives 10.1.1.0/24 to .3 (public), .10 to .12 (app) and .20 to .22 (data).
  first_subnet = { public = 1, app = 10, data = 20 }
  subnets = merge([
    for tier, first in local.first_subnet : {
      for zone, index in local.zones : "${tier}-${zone}" => {
        tier = tier
        zone = zone
        cidr = cidrsubnet(var.cidr, 8, first + index)
      }
    }
  ]...)
  nat_zones      = var.nat == "per_zone" ? local.zones : { (var.availability_zones[0]) = 0 }
  app_cidrs      = [for subnet in local.subnets : subnet.cidr if subnet.tier == "app"]
  peer_app_cidrs = var.peer_cidr == null ? [] : [for index in range(3) : cidrsubnet(var.peer_cidr, 8, local.first_subnet.app + index)]
  # TCP ports of the data tier: PostgreSQL and Redis.
  store_ports = [5432, 6379]
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

# The default group admits its own members to each other; without rules it cannot be used by mistake.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-closed" }
}

resource "aws_subnet" "this" {
  for_each                = local.subnets
  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.value.zone
  cidr_block              = each.value.cidr
  map_public_ip_on_launch = false
  tags                    = { Name = "${var.name}-${each.key}", Tier = each.value.tier }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

resource "aws_eip" "nat" {
  for_each = local.nat_zones
  domain   = "vpc"
  tags     = { Name = "${var.name}-nat-${each.key}" }
}

resource "aws_nat_gateway" "this" {
  for_each      = local.nat_zones
  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.this["public-${each.key}"].id
  tags          = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "public_to_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table" "app" {
  for_each = local.zones
  vpc_id   = aws_vpc.this.id
  tags     = { Name = "${var.name}-app-${each.key}" }
}

resource "aws_route" "app_to_nat" {
  for_each               = local.zones
  route_table_id         = aws_route_table.app[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat == "per_zone" ? each.key : var.availability_zones[0]].id
}

# No aws_route belongs to this table: what is in the data tier reaches nothing outside, and nothing outside reaches it.
resource "aws_route_table" "data" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-data" }
}

resource "aws_route_table_association" "this" {
  for_each  = local.subnets
  subnet_id = aws_subnet.this[each.key].id
  route_table_id = {
    public = aws_route_table.public.id
    app    = aws_route_table.app[each.value.zone].id
    data   = aws_route_table.data.id
  }[each.value.tier]
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for table in aws_route_table.app : table.id]
  tags              = { Name = "${var.name}-s3" }
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "HTTPS from this network to the AWS services that have an endpoint in it"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  security_group_id = aws_security_group.endpoints.id
  description       = "HTTPS from this network"
  cidr_ipv4         = var.cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_endpoint" "interface" {
  for_each            = var.interface_endpoints
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.value}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [for zone, index in local.zones : aws_subnet.this["app-${zone}"].id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
  tags                = { Name = "${var.name}-${each.value}" }
}

resource "aws_network_acl" "this" {
  for_each   = local.first_subnet
  vpc_id     = aws_vpc.this.id
  subnet_ids = [for key, subnet in local.subnets : aws_subnet.this[key].id if subnet.tier == each.key]
  tags       = { Name = "${var.name}-${each.key}" }
}

locals {
  # A network ACL keeps no state: answers need a rule of their own, on the ports that clients pick.
  ephemeral = { from = 1024, to = 65535 }
  acl_rules = merge(
    {
      "public-in-http"   = { tier = "public", egress = false, number = 100, from = 80, to = 80, cidr = "0.0.0.0/0" }
      "public-in-https"  = { tier = "public", egress = false, number = 110, from = 443, to = 443, cidr = "0.0.0.0/0" }
      "public-in-reply"  = { tier = "public", egress = false, number = 120, from = local.ephemeral.from, to = local.ephemeral.to, cidr = "0.0.0.0/0" }
      "public-out-https" = { tier = "public", egress = true, number = 100, from = 443, to = 443, cidr = "0.0.0.0/0" }
      "public-out-reply" = { tier = "public", egress = true, number = 110, from = local.ephemeral.from, to = local.ephemeral.to, cidr = "0.0.0.0/0" }
      "app-in-service"   = { tier = "app", egress = false, number = 100, from = 443, to = 443, cidr = var.cidr }
      "app-in-reply"     = { tier = "app", egress = false, number = 110, from = local.ephemeral.from, to = local.ephemeral.to, cidr = "0.0.0.0/0" }
      "app-out-https"    = { tier = "app", egress = true, number = 100, from = 443, to = 443, cidr = "0.0.0.0/0" }
      "app-out-network"  = { tier = "app", egress = true, number = 110, from = local.ephemeral.from, to = local.ephemeral.to, cidr = "0.0.0.0/0" }
    },
    merge([
      for index, cidr in local.app_cidrs : merge(
        { for port in local.store_ports : "data-in-${port}-${index}" => { tier = "data", egress = false, number = 100 + 10 * index + (port == 6379 ? 1 : 0), from = port, to = port, cidr = cidr } },
        { "data-out-reply-${index}" = { tier = "data", egress = true, number = 100 + 10 * index, from = local.ephemeral.from, to = local.ephemeral.to, cidr = cidr } },
      )
    ]...),
    merge([
      for index, cidr in local.peer_app_cidrs : {
        "data-in-peer-${index}"  = { tier = "data", egress = false, number = 200 + 10 * index, from = 5432, to = 5432, cidr = cidr }
        "data-out-peer-${index}" = { tier = "data", egress = true, number = 200 + 10 * index, from = local.ephemeral.from, to = local.ephemeral.to, cidr = cidr }
      }
    ]...)
  )
}

resource "aws_network_acl_rule" "this" {
  for_each       = local.acl_rules
  network_acl_id = aws_network_acl.this[each.value.tier].id
  rule_number    = each.value.number
  egress         = each.value.egress
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = each.value.cidr
  from_port      = each.value.from
  to_port        = each.value.to
}

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/${var.name}/vpc/flow"
  retention_in_days = var.flow_log_days
  kms_key_id        = var.logs_key_arn
}

resource "aws_iam_role" "flow" {
  name = "${var.name}-${var.region}-flow-logs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "flow" {
  name = "write"
  role = aws_iam_role.flow.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
      Resource = "${aws_cloudwatch_log_group.flow.arn}:*"
    }]
  })
}

resource "aws_flow_log" "this" {
  vpc_id                   = aws_vpc.this.id
  traffic_type             = "ALL"
  log_destination          = aws_cloudwatch_log_group.flow.arn
  iam_role_arn             = aws_iam_role.flow.arn
  max_aggregation_interval = 60
  tags                     = { Name = var.name }
}
