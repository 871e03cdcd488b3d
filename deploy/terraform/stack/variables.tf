variable "environment" {
  description = "The environment: dev, staging or prod."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is ${var.environment}: set dev, staging or prod."
  }
}

variable "account_id" {
  description = "The AWS account that the environment is in; nothing is done in another."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: set the 12 digits of the environment's AWS account."
  }
}

variable "domain" {
  description = "Name of the shop, its hosted zone, and certificates that are there already: by region, and edge for CloudFront."
  type        = object({ name = string, zone_id = optional(string), certificate_arns = optional(map(string), {}) })

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain.name))
    error_message = "domain.name is ${var.domain.name}: set a host name such as shop.example."
  }

  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.domain.zone_id))
    error_message = "domain.zone_id is ${coalesce(var.domain.zone_id, "missing")}: set the id of the hosted zone of ${var.domain.name}, in which certificates prove themselves and records are made."
  }

  validation {
    condition = alltrue([
      for place, arn in var.domain.certificate_arns :
      contains(compact(["edge", "us-east-1", var.secondary_region]), place) && startswith(arn, "arn:aws:acm:${place == "edge" ? "us-east-1" : place}:")
    ])
    error_message = "domain.certificate_arns has a place or a certificate that does not fit: set edge (a certificate of us-east-1) and, for each region of the environment, one of that region."
  }
}

variable "secondary_region" {
  description = "A second region that reads and takes over; null: there is one region."
  type        = string
  default     = null

  validation {
    condition     = var.secondary_region == null || contains(["eu-west-1", "eu-central-1", "eu-north-1", "us-west-2", "ap-northeast-1", "ap-southeast-2"], coalesce(var.secondary_region, "none"))
    error_message = "secondary_region is ${coalesce(var.secondary_region, "null")}: set one that has all that the shop needs: eu-west-1, eu-central-1, eu-north-1, us-west-2, ap-northeast-1 or ap-southeast-2; the first region is us-east-1."
  }
}

variable "writer_region" {
  description = "The region that orders are written in; a failover sets it to the second."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = contains(compact(["us-east-1", var.secondary_region]), var.writer_region)
    error_message = "writer_region is ${var.writer_region}: set us-east-1, or secondary_region after its database was promoted."
  }
}

variable "network" {
  description = "Ranges of the regions' networks, and whether each zone has a NAT gateway of its own (per_zone) or all have one (single)."
  type        = object({ primary_cidr = optional(string, "10.1.0.0/16"), secondary_cidr = optional(string, "10.2.0.0/16"), nat = string })

  validation {
    condition     = alltrue([for cidr in [var.network.primary_cidr, var.network.secondary_cidr] : can(cidrnetmask(cidr)) && endswith(cidr, ".0.0/16")])
    error_message = "network has a range that is no /16: set ranges such as 10.1.0.0/16 and 10.2.0.0/16."
  }

  validation {
    condition     = cidrsubnet(var.network.primary_cidr, 0, 0) != cidrsubnet(var.network.secondary_cidr, 0, 0)
    error_message = "network.primary_cidr and network.secondary_cidr overlap: set ranges that have nothing in common, such as 10.1.0.0/16 and 10.2.0.0/16."
  }
}

variable "database" {
  description = "Aurora: class and number of instances in each region, whether the roles share a cluster or have one each, RDS Proxy, and the file of the image that holds Amazon's authorities for databases (null: certificates are not checked)."
  type = object({
    instance_class = string
    instance_count = number
    layout         = optional(string, "shared")
    engine_version = optional(string, "16.8")
    proxy          = optional(bool, false)
    authority_file = optional(string)
  })

  validation {
    condition     = contains(["shared", "per_role"], var.database.layout)
    error_message = "database.layout is ${var.database.layout}: set shared (one cluster) or per_role (one for product, one for order)."
  }

  validation {
    condition     = var.database.authority_file == null || can(regex("^/[A-Za-z0-9/._-]+\\.pem$", var.database.authority_file))
    error_message = "database.authority_file is ${coalesce(var.database.authority_file, "null")}: set a path in the image such as /usr/local/share/shop/authorities/global-bundle.pem."
  }
}

