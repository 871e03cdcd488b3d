mock_provider "aws" {
  source = "../../mocks"
}

mock_provider "aws" {
  alias  = "peer"
  source = "../../mocks"
}

variables {
  name  = "shop-test"
  local = { vpc_id = "vpc-1", cidr = "10.1.0.0/16", subnet_ids = ["subnet-1", "subnet-2", "subnet-3"], route_table_ids = ["rtb-1", "rtb-2", "rtb-3"] }
  peer  = { region = "eu-west-1", vpc_id = "vpc-2", cidr = "10.2.0.0/16", subnet_ids = ["subnet-4", "subnet-5", "subnet-6"], route_table_ids = ["rtb-4", "rtb-5", "rtb-6"] }
}

run "a_gateway_in_each_region_and_a_peering_between_them" {
  assert {
    condition     = aws_ec2_transit_gateway_peering_attachment.this.peer_region == "eu-west-1" && aws_ec2_transit_gateway_peering_attachment.this.peer_transit_gateway_id == aws_ec2_transit_gateway.peer.id
    error_message = "The two gateways are peered, over which AWS encrypts."
  }

  assert {
    condition     = aws_ec2_transit_gateway_peering_attachment_accepter.this.transit_gateway_attachment_id == aws_ec2_transit_gateway_peering_attachment.this.id
    error_message = "The other side accepts."
  }

  assert {
    condition     = aws_ec2_transit_gateway.local.amazon_side_asn != aws_ec2_transit_gateway.peer.amazon_side_asn
    error_message = "The gateways have different numbers."
  }
}

run "each_network_finds_the_other" {
  assert {
    condition     = toset([for route in aws_route.local : "${route.route_table_id} ${route.destination_cidr_block}"]) == toset(["rtb-1 10.2.0.0/16", "rtb-2 10.2.0.0/16", "rtb-3 10.2.0.0/16"])
    error_message = "This region's app tier leads to the other's range."
  }

  assert {
    condition     = alltrue([for route in aws_route.peer : route.destination_cidr_block == "10.1.0.0/16" && route.transit_gateway_id == aws_ec2_transit_gateway.peer.id])
    error_message = "The other region's app tier leads back."
  }

  assert {
    condition     = aws_ec2_transit_gateway_route.local["10.2.0.0/16"].transit_gateway_attachment_id == aws_ec2_transit_gateway_peering_attachment.this.id
    error_message = "The gateway sends the other range over the peering."
  }
}

run "nobody_joins_by_default" {
  assert {
    condition = alltrue([
      for gateway in [aws_ec2_transit_gateway.local, aws_ec2_transit_gateway.peer] :
      gateway.default_route_table_association == "disable" && gateway.default_route_table_propagation == "disable" && gateway.auto_accept_shared_attachments == "disable"
    ])
    error_message = "An attachment gets a route only where one is written."
  }
}

run "ranges_that_overlap_are_refused" {
  command = plan

  variables {
    peer = { region = "eu-west-1", vpc_id = "vpc-2", cidr = "10.1.0.0/16", subnet_ids = ["subnet-4", "subnet-5"], route_table_ids = [] }
  }

  expect_failures = [var.peer]
}

run "equal_numbers_are_refused" {
  command = plan

  variables {
    asns = { local = 64512, peer = 64512 }
  }

  expect_failures = [var.asns]
}
