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
  description = "Paths, in the repository, of what is run: build (tests, scans, image), migrate (and workers), follow (further regions), smoke (a full order)."
  type        = object({ build = string, migrate = string, follow = string, smoke = string })

  validation {
    condition     = alltrue([for path in values(var.buildspecs) : endswith(path, ".yml")])
    error_message = "buildspecs has a path that is no .yml: set those of deploy/buildspec*.yml."
  }
}

variable "build_image" {
  description = "The image that builds run in, with Swift and Debian's packages, and the processor that the shop's image is for."
  type        = object({ name = optional(string, "public.ecr.aws/docker/library/swift:6.3-bookworm"), architecture = optional(string, "ARM64") })
  default     = {}

  validation {
    condition     = contains(["ARM64", "X86_64"], var.build_image.architecture)
    error_message = "build_image.architecture is ${var.build_image.architecture}: set ARM64 or X86_64, as program.architecture of the environments."
  }
}

variable "environments" {
  description = "Where it is deployed, in this order: staging, then prod after an approval. A role in the environment's account; the ECS cluster, whose name begins those of CodeDeploy; the regions, the writer's first; canary and rolling services; the shop's URL and how far the smoke test goes there: order, or quote where payments are real."
  type = map(object({
    role_arn = string
    url      = string
    cluster  = string
    regions  = list(string)
    canary   = set(string)
    rolling  = set(string)
    smoke    = string
  }))

  validation {
    condition     = toset(keys(var.environments)) == toset(["staging", "prod"])
    error_message = "environments has ${join(", ", keys(var.environments))}: set staging and prod."
  }

  validation {
    condition     = alltrue([for environment in var.environments : can(regex("^arn:aws:iam::[0-9]{12}:role/", environment.role_arn)) && startswith(environment.url, "https://")])
    error_message = "environments has a role_arn that is no role, or a url without https: set both."
  }

  validation {
    condition     = alltrue([for environment in var.environments : toset(environment.canary) == toset(["order", "product"]) && length(environment.rolling) > 0])
    error_message = "environments has other canaries than order and product, or no rolling service: set the services of deploy/terraform/stack/services.tf."
  }

  validation {
    condition     = alltrue([for environment in var.environments : try(environment.regions[0], "") == var.place.region])
    error_message = "environments has a first region that is not ${var.place.region}: CodePipeline deploys where it is, the further regions follow."
  }

  validation {
    condition     = length(distinct(flatten([for environment in var.environments : environment.regions]))) <= 2
    error_message = "environments has more than two regions: set the pipeline's and one other, to which images are copied."
  }

  validation {
    condition     = alltrue([for environment in var.environments : contains(["order", "quote"], environment.smoke)])
    error_message = "environments has a smoke that is neither order nor quote: set order where payments are a test's, quote where they are real."
  }
}

variable "pulling_accounts" {
  description = "Further accounts whose tasks run the image, such as that of dev."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for account in var.pulling_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "pulling_accounts has what is no account: set the 12 digits of each."
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