variable "cache" {
  description = "ElastiCache: type and number of nodes in each region."
  type        = object({ node_type = string, nodes = number })

  validation {
    condition     = var.cache.nodes >= 1 && var.cache.nodes <= 6
    error_message = "cache.nodes is ${var.cache.nodes}: set 1 to 6."
  }
}

variable "scale" {
  description = "Size and number of tasks of product, order and worker in each region; times of known peaks."
  type = map(object({
    cpu      = string
    memory   = string
    min      = number
    max      = number
    requests = optional(number, 6000)
    spot     = optional(number, 0)
    peaks    = optional(map(object({ schedule = string, min = number, max = number })), {})
  }))

  validation {
    condition     = toset(keys(var.scale)) == toset(["product", "order", "worker"])
    error_message = "scale has ${join(", ", keys(var.scale))}: set product, order and worker."
  }

  validation {
    condition     = alltrue([for size in var.scale : size.min >= 1 && size.min <= size.max])
    error_message = "scale has a min above its max, or below 1: set min to 1 or more and max to min or more."
  }
}

variable "program" {
  description = "The image, by digest or an immutable tag, the collector's, and what all tasks share; trace_sample: the part of requests that is traced; test_provider: payments are a test's; log_router: logs go through FireLens, by an image of Fluent Bit to the output that options names (null: to CloudWatch by awslogs)."
  type = object({
    image           = string
    collector_image = optional(string, "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3")
    architecture    = optional(string, "ARM64")
    log_level       = optional(string, "info")
    trace_sample    = optional(number, 0.01)
    execute_command = optional(bool, false)
    test_provider   = optional(bool, false)
    log_router = optional(object({
      image   = optional(string, "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.0")
      options = map(string)
    }))
  })

  validation {
    condition     = !var.program.test_provider || var.environment != "prod"
    error_message = "program.test_provider is true in prod: orders would be taken that nobody pays; set it in dev and staging alone."
  }

  validation {
    condition     = can(regex("(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_.-]+)$", var.program.image)) && !endswith(var.program.image, ":latest")
    error_message = "program.image is ${var.program.image}: set it with a digest or a tag other than latest, so that a rollback knows what it goes back to."
  }

  validation {
    condition     = var.program.trace_sample >= 0 && var.program.trace_sample <= 1
    error_message = "program.trace_sample is ${var.program.trace_sample}: set the part of requests to trace, from 0 to 1, such as 0.01."
  }

  validation {
    condition     = contains(["ARM64", "X86_64"], var.program.architecture)
    error_message = "program.architecture is ${var.program.architecture}: set ARM64 or X86_64."
  }
}

variable "switches" {
  description = "What the environment turns on: protection against deletion, Shield Advanced, what watches the account (account or none), Amazon Managed Prometheus with Grafana."
  type        = object({ protected = bool, shield_advanced = optional(bool, false), guards = optional(string, "none"), managed_prometheus = optional(bool, false) })

  validation {
    condition     = contains(["account", "none"], var.switches.guards)
    error_message = "switches.guards is ${var.switches.guards}: set account in the one environment of an account that watches it, none in the others."
  }
}

variable "admin_cidrs" {
  description = "IPv4 ranges from which /v1/admin is reached; with none it is closed from outside."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.admin_cidrs : can(cidrnetmask(cidr)) && cidr != "0.0.0.0/0"])
    error_message = "admin_cidrs has what is no IPv4 range, or all of the internet: set those of the office and the VPN."
  }
}

variable "alerts" {
  description = "Addresses of those on call, and the account's budget of a month in USD; null: no budget is watched."
  type        = object({ emails = set(string), monthly_budget = optional(number) })

  validation {
    condition     = length(var.alerts.emails) > 0
    error_message = "alerts.emails is empty: set the address of those on call, or nobody will know."
  }
}

variable "rotation_package" {
  description = "The code of the rotation of database users, as deploy/lambda/build makes it."
  type        = string
  default     = "../../../.local/lambda/rotate_database_user.zip"

  validation {
    condition     = fileexists(var.rotation_package)
    error_message = "rotation_package is ${var.rotation_package}, where there is no file: run deploy/lambda/build first."
  }
}
