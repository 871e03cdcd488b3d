variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "account_id" {
  description = "The AWS account; a part of the buckets' names, which are one for all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: set the 12 digits of the AWS account."
  }
}

variable "replica" {
  description = "Whether media are copied to a bucket in the region of the provider aws.replica."
  type        = bool
}

variable "protected" {
  description = "Whether media outlive a destroy."
  type        = bool
  default     = true
}

variable "noncurrent_days" {
  description = "How long a medium that was replaced or deleted can be brought back."
  type        = number
  default     = 90

  validation {
    condition     = var.noncurrent_days >= 30
    error_message = "noncurrent_days is ${var.noncurrent_days}: set 30 or more."
  }
}
