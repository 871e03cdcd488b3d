bucket       = "shop-pipeline-terraform-states"
key          = "shop/terraform.tfstate"
region       = "us-east-1"
encrypt      = true
use_lockfile = true
