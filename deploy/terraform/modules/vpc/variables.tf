variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "region" {
  description = "The region that this network is in."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is ${var.region}: set the name of an AWS region, for example us-east-1."
  }
}

variable "cidr" {
  description = "Address range of the network, a /16: its third byte tells the tier."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.cidr)) && endswith(var.cidr, ".0.0/16")
    error_message = "cidr is ${var.cidr}: set an IPv4 range such as 10.1.0.0/16, since public, app and data subnets are /24s at fixed places in it."
  }
}

variable "availability_zones" {
  description = "The three availability zones, in the order in which subnets are numbered."
  type        = list(string)

  validation {
    condition     = length(distinct(var.availability_zones)) == 3
    error_message = "availability_zones names ${length(distinct(var.availability_zones))} zones: set three different ones of the region."
  }

  validation {
    condition     = alltrue([for zone in var.availability_zones : startswith(zone, var.region)])
    error_message = "availability_zones has a zone outside ${var.region}: set zones of that region."
  }
}

variable "nat" {
  description = "per_zone: a zone's loss takes only its own way out; single: one NAT gateway for all, for environments that may be down."
  type        = string
  default     = "per_zone"

  validation {
    condition     = contains(["per_zone", "single"], var.nat)
    error_message = "nat is ${var.nat}: set per_zone or single."
  }
}

variable "interface_endpoints" {
  description = "AWS services that are reached without leaving the network, at a price per zone and hour each."
  type        = set(string)
  default     = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"]

  validation {
    condition     = alltrue([for service in var.interface_endpoints : !contains(["s3", "dynamodb"], service)])
    error_message = "interface_endpoints names s3 or dynamodb: leave them out, S3 has a gateway endpoint of its own, which is free."
  }
}

variable "logs_key_arn" {
  description = "KMS key that encrypts the flow logs."
  type        = string

  validation {
    condition     = startswith(var.logs_key_arn, "arn:")
    error_message = "logs_key_arn is ${var.logs_key_arn}: set the ARN of a KMS key of this region."
  }
}

variable "flow_log_days" {
  description = "How long flow logs are kept."
  type        = number
  default     = 365

  validation {
    condition     = contains([30, 60, 90, 180, 365, 400, 731], var.flow_log_days)
    error_message = "flow_log_days is ${var.flow_log_days}: set one of the retentions of CloudWatch Logs: 30, 60, 90, 180, 365, 400 or 731."
  }
}

variable "peer_cidr" {
  description = "Range of the network in the other region, whose app tier may reach this one's database; null: there is none."
  type        = string
  default     = null

  validation {
    condition     = var.peer_cidr == null || (can(cidrnetmask(var.peer_cidr)) && try(endswith(var.peer_cidr, ".0.0/16"), false))
    error_message = "peer_cidr is no range such as 10.2.0.0/16: set the cidr of the other region's network, or null."
  }

  validation {
    condition     = var.peer_cidr == null || try(cidrhost(var.peer_cidr, 0) != cidrhost(var.cidr, 0), false)
    error_message = "peer_cidr and cidr are both ${var.cidr}: set ranges that have nothing in common, such as 10.1.0.0/16 and 10.2.0.0/16."
  }
}
