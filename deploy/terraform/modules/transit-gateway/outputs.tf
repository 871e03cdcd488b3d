output "ids" {
  description = "The two gateways: local and peer."
  value       = { local = aws_ec2_transit_gateway.local.id, peer = aws_ec2_transit_gateway.peer.id }
}
