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

provider "aws" {
  region              = local.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = { Project = "shop", Environment = "pipeline", ManagedBy = "terraform" }
  }
}
