# The bucket of an account's states, and the roles of those who act in the account from outside. Applied once by hand, by an
# administrator; its own state is a file, which is committed nowhere and can be imported.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "environment" {
  description = "The environment whose account this is: dev, staging, prod or pipeline."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod", "pipeline"], var.environment)
    error_message = "environment is ${var.environment}: set dev, staging, prod or pipeline."
  }
}

variable "account_id" {
  description = "The AWS account; nothing is done in another."
  type        = string
}

variable "repository" {
  description = "The repository on GitHub whose workflows plan and apply, as owner/name."
  type        = string
}

variable "pipeline_account_id" {
  description = "The account whose pipeline deploys here, for staging and prod; null: none does."
  type        = string
  default     = null
}

variable "writer_role_arns" {
  description = "Roles that plan and apply by hand, beside those of GitHub's workflows."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.writer_role_arns : can(regex("^arn:aws:iam::[0-9]{12}:role/", arn))])
    error_message = "writer_role_arns has what is no role: set ARNs such as arn:aws:iam::111111111111:role/admin."
  }
}

provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = { Project = "shop", Environment = var.environment, ManagedBy = "terraform" }
  }
}

locals {
  bucket = "shop-${var.environment}-terraform-states"
}

module "access" {
  source              = "../modules/access"
  environment         = var.environment
  account_id          = var.account_id
  repository          = var.repository
  states_bucket       = local.bucket
  pipeline_account_id = var.pipeline_account_id
}

module "states" {
  source           = "../modules/s3-backend"
  bucket           = local.bucket
  writer_role_arns = setunion(var.writer_role_arns, [module.access.role_arns.plan, module.access.role_arns.apply])
}

output "bucket" {
  description = "The bucket that environments/ENV/backend.hcl names."
  value       = module.states.bucket
}
