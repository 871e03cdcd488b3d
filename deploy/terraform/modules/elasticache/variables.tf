variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "network" {
  description = "The network and its data subnets."
  type        = object({ vpc_id = string, subnet_ids = list(string) })

  validation {
    condition     = length(var.network.subnet_ids) >= 2
    error_message = "network has ${length(var.network.subnet_ids)} data subnets: set two or more, in different zones."
  }
}

variable "key_arn" {
  description = "KMS key of this region that encrypts what is stored."
  type        = string

  validation {
    condition     = startswith(var.key_arn, "arn:")
    error_message = "key_arn is ${var.key_arn}: set the ARN of a KMS key of this region."
  }
}

variable "logs_key_arn" {
  description = "KMS key that encrypts the logs."
  type        = string

  validation {
    condition     = startswith(var.logs_key_arn, "arn:")
    error_message = "logs_key_arn is ${var.logs_key_arn}: set the ARN of a KMS key of this region."
  }
}

variable "node_type" {
  description = "Type of every node."
  type        = string

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.node_type))
    error_message = "node_type is ${var.node_type}: set a type such as cache.r7g.large."
  }
}

variable "nodes" {
  description = "Nodes: one primary and its replicas; two or more fail over by themselves."
  type        = number
  default     = 2

  validation {
    condition     = var.nodes >= 1 && var.nodes <= 6
    error_message = "nodes is ${var.nodes}: set 1 to 6."
  }
}

variable "log_days" {
  description = "How long the engine's and the slow log are kept."
  type        = number
  default     = 90

  validation {
    condition     = contains([30, 60, 90, 180, 365, 400, 731], var.log_days)
    error_message = "log_days is ${var.log_days}: set one of the retentions of CloudWatch Logs: 30, 60, 90, 180, 365, 400 or 731."
  }
}
