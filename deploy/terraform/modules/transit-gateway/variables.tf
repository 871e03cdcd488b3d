variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "local" {
  description = "The network of the provider's own region: the subnets that it is attached in, and the route tables that lead to the other."
  type        = object({ vpc_id = string, cidr = string, subnet_ids = list(string), route_table_ids = list(string) })

  validation {
    condition     = can(cidrnetmask(var.local.cidr)) && length(var.local.subnet_ids) >= 2
    error_message = "local has no IPv4 range, or fewer than two subnets: set the outputs of the module vpc."
  }
}

variable "peer" {
  description = "The network of the other region."
  type        = object({ region = string, vpc_id = string, cidr = string, subnet_ids = list(string), route_table_ids = list(string) })

  validation {
    condition     = can(cidrnetmask(var.peer.cidr)) && length(var.peer.subnet_ids) >= 2
    error_message = "peer has no IPv4 range, or fewer than two subnets: set the outputs of the module vpc."
  }

  validation {
    condition     = split(".", var.peer.cidr)[0] != split(".", var.local.cidr)[0] || split(".", var.peer.cidr)[1] != split(".", var.local.cidr)[1]
    error_message = "peer.cidr ${var.peer.cidr} overlaps local.cidr ${var.local.cidr}: set ranges that have nothing in common, such as 10.1.0.0/16 and 10.2.0.0/16."
  }
}

variable "asns" {
  description = "Private numbers of the two gateways, which must differ."
  type        = object({ local = number, peer = number })
  default     = { local = 64512, peer = 64513 }

  validation {
    condition     = var.asns.local != var.asns.peer && alltrue([for asn in values(var.asns) : asn >= 64512 && asn <= 65534])
    error_message = "asns are ${var.asns.local} and ${var.asns.peer}: set two different numbers from 64512 to 65534."
  }
}
