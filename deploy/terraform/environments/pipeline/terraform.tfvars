# The registry and the pipeline, in an account of their own.
account_id        = "444444444444"
source_repository = { id = "shop/shop" }
approvers         = ["release@shop.example"]

targets = {
  dev     = { account_id = "111111111111" }
  staging = { account_id = "222222222222", url = "https://staging.shop.example" }
  prod    = { account_id = "333333333333", url = "https://shop.example", regions = ["us-east-1", "eu-west-1"], smoke = "quote" }
}
