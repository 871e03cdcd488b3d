output "id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "Its address range."
  value       = aws_vpc.this.cidr_block
}

output "subnet_ids" {
  description = "Subnets by tier (public, app, data), in the order of the zones."
  value = {
    for tier in keys(local.first_subnet) : tier => [for zone in var.availability_zones : aws_subnet.this["${tier}-${zone}"].id]
  }
}

output "route_table_ids" {
  description = "Route tables by tier, for routes to a transit gateway."
  value = {
    app  = [for zone in var.availability_zones : aws_route_table.app[zone].id]
    data = [aws_route_table.data.id]
  }
}
