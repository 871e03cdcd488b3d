# One region as production has it, over three zones, at half the size.
environment = "staging"
account_id  = "222222222222"
domain      = { name = "staging.shop.example", zone_id = "Z00000000000STAGING" }
network     = { nat = "per_zone" }
database    = { instance_class = "db.r7g.large", instance_count = 2 }
cache       = { node_type = "cache.t4g.small", nodes = 2 }
program     = { image = "444444444444.dkr.ecr.us-east-1.amazonaws.com/shop:1", test_provider = true }
switches    = { protected = true, guards = "account" }
admin_cidrs = ["203.0.113.0/24"]
alerts      = { emails = ["on-call@shop.example"], monthly_budget = 1500 }

scale = {
  product = { cpu = "512", memory = "1024", min = 2, max = 20 }
  order   = { cpu = "512", memory = "1024", min = 2, max = 20 }
  worker  = { cpu = "256", memory = "512", min = 2, max = 4, spot = 70 }
}
