variable "environment" {
  description = "The environment whose account this is: dev, staging, prod or pipeline."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod", "pipeline"], var.environment)
    error_message = "environment is ${var.environment}: set dev, staging, prod or pipeline."
  }
}

variable "account_id" {
  description = "The AWS account."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: set the 12 digits of the AWS account."
  }
}

variable "repository" {
  description = "The repository on GitHub whose workflows plan and apply, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.repository))
    error_message = "repository is ${var.repository}: set owner/name, without a wildcard."
  }
}

variable "states_bucket" {
  description = "The bucket of the account's states, which plan reads and apply writes."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{2,62}$", var.states_bucket))
    error_message = "states_bucket is ${var.states_bucket}: set the name of the bucket of environments/ENV/backend.hcl."
  }
}

variable "pipeline_account_id" {
  description = "The account whose pipeline deploys here; null: none does."
  type        = string
  default     = null

  validation {
    condition     = var.pipeline_account_id == null || can(regex("^[0-9]{12}$", var.pipeline_account_id))
    error_message = "pipeline_account_id is ${coalesce(var.pipeline_account_id, "null")}: set the 12 digits of the pipeline's account, or null."
  }
}
