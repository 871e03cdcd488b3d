variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "place" {
  description = "Account and region."
  type        = object({ account_id = string, region = string })
}

variable "network" {
  description = "Range, zones, ways out; the range of the other region where there is one; CloudFront's prefix list here."
  type = object({
    cidr                      = string
    peer_cidr                 = optional(string)
    availability_zones        = list(string)
    nat                       = string
    cloudfront_prefix_list_id = string
  })
}

variable "guard" {
  description = "KMS keys by use, and the regional web ACL."
  type        = object({ keys = map(string), web_acl_arn = string })
}

variable "database" {
  description = "Clusters by name with the roles whose databases they hold; class and number of instances; place in a global database, and what a reader joins, by cluster."
  type = object({
    clusters       = map(list(string))
    engine_version = string
    instance_class = string
    instance_count = number
    global_role    = optional(string)
    global_ids     = optional(map(string), {})
    proxy          = optional(bool, false)
  })
}

variable "master_passwords" {
  description = "Master password of each cluster; a reader has none."
  type        = map(string)
  ephemeral   = true
  sensitive   = true
}

variable "cache" {
  description = "Type and number of nodes."
  type        = object({ node_type = string, nodes = number })
}

variable "services" {
  description = "Services and tasks by name: file, role, paths, size, scaling, and their secrets by placeholder."
  type = map(object({
    file     = string
    role     = string
    paths    = optional(list(string))
    priority = optional(number)
    cpu      = string
    memory   = string
    secrets  = map(string)
    scaling = optional(object({
      min      = number
      max      = number
      cpu      = optional(number, 70)
      requests = optional(number, 6000)
      spot     = optional(number, 0)
      peaks    = optional(map(object({ schedule = string, min = number, max = number })), {})
    }))
  }))
}

variable "program" {
  description = "Images and settings that all tasks share."
  type = object({
    image           = string
    collector_image = string
    architecture    = string
    log_level       = string
    trace_sample    = number
    execute_command = bool
    test_provider   = bool
    log_router      = optional(object({ image = string, options = map(string) }))
  })
}

variable "front" {
  description = "Origin names, and the zone or the certificate that proves them."
  type        = object({ origin_names = list(string), zone_id = optional(string), certificate_arn = optional(string) })
}

variable "switches" {
  description = "What an environment turns on: protection against deletion, Shield Advanced, Amazon Managed Prometheus and Grafana."
  type        = object({ protected = bool, shield_advanced = bool, managed_prometheus = bool })
}

variable "alerts" {
  description = "Who is told, and the month's budget in USD, counted once an account."
  type        = object({ emails = set(string), monthly_budget = optional(number) })
}
