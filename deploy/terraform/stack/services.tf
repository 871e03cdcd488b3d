# The services: a role of the program is an entry here. Paths are held to the program's route table by deploy/infra/check-routes.

locals {
  services = merge(
    {
      product = {
        file     = "product.json"
        role     = "product"
        priority = 100
        paths = [
          "/v1/products", "/v1/products/*", "/v1/search", "/v1/categories", "/v1/categories/*",
          "/v1/admin/products", "/v1/admin/products/*", "/v1/admin/variants/*", "/v1/admin/categories", "/v1/admin/categories/*",
        ]
      }
      order = {
        file     = "order.json"
        role     = "order"
        priority = 200
        paths = [
          "/v1/carts", "/v1/carts/*", "/v1/orders/*", "/v1/payments/*",
          "/v1/admin/orders", "/v1/admin/orders/*", "/v1/admin/stock-adjustments", "/v1/admin/stock-levels",
          "/v1/admin/discount-codes", "/v1/admin/discount-codes/*",
        ]
      }
    },
    # A worker and the migrations for each database.
    {
      for role in local.roles : "worker-${role}" => { file = "worker.json", role = role, priority = null, paths = null }
    },
    {
      for role in local.roles : "migrate-${role}" => { file = "migrate.json", role = role, priority = null, paths = null }
    },
  )
  roles = ["product", "order"]

  # Migrations are run by hand or by a pipeline, one at a time, and need little.
  size_of = {
    for name, service in local.services : name => startswith(name, "migrate-") ? null : var.scale[startswith(name, "worker-") ? "worker" : name]
  }

  # Secrets by the placeholder of the task definitions, for a region.
  secrets_of = {
    for name, service in local.services : name => startswith(name, "migrate-") ? {
      database_secret = "${service.role}/owner"
      } : merge(
      { database_secret = "${service.role}/database", secret_key_secret = "shared/secret-key" },
      service.paths == null ? {} : { admin_key_secret = "shared/admin-key", origin_secret = "edge/origin-secret" },
    )
  }
}
