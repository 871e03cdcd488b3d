terraform {
  required_version = ">= 1.11"

  # Told by environments/pipeline/backend.hcl.
  backend "s3" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

locals {
  tags = { Project = "shop", Environment = "pipeline", ManagedBy = "terraform" }
}

provider "aws" {
  region              = local.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}

# Where production's second region pulls from.
provider "aws" {
  alias               = "copy"
  region              = try(var.targets.prod.regions[1], local.region)
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}
