variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "account_id" {
  description = "The AWS account; a part of the log bucket's name, which is one for all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: set the 12 digits of the AWS account."
  }
}

variable "network" {
  description = "The network, its range and its public subnets."
  type        = object({ region = string, vpc_id = string, cidr = string, subnet_ids = list(string) })

  validation {
    condition     = length(var.network.subnet_ids) >= 2
    error_message = "network has ${length(var.network.subnet_ids)} public subnets: set two or more, in different zones."
  }
}

variable "domain_names" {
  description = "Names that CloudFront calls the load balancer by, for the certificate."
  type        = list(string)

  validation {
    condition     = length(var.domain_names) > 0 && alltrue([for name in var.domain_names : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", name))])
    error_message = "domain_names is empty or has what is no host name: set names such as origin.shop.example."
  }
}

variable "zone_id" {
  description = "Hosted zone of domain_names, in which the certificate proves itself."
  type        = string
  default     = null

  validation {
    condition     = var.zone_id != null || var.certificate_arn != null
    error_message = "There is no certificate: set zone_id, so that one is issued for domain_names, or certificate_arn to one that you have."
  }
}

variable "certificate_arn" {
  description = "A certificate that is there already; null: one is issued."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:aws:acm:${var.network.region}:", var.certificate_arn))
    error_message = "certificate_arn names no certificate of ${var.network.region}: set the ARN of one that ACM holds in that region."
  }
}

variable "cloudfront_prefix_list_id" {
  description = "The prefix list of CloudFront's own addresses in this region, all that is admitted."
  type        = string

  validation {
    condition     = startswith(var.cloudfront_prefix_list_id, "pl-")
    error_message = "cloudfront_prefix_list_id is ${var.cloudfront_prefix_list_id}: set the id of com.amazonaws.global.cloudfront.origin-facing, which begins with pl-."
  }
}

variable "services" {
  description = "Services by name, with the paths that they answer and the place of their rules, from 100."
  type        = map(object({ paths = list(string), priority = number }))

  validation {
    condition     = alltrue(flatten([for service in var.services : [for path in service.paths : startswith(path, "/v1/")]]))
    error_message = "services has a path outside /v1/: nothing else is forwarded; set paths that begin with /v1/."
  }

  validation {
    condition     = length(distinct([for service in var.services : service.priority])) == length(var.services) && alltrue([for service in var.services : service.priority >= 100 && service.priority % 100 == 0])
    error_message = "services has priorities that are equal or no hundreds: set 100, 200 and so on, so that each has room for its rules."
  }
}

variable "health_service" {
  description = "The service that answers /health and /health/deep for the region."
  type        = string

  validation {
    condition     = contains(keys(var.services), var.health_service)
    error_message = "health_service is ${var.health_service}: set one of ${join(", ", keys(var.services))}."
  }
}

variable "web_acl_arn" {
  description = "The regional web ACL."
  type        = string

  validation {
    condition     = can(regex(":regional/webacl/", var.web_acl_arn))
    error_message = "web_acl_arn is ${var.web_acl_arn}: set the ARN of a regional web ACL."
  }
}

variable "protected" {
  description = "Deletion protection, and logs that outlive the load balancer."
  type        = bool
  default     = true
}

variable "shield_advanced" {
  description = "Shield Advanced: needs the subscription, 3,000 USD a month for the organisation."
  type        = bool
  default     = false
}
