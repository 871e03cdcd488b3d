variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "zone_id" {
  description = "The hosted zone."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.zone_id))
    error_message = "zone_id is ${var.zone_id}: set the id of a hosted zone, which begins with Z."
  }
}

variable "domain_names" {
  description = "Names that shoppers call the shop by; the first is the one that health checks call."
  type        = list(string)

  validation {
    condition     = length(var.domain_names) > 0
    error_message = "domain_names is empty: set names such as shop.example."
  }
}

variable "origin_name" {
  description = "Name under which CloudFront finds the nearest healthy region; writer. and REGION. before it name single ones."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.origin_name))
    error_message = "origin_name is ${var.origin_name}: set a host name such as origin.shop.example."
  }
}

variable "distribution" {
  description = "Name and hosted zone of the CloudFront distribution."
  type        = object({ name = string, zone_id = string })

  validation {
    condition     = length(var.distribution.name) > 0
    error_message = "distribution has no name: set the output alias of the module cloudfront."
  }
}

variable "load_balancers" {
  description = "Name and hosted zone of each region's load balancer, by region."
  type        = map(object({ name = string, zone_id = string }))

  validation {
    condition     = length(var.load_balancers) > 0
    error_message = "load_balancers is empty: set the output alias of the module alb for each region."
  }
}

variable "writer_region" {
  description = "The region that orders are written in; a failover changes it together with the database."
  type        = string

  validation {
    condition     = contains(keys(var.load_balancers), var.writer_region)
    error_message = "writer_region is ${var.writer_region}: set one of ${join(", ", keys(var.load_balancers))}."
  }
}
