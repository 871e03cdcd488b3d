variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "region" {
  description = "The region that is watched."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is ${var.region}: set the name of an AWS region, for example us-east-1."
  }
}

variable "logs_key_arn" {
  description = "KMS key that encrypts what is sent to those on call."
  type        = string

  validation {
    condition     = startswith(var.logs_key_arn, "arn:")
    error_message = "logs_key_arn is ${var.logs_key_arn}: set the ARN of a KMS key of this region."
  }
}

variable "emails" {
  description = "Addresses of those on call."
  type        = set(string)

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", email))])
    error_message = "emails has what is no address: set those of the people on call."
  }
}

variable "monthly_budget" {
  description = "Budget of a month in USD; null: watched elsewhere, since it is counted for the whole account."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget == null || try(var.monthly_budget > 0, false)
    error_message = "monthly_budget is not above 0: set the USD that a month may cost, or null."
  }
}

variable "load_balancer" {
  description = "The load balancer as metrics name it, and its certificate."
  type        = object({ arn_suffix = string, certificate_arn = string })

  validation {
    condition     = startswith(var.load_balancer.arn_suffix, "app/")
    error_message = "load_balancer.arn_suffix is ${var.load_balancer.arn_suffix}: set the output arn_suffix of the module alb."
  }
}

variable "cluster" {
  description = "The ECS cluster, and the namespace of the program's own metrics."
  type        = object({ name = string, namespace = string })

  validation {
    condition     = length(var.cluster.name) > 0 && length(var.cluster.namespace) > 0
    error_message = "cluster has no name or namespace: set the outputs of the module ecs-cluster."
  }
}

variable "services" {
  description = "Names of the services."
  type        = set(string)

  validation {
    condition     = length(var.services) > 0
    error_message = "services is empty: set the names of the services that run in the cluster."
  }
}

variable "databases" {
  description = "Aurora clusters by name: identifier, and whether another region writes."
  type        = map(object({ id = string, is_reader = bool }))

  validation {
    condition     = length(var.databases) > 0
    error_message = "databases is empty: set the clusters of the region."
  }
}

variable "cache_nodes" {
  description = "Nodes of the cache, as metrics name them."
  type        = list(string)

  validation {
    condition     = length(var.cache_nodes) > 0
    error_message = "cache_nodes is empty: set the output nodes of the module elasticache."
  }
}

variable "managed_grafana" {
  description = "Whether there is an Amazon Managed Grafana to look at Amazon Managed Prometheus with."
  type        = bool
  default     = false
}
