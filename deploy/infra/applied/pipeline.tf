# The pipeline is in an account of its own, and in no environment; it is tried in the same go.
module "pipeline" {
  source              = "../modules/ci-cd"
  name                = "shop-ci"
  place               = { account_id = var.account_id, region = local.primary }
  key_arn             = module.security.key_arns.logs
  source_repository   = { id = "example/shop" }
  buildspecs          = { build = "deploy/buildspec.yml", migrate = "deploy/buildspec-migrate.yml", smoke = "deploy/buildspec-smoke.yml" }
  approvers_topic_arn = "arn:aws:sns:${local.primary}:${var.account_id}:approvers"
  environments = {
    for environment in ["staging", "prod"] : environment => {
      role_arn = "arn:aws:iam::${var.account_id}:role/shop-${environment}-deployment"
      url      = "https://${environment}.shop.example"
      cluster  = "shop-${environment}"
      canary   = { for role in local.roles : role => { application = "shop-${environment}-${role}", group = "shop-${environment}-${role}" } }
      rolling  = [for role in local.roles : "worker-${role}"]
    }
  }
}
