variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name))
    error_message = "name is ${var.name}: set 3 to 24 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "network" {
  description = "The network, its data subnets, and the zones that instances are spread over."
  type        = object({ vpc_id = string, subnet_ids = list(string), availability_zones = list(string) })

  validation {
    condition     = length(var.network.subnet_ids) >= 2 && length(var.network.availability_zones) >= 2
    error_message = "network has ${length(var.network.subnet_ids)} data subnets: set two or more, in different zones."
  }
}

variable "keys" {
  description = "KMS keys of this region: data encrypts storage, backups and Performance Insights, logs the exported logs, secrets those of the proxy's users."
  type        = object({ data = string, logs = string, secrets = optional(string) })

  validation {
    condition     = startswith(var.keys.data, "arn:") && startswith(var.keys.logs, "arn:")
    error_message = "keys has what is no ARN: set those of the module security."
  }

  validation {
    condition     = length(var.proxy_secret_arns) == 0 || try(startswith(var.keys.secrets, "arn:"), false)
    error_message = "keys.secrets is missing where proxy_secret_arns is set: the proxy could read no secret; set that of the module security."
  }
}

variable "engine_version" {
  description = "Version of Aurora PostgreSQL."
  type        = string
  default     = "16.8"

  validation {
    condition     = can(tonumber(split(".", var.engine_version)[0])) && try(tonumber(split(".", var.engine_version)[0]) >= 15, false)
    error_message = "engine_version is ${var.engine_version}: set 15 or newer, such as 16.8."
  }
}

variable "instance_class" {
  description = "Class of every instance."
  type        = string

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_class))
    error_message = "instance_class is ${var.instance_class}: set a class such as db.r7g.large."
  }
}

variable "instance_count" {
  description = "Instances: the first writes, the others are read from and take over."
  type        = number
  default     = 2

  validation {
    condition     = var.instance_count >= 1 && var.instance_count <= 15
    error_message = "instance_count is ${var.instance_count}: set 1 to 15."
  }

  validation {
    condition     = !var.protected || var.instance_count >= 2
    error_message = "instance_count is ${var.instance_count} where protected is true: set 2 or more, so that the loss of a zone leaves an instance."
  }
}

variable "global" {
  description = "Place in an Aurora global database: writer makes it, reader joins the one named by id; null: a cluster of one region."
  type        = object({ role = string, id = string })
  default     = null

  validation {
    condition     = var.global == null || contains(["writer", "reader"], try(var.global.role, ""))
    error_message = "global.role is neither writer nor reader: set one of them, or global to null."
  }

  validation {
    condition     = var.global == null || !can(regex("^db\\.t", var.instance_class))
    error_message = "instance_class is ${var.instance_class}: a global database takes memory-optimised classes alone; set one such as db.r7g.large."
  }
}

variable "master_password" {
  description = "Password of the master user; never kept in the state. A reader of a global database has none."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.master_password == null || try(length(var.master_password) >= 32, false)
    error_message = "master_password is too short: set 32 characters or more."
  }

  validation {
    condition     = (var.master_password == null) == (try(var.global.role, "") == "reader")
    error_message = "master_password: set one, unless global.role is reader."
  }
}

variable "master_password_version" {
  description = "Raise it to have a new master password set."
  type        = number
  default     = 1

  validation {
    condition     = var.master_password_version >= 1 && floor(var.master_password_version) == var.master_password_version
    error_message = "master_password_version is ${var.master_password_version}: set a whole number from 1."
  }
}

variable "protected" {
  description = "Deletion protection and a final snapshot: everywhere but where data may be lost."
  type        = bool
  default     = true
}

variable "proxy_secret_arns" {
  description = "Secrets of the users that RDS Proxy signs in with; none: no proxy. See the note on prepared statements in docs/adr."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.proxy_secret_arns : strcontains(arn, ":secret:")])
    error_message = "proxy_secret_arns has what is no ARN of a secret: set those of the services' database secrets."
  }
}

variable "peer_cidrs" {
  description = "Ranges of the other region's app tier, whose services write here."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.peer_cidrs : can(cidrnetmask(cidr)) && !startswith(cidr, "0.")])
    error_message = "peer_cidrs has what is no IPv4 range, or all of them: set those of the other region's app subnets."
  }
}
