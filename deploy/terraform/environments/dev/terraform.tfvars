# Small, and may be lost: one NAT gateway, one instance of everything.
environment = "dev"
account_id  = "111111111111"
domain      = { name = "dev.shop.example", zone_id = "Z0000000000000000DEV" }
network     = { nat = "single" }
database    = { instance_class = "db.t4g.medium", instance_count = 1 }
cache       = { node_type = "cache.t4g.micro", nodes = 1 }
program     = { image = "444444444444.dkr.ecr.us-east-1.amazonaws.com/shop:1", log_level = "debug", execute_command = true, test_provider = true }
switches    = { protected = false }
alerts      = { emails = ["on-call@shop.example"], monthly_budget = 300 }

scale = {
  product = { cpu = "256", memory = "512", min = 1, max = 2 }
  order   = { cpu = "256", memory = "512", min = 1, max = 2 }
  worker  = { cpu = "256", memory = "512", min = 1, max = 2, spot = 100 }
}
