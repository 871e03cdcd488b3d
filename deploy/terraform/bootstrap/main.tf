# The bucket of an account's states. Applied once by hand; its own state is a file, which is committed nowhere and can be imported.

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
  description = "The environment whose account this is: dev, staging or prod."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is ${var.environment}: set dev, staging or prod."
  }
}

variable "writer_role_arns" {
  description = "Roles that plan and apply the environment."
  type        = set(string)

  validation {
    condition     = length(var.writer_role_arns) > 0
    error_message = "writer_role_arns is empty: set the ARNs of the roles that plan and apply."
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Project = "shop", Environment = var.environment, ManagedBy = "terraform" }
  }
}

module "states" {
  source           = "../modules/s3-backend"
  bucket           = "shop-${var.environment}-terraform-states"
  writer_role_arns = var.writer_role_arns
}

output "bucket" {
  description = "The bucket that environments/ENV/backend.hcl names."
  value       = module.states.bucket
}
