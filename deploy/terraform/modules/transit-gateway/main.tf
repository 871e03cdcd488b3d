# A transit gateway in each of two regions, peered. AWS encrypts what passes between them, over its own lines.

resource "aws_ec2_transit_gateway" "local" {
  description                     = "${var.name}: this region"
  amazon_side_asn                 = var.asns.local
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
  auto_accept_shared_attachments  = "disable"
  tags                            = { Name = var.name }
}

resource "aws_ec2_transit_gateway" "peer" {
  provider                        = aws.peer
  description                     = "${var.name}: the other region"
  amazon_side_asn                 = var.asns.peer
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
  auto_accept_shared_attachments  = "disable"
  tags                            = { Name = var.name }
}

resource "aws_ec2_transit_gateway_vpc_attachment" "local" {
  transit_gateway_id                              = aws_ec2_transit_gateway.local.id
  vpc_id                                          = var.local.vpc_id
  subnet_ids                                      = var.local.subnet_ids
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
  tags                                            = { Name = "${var.name}-network" }
}

resource "aws_ec2_transit_gateway_vpc_attachment" "peer" {
  provider                                        = aws.peer
  transit_gateway_id                              = aws_ec2_transit_gateway.peer.id
  vpc_id                                          = var.peer.vpc_id
  subnet_ids                                      = var.peer.subnet_ids
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
  tags                                            = { Name = "${var.name}-network" }
}

resource "aws_ec2_transit_gateway_peering_attachment" "this" {
  transit_gateway_id      = aws_ec2_transit_gateway.local.id
  peer_transit_gateway_id = aws_ec2_transit_gateway.peer.id
  peer_region             = var.peer.region
  tags                    = { Name = "${var.name}-${var.peer.region}" }
}

resource "aws_ec2_transit_gateway_peering_attachment_accepter" "this" {
  provider                      = aws.peer
  transit_gateway_attachment_id = aws_ec2_transit_gateway_peering_attachment.this.id
  tags                          = { Name = var.name }
}

resource "aws_ec2_transit_gateway_route_table" "local" {
  transit_gateway_id = aws_ec2_transit_gateway.local.id
  tags               = { Name = var.name }
}

resource "aws_ec2_transit_gateway_route_table" "peer" {
  provider           = aws.peer
  transit_gateway_id = aws_ec2_transit_gateway.peer.id
  tags               = { Name = var.name }
}

resource "aws_ec2_transit_gateway_route_table_association" "local" {
  for_each = {
    network = aws_ec2_transit_gateway_vpc_attachment.local.id
    peering = aws_ec2_transit_gateway_peering_attachment.this.id
  }
  transit_gateway_attachment_id  = each.value
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.local.id

  depends_on = [aws_ec2_transit_gateway_peering_attachment_accepter.this]
}

resource "aws_ec2_transit_gateway_route_table_association" "peer" {
  provider = aws.peer
  for_each = {
    network = aws_ec2_transit_gateway_vpc_attachment.peer.id
    peering = aws_ec2_transit_gateway_peering_attachment_accepter.this.id
  }
  transit_gateway_attachment_id  = each.value
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.peer.id
}

# Routes over a peering are static: nothing is learnt across regions.
resource "aws_ec2_transit_gateway_route" "local" {
  for_each = {
    (var.local.cidr) = aws_ec2_transit_gateway_vpc_attachment.local.id
    (var.peer.cidr)  = aws_ec2_transit_gateway_peering_attachment.this.id
  }
  destination_cidr_block         = each.key
  transit_gateway_attachment_id  = each.value
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.local.id

  depends_on = [aws_ec2_transit_gateway_route_table_association.local]
}

resource "aws_ec2_transit_gateway_route" "peer" {
  provider = aws.peer
  for_each = {
    (var.peer.cidr)  = aws_ec2_transit_gateway_vpc_attachment.peer.id
    (var.local.cidr) = aws_ec2_transit_gateway_peering_attachment_accepter.this.id
  }
  destination_cidr_block         = each.key
  transit_gateway_attachment_id  = each.value
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.peer.id

  depends_on = [aws_ec2_transit_gateway_route_table_association.peer]
}

resource "aws_route" "local" {
  count                  = length(var.local.route_table_ids)
  route_table_id         = var.local.route_table_ids[count.index]
  destination_cidr_block = var.peer.cidr
  transit_gateway_id     = aws_ec2_transit_gateway.local.id

  depends_on = [aws_ec2_transit_gateway_vpc_attachment.local]
}

resource "aws_route" "peer" {
  provider               = aws.peer
  count                  = length(var.peer.route_table_ids)
  route_table_id         = var.peer.route_table_ids[count.index]
  destination_cidr_block = var.local.cidr
  transit_gateway_id     = aws_ec2_transit_gateway.peer.id

  depends_on = [aws_ec2_transit_gateway_vpc_attachment.peer]
}
