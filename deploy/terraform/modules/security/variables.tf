variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "account_id" {
  description = "The AWS account that all this is in."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: set the 12 digits of the AWS account."
  }
}

variable "region" {
  description = "The region that the keys, secrets and the regional web ACL are in."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is ${var.region}: set the name of an AWS region, for example us-east-1."
  }
}

variable "edge" {
  description = "Whether CloudFront's web ACL is made here too; AWS wants that one in us-east-1."
  type        = bool

  validation {
    condition     = !var.edge || var.region == "us-east-1"
    error_message = "edge is true in ${var.region}: CloudFront's web ACL can be made in us-east-1 alone; set edge to false or region to us-east-1."
  }
}

variable "requests_per_five_minutes" {
  description = "Requests that one address may make in five minutes before it is blocked."
  type        = number
  default     = 3000

  validation {
    condition     = var.requests_per_five_minutes >= 100 && var.requests_per_five_minutes <= 2000000000
    error_message = "requests_per_five_minutes is ${var.requests_per_five_minutes}: set 100 or more, which is the least that AWS WAF counts to."
  }
}

variable "admin_cidrs" {
  description = "IPv4 ranges from which /v1/admin is reached; with none it is closed from outside."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.admin_cidrs : can(cidrnetmask(cidr)) && cidr != "0.0.0.0/0"])
    error_message = "admin_cidrs has a range that is no IPv4 range, or all of the internet: set those of the office and the VPN, for example 203.0.113.0/24."
  }
}

variable "secrets" {
  description = "What is kept secret, as {env}/shop/{service}/{name}, with what it is for. Values are written elsewhere."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for path, use in var.secrets : can(regex("^[a-z]+/shop/[a-z]+/[a-z0-9-]+$", path))])
    error_message = "secrets has a name that is not {env}/shop/{service}/{name}: set names such as prod/shop/order/database."
  }
}

variable "replica" {
  description = "Region, and KMS key there, that secrets are copied to; null: they stay in one region."
  type        = object({ region = string, key_arn = string })
  default     = null

  validation {
    condition     = var.replica == null || try(var.replica.region != var.region, false)
    error_message = "replica names ${var.region} itself: set another region, or null."
  }
}

variable "guards" {
  description = "What watches the account: account (a CloudTrail of all regions, and the region's own), region (Config and GuardDuty here), or none where another environment of the account has them."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["account", "region", "none"], var.guards)
    error_message = "guards is ${var.guards}: set account, region or none."
  }
}

variable "log_days" {
  description = "How long the web ACL's and the trail's logs are kept."
  type        = number
  default     = 365

  validation {
    condition     = contains([30, 60, 90, 180, 365, 400, 731], var.log_days)
    error_message = "log_days is ${var.log_days}: set one of the retentions of CloudWatch Logs: 30, 60, 90, 180, 365, 400 or 731."
  }
}
