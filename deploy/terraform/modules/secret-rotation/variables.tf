variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "name is ${var.name}: set 3 to 24 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "place" {
  description = "Account and region."
  type        = object({ account_id = string, region = string })

  validation {
    condition     = can(regex("^[0-9]{12}$", var.place.account_id)) && can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.place.region))
    error_message = "place is ${var.place.account_id} in ${var.place.region}: set the 12 digits of the account and the name of a region."
  }
}

variable "package" {
  description = "The Lambda's code as deploy/lambda/build makes it."
  type        = string

  validation {
    condition     = fileexists(var.package)
    error_message = "package is ${var.package}, where there is no file: run deploy/lambda/build first."
  }
}

variable "network" {
  description = "The network, its app subnets, and the security groups that databases admit."
  type        = object({ vpc_id = string, subnet_ids = list(string), client_security_group_ids = set(string) })

  validation {
    condition     = length(var.network.client_security_group_ids) > 0
    error_message = "network.client_security_group_ids is empty: set the client groups of the databases, or nothing can be rotated."
  }
}

variable "keys" {
  description = "KMS keys that encrypt the secrets and the log."
  type        = object({ secrets = string, logs = string })

  validation {
    condition     = startswith(var.keys.secrets, "arn:") && startswith(var.keys.logs, "arn:")
    error_message = "keys has what is no ARN: set those of the module security."
  }
}

variable "secrets" {
  description = "Secrets to rotate by name: ARN, that of the master user's secret, and the services to start anew: in which region and cluster, and with which application and group of CodeDeploy where they are called."
  type = map(object({
    arn        = string
    master_arn = string
    services = list(object({
      region      = string
      cluster     = string
      name        = string
      application = optional(string)
      group       = optional(string)
    }))
  }))

  validation {
    condition     = length(var.secrets) > 0 && alltrue([for secret in var.secrets : strcontains(secret.arn, ":secret:") && strcontains(secret.master_arn, ":secret:")])
    error_message = "secrets is empty or has what is no ARN of a secret: set those of the services' databases."
  }

  validation {
    condition     = alltrue(flatten([for secret in var.secrets : [for service in secret.services : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", service.region))]]))
    error_message = "secrets has a service in ${join(", ", distinct(flatten([for secret in var.secrets : secret.services[*].region])))}: set the name of a region."
  }
}

variable "days" {
  description = "Days between two rotations."
  type        = number
  default     = 30

  validation {
    condition     = var.days >= 1 && var.days <= 90
    error_message = "days is ${var.days}: set 1 to 90."
  }
}
