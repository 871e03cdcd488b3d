terraform {
  required_version = ">= 1.11"

  # Told by environments/ENV/backend.hcl.
  backend "s3" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

locals {
  tags = { Project = "shop", Environment = var.environment, ManagedBy = "terraform" }
}

provider "aws" {
  region              = local.primary
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  alias               = "secondary"
  region              = coalesce(var.secondary_region, local.primary)
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}
