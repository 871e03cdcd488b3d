variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "distribution_id" {
  description = "The CloudFront distribution."
  type        = string

  validation {
    condition     = length(var.distribution_id) > 0
    error_message = "distribution_id is empty: set the output of the module cloudfront."
  }
}

variable "certificate_arn" {
  description = "CloudFront's certificate."
  type        = string

  validation {
    condition     = can(regex("^arn:aws:acm:us-east-1:", var.certificate_arn))
    error_message = "certificate_arn is ${var.certificate_arn}: set that of CloudFront, which is of us-east-1."
  }
}

variable "health_check_ids" {
  description = "Route 53's health checks by region."
  type        = map(string)

  validation {
    condition     = length(var.health_check_ids) > 0
    error_message = "health_check_ids is empty: set the output of the module route53."
  }
}

variable "topic_arn" {
  description = "The topic that tells those on call, in us-east-1."
  type        = string

  validation {
    condition     = can(regex("^arn:aws:sns:us-east-1:", var.topic_arn))
    error_message = "topic_arn is ${var.topic_arn}: set that of the module monitoring in us-east-1, where these alarms are."
  }
}
