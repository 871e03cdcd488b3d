variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "region" {
  description = "The region that the cluster is in."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is ${var.region}: set the name of an AWS region, for example us-east-1."
  }
}

variable "logs_key_arn" {
  description = "KMS key that encrypts logs and the sessions of ECS Exec."
  type        = string

  validation {
    condition     = startswith(var.logs_key_arn, "arn:")
    error_message = "logs_key_arn is ${var.logs_key_arn}: set the ARN of a KMS key of this region."
  }
}

variable "collector_template" {
  description = "Path of the OpenTelemetry collector's configuration, a template."
  type        = string

  validation {
    condition     = fileexists(var.collector_template)
    error_message = "collector_template is ${var.collector_template}, where there is no file: set the path of deploy/ecs/collector.yaml."
  }
}

variable "managed_prometheus" {
  description = "Whether metrics go to Amazon Managed Prometheus too, besides CloudWatch."
  type        = bool
  default     = false
}

variable "spot" {
  description = "Whether tasks may run on Fargate Spot at all."
  type        = bool
  default     = true
}

variable "log_days" {
  description = "How long the services' metrics and ECS Exec sessions are kept in logs."
  type        = number
  default     = 90

  validation {
    condition     = contains([30, 60, 90, 180, 365, 400, 731], var.log_days)
    error_message = "log_days is ${var.log_days}: set one of the retentions of CloudWatch Logs: 30, 60, 90, 180, 365, 400 or 731."
  }
}
