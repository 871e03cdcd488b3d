variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "place" {
  description = "Account and region of the pipeline."
  type        = object({ account_id = string, region = string })

  validation {
    condition     = can(regex("^[0-9]{12}$", var.place.account_id)) && can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.place.region))
    error_message = "place is ${var.place.account_id} in ${var.place.region}: set the 12 digits of the account and the name of a region."
  }
}

variable "key_arn" {
  description = "KMS key that encrypts artifacts, images and logs, which the deploying roles of the environments may use too."
  type        = string

  validation {
    condition     = startswith(var.key_arn, "arn:")
    error_message = "key_arn is ${var.key_arn}: set the ARN of a KMS key of this region."
  }
}

variable "source_repository" {
  description = "The repository and the branch whose changes are built."
  type        = object({ id = string, branch = optional(string, "main") })

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.source_repository.id))
    error_message = "source_repository.id is ${var.source_repository.id}: set owner/name."
  }
}

variable "buildspecs" {
  description = "Paths, in the repository, of what is run: build (tests, scans, image), migrate, smoke (a full order)."
  type        = object({ build = string, migrate = string, smoke = string })

  validation {
    condition     = alltrue([for path in values(var.buildspecs) : endswith(path, ".yml")])
    error_message = "buildspecs has a path that is no .yml: set those of deploy/buildspec*.yml."
  }
}

variable "environments" {
  description = "Where it is deployed, in this order: staging, then prod after an approval. A role in the environment's account; ECS clusters; CodeDeploy's application and group of each service that is called; the rolling services; the shop's URL for the smoke test."
  type = map(object({
    role_arn = string
    url      = string
    cluster  = string
    canary   = map(object({ application = string, group = string }))
    rolling  = set(string)
  }))

  validation {
    condition     = toset(keys(var.environments)) == toset(["staging", "prod"])
    error_message = "environments has ${join(", ", keys(var.environments))}: set staging and prod."
  }

  validation {
    condition     = alltrue([for environment in var.environments : can(regex("^arn:aws:iam::[0-9]{12}:role/", environment.role_arn)) && startswith(environment.url, "https://")])
    error_message = "environments has a role_arn that is no role, or a url without https: set both."
  }
}

variable "approvers_topic_arn" {
  description = "SNS topic of those who approve a rollout to production."
  type        = string

  validation {
    condition     = startswith(var.approvers_topic_arn, "arn:aws:sns:")
    error_message = "approvers_topic_arn is ${var.approvers_topic_arn}: set the ARN of an SNS topic."
  }
}
