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

variable "domain_names" {
  description = "Names that shoppers call the shop by."
  type        = list(string)

  validation {
    condition     = length(var.domain_names) > 0 && alltrue([for name in var.domain_names : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", name))])
    error_message = "domain_names is empty or has what is no host name: set names such as shop.example."
  }
}

variable "zone_id" {
  description = "Hosted zone of domain_names, in which the certificate proves itself."
  type        = string
  default     = null

  validation {
    condition     = var.zone_id != null || var.certificate_arn != null
    error_message = "There is no certificate: set zone_id, so that one is issued for domain_names, or certificate_arn to one of us-east-1."
  }
}

variable "certificate_arn" {
  description = "A certificate of us-east-1 that is there already; null: one is issued."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:aws:acm:us-east-1:", var.certificate_arn))
    error_message = "certificate_arn names no certificate of us-east-1: CloudFront takes them from there alone; set one of that region."
  }
}

variable "origins" {
  description = "Names of the load balancers: nearest, of the region that is nearest and healthy; writer, of the region that orders are written in; regions, each by region."
  type        = object({ nearest = string, writer = string, regions = map(string) })

  validation {
    condition     = length(var.origins.regions) > 0
    error_message = "origins.regions is empty: set the origin name of each region."
  }
}

variable "media" {
  description = "The bucket of media, and how CloudFront signs its requests to it."
  type        = object({ name = string, arn = string, domain_name = string, access_control_id = string })

  validation {
    condition     = length(var.media.access_control_id) > 0
    error_message = "media.access_control_id is empty: set the outputs of the module s3-assets."
  }
}

variable "catalogue_paths" {
  description = "Paths whose answers may be kept, since they are the same for every shopper."
  type        = list(string)
  default     = ["/v1/products", "/v1/products/*", "/v1/search", "/v1/categories", "/v1/categories/*"]

  validation {
    condition     = alltrue([for path in var.catalogue_paths : can(regex("^/v1/(products|search|categories)(/\\*)?$", path))])
    error_message = "catalogue_paths has a path that is not the catalogue's: carts, orders and payments are a shopper's own and must never be kept."
  }
}

variable "web_acl_arn" {
  description = "CloudFront's web ACL."
  type        = string

  validation {
    condition     = can(regex(":(global|regional)/webacl/", var.web_acl_arn))
    error_message = "web_acl_arn is ${var.web_acl_arn}: set the ARN of a web ACL of the scope CLOUDFRONT."
  }
}

variable "price_class" {
  description = "From which of CloudFront's places the shop is served."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class is ${var.price_class}: set PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "protected" {
  description = "Whether logs outlive a destroy."
  type        = bool
  default     = true
}

variable "shield_advanced" {
  description = "Shield Advanced: needs the subscription, 3,000 USD a month for the organisation."
  type        = bool
  default     = false
}
