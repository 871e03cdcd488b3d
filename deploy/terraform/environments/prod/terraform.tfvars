# Two regions, everything on.
environment      = "prod"
account_id       = "333333333333"
secondary_region = "eu-west-1"
domain           = { name = "shop.example", zone_id = "Z000000000000000PROD" }
network          = { nat = "per_zone" }
database         = { instance_class = "db.r7g.xlarge", instance_count = 2 }
cache            = { node_type = "cache.r7g.large", nodes = 2 }
program          = { image = "444444444444.dkr.ecr.us-east-1.amazonaws.com/shop:1" }
switches         = { protected = true, guards = "account", managed_prometheus = true }
admin_cidrs      = ["203.0.113.0/24"]
alerts           = { emails = ["on-call@shop.example"], monthly_budget = 9000 }

scale = {
  product = {
    cpu = "1024", memory = "2048", min = 4, max = 40
    peaks = {
      evening       = { schedule = "cron(0 16 * * ? *)", min = 8, max = 40 }
      after-evening = { schedule = "cron(0 23 * * ? *)", min = 4, max = 40 }
    }
  }
  order = {
    cpu = "1024", memory = "2048", min = 4, max = 40
    peaks = {
      evening       = { schedule = "cron(0 16 * * ? *)", min = 8, max = 40 }
      after-evening = { schedule = "cron(0 23 * * ? *)", min = 4, max = 40 }
    }
  }
  worker = { cpu = "256", memory = "512", min = 2, max = 8, spot = 70 }
}
