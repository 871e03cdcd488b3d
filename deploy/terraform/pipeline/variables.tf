variable "account_id" {
  description = "The account of the registry and the pipeline; the shop itself runs in others."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: set the 12 digits of the pipeline's AWS account."
  }

  validation {
    condition     = !contains([for target in var.targets : target.account_id], var.account_id)
    error_message = "account_id is ${var.account_id}, in which an environment runs: set an account of its own, so that who breaks into a shop cannot change what is rolled out."
  }
}

variable "source_repository" {
  description = "The repository and the branch whose changes are rolled out."
  type        = object({ id = string, branch = optional(string, "main") })

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.source_repository.id))
    error_message = "source_repository.id is ${var.source_repository.id}: set owner/name."
  }
}

variable "approvers" {
  description = "Addresses of those who let a change into production."
  type        = set(string)

  validation {
    condition     = length(var.approvers) > 0
    error_message = "approvers is empty: set the address of somebody who may say yes, or nothing gets to production."
  }
}

variable "targets" {
  description = "The accounts that the image runs in, by environment; staging and prod are rolled out to, in that order, others only pull."
  type        = map(object({ account_id = string, url = optional(string), regions = optional(list(string), ["us-east-1"]), smoke = optional(string, "order") }))

  validation {
    condition     = contains(keys(var.targets), "staging") && contains(keys(var.targets), "prod")
    error_message = "targets has ${join(", ", keys(var.targets))}: set staging and prod."
  }

  validation {
    condition     = alltrue([for target in var.targets : can(regex("^[0-9]{12}$", target.account_id))])
    error_message = "targets has an account_id that is none: set the 12 digits of each environment's account."
  }

  validation {
    condition     = alltrue([for name, target in var.targets : target.url != null || !contains(["staging", "prod"], name)])
    error_message = "targets has no url for staging or prod: set where the smoke test finds the shop."
  }
}
