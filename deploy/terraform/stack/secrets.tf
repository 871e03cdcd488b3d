# What is secret, and who writes it. Terraform makes up what needs no one's help, without ever keeping it: the values pass
# through ephemeral resources and write-only arguments, so they are in no plan and no state.

locals {
  # One a region: each region has a cache of its own.
  cache_secret = { for region in local.regions : region => "${var.environment}/shop/cache/${region}" }

  generated = {
    "shared/secret-key" = "Signs cursors and encrypts stored secrets; two, comma-separated, while rotating"
    "shared/admin-key"  = "Opens the admin routes"
  }
  # Written by rotations; the first begins with the secret.
  rotated = merge(
    { for role in local.roles : "${role}/database" => "Where the ${role} service and its worker find their database, and as whom" },
    { for role in local.roles : "${role}/owner" => "Where the migrations of ${role} find their database, and as whom" },
    { "edge/origin-secret" = "Tells load balancers and program that a request came through our CloudFront" },
  )
  masters = { for cluster in keys(local.clusters) : "${cluster}/master" => "Master user of the cluster ${cluster}" }

  secrets = merge(
    { for path, use in merge(local.generated, local.rotated, local.masters) : "${var.environment}/shop/${path}" => use },
    { (local.cache_secret[local.primary]) = "The cache of ${local.primary}: user, password, URL" },
  )

  # ARNs as a region's tasks name them: a copy has the ARN of its original but for the region.
  secret_arns = {
    for region in local.regions : region => merge(
      { for path, arn in module.security.secret_arns : trimprefix(path, "${var.environment}/shop/") => replace(arn, ":${local.primary}:", ":${region}:") },
      region == local.primary ? {} : { for path, arn in module.security_secondary[0].secret_arns : trimprefix(path, "${var.environment}/shop/") => arn },
    )
  }

  services_in = {
    for region in local.regions : region => {
      for name, service in local.services : name => merge(service, {
        cpu    = local.size_of[name] == null ? "256" : local.size_of[name].cpu
        memory = local.size_of[name] == null ? "512" : local.size_of[name].memory
        secrets = merge(
          { for placeholder, path in local.secrets_of[name] : placeholder => local.secret_arns[region][path] },
          startswith(name, "migrate-") ? {} : { cache_secret = local.secret_arns[region]["cache/${region}"] },
        )
        scaling = local.size_of[name] == null ? null : {
          min      = local.size_of[name].min
          max      = local.size_of[name].max
          requests = local.size_of[name].requests
          spot     = local.size_of[name].spot
          peaks    = local.size_of[name].peaks
        }
      })
    }
  }
}

ephemeral "aws_secretsmanager_random_password" "master" {
  for_each            = local.clusters
  password_length     = 64
  exclude_punctuation = true
}

ephemeral "aws_secretsmanager_random_password" "generated" {
  for_each            = local.generated
  password_length     = 64
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret_version" "generated" {
  for_each                 = local.generated
  secret_id                = module.security.secret_arns["${var.environment}/shop/${each.key}"]
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.generated[each.key].random_password
  secret_string_wo_version = 1
}

resource "aws_secretsmanager_secret_version" "master" {
  for_each  = local.clusters
  secret_id = module.security.secret_arns["${var.environment}/shop/${each.key}/master"]
  secret_string_wo = jsonencode({
    engine   = "postgres"
    host     = module.primary.databases[each.key].write_host
    port     = 5432
    username = module.primary.databases[each.key].master_user
    password = ephemeral.aws_secretsmanager_random_password.master[each.key].random_password
  })
  secret_string_wo_version = 1
}

# What a rotation needs to know to make a user; who and with which password is its own doing.
locals {
  cluster_of = merge([for cluster, roles in local.clusters : { for role in roles : role => cluster }]...)
  # What the program is told of TLS to a database: the certificate is checked where the image has the authorities for it.
  database_parameters = var.database.authority_file == null ? "sslmode=require" : "sslmode=verify-full&sslrootcert=${var.database.authority_file}"
  databases_in = merge(
    { (local.primary) = module.primary.databases }, { for secondary in module.secondary : var.secondary_region => secondary.databases },
  )
  rotated_users = merge([
    for role in local.roles : {
      "${role}/database" = { role = role, kind = "service", services = [role, "worker-${role}"] }
      "${role}/owner"    = { role = role, kind = "owner", services = [] }
    }
  ]...)
}

resource "aws_secretsmanager_secret_version" "rotated" {
  for_each  = local.rotated_users
  secret_id = module.security.secret_arns["${var.environment}/shop/${each.key}"]
  secret_string_wo = jsonencode({
    host       = module.primary.databases[local.cluster_of[each.value.role]].write_host
    port       = 5432
    dbname     = "shop_${each.value.role}"
    kind       = each.value.kind
    parameters = local.database_parameters
    # Where the tasks of each region read the catalogue.
    read_hosts    = each.value.kind == "service" ? { for region, databases in local.databases_in : region => databases[local.cluster_of[each.value.role]].read_host } : {}
    master_secret = module.security.secret_arns["${var.environment}/shop/${local.cluster_of[each.value.role]}/master"]
  })
  # Once: from then on it is the rotation's.
  secret_string_wo_version = 1
}

# Where services read what is rotated: a second region has copies of the secrets.
locals {
  running_in = merge(
    { (local.primary) = { cluster = module.primary.cluster, services = module.primary.services } },
    { for secondary in module.secondary : var.secondary_region => { cluster = secondary.cluster, services = secondary.services } },
  )
}

module "secret_rotation" {
  source  = "../modules/secret-rotation"
  name    = local.name
  place   = { account_id = var.account_id, region = local.primary }
  package = var.rotation_package
  network = {
    vpc_id                    = module.primary.network.vpc_id
    subnet_ids                = module.primary.network.subnet_ids
    client_security_group_ids = [for database in module.primary.databases : database.client_security_group_id]
  }
  keys = { secrets = module.security.key_arns.secrets, logs = module.security.key_arns.logs }
  secrets = {
    for path, user in local.rotated_users : "${var.environment}/shop/${path}" => {
      arn        = module.security.secret_arns["${var.environment}/shop/${path}"]
      master_arn = module.security.secret_arns["${var.environment}/shop/${local.cluster_of[user.role]}/master"]
      services = flatten([
        for region, place in local.running_in : [
          for name in user.services : {
            region      = region
            cluster     = place.cluster.name
            name        = name
            application = try(place.services[name].deployment.application, null)
            group       = try(place.services[name].deployment.group, null)
          }
        ]
      ])
    }
  }

  # The first rotation begins at once and reads both.
  depends_on = [aws_secretsmanager_secret_version.rotated, aws_secretsmanager_secret_version.master]
}
