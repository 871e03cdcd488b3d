variable "name" {
  description = "Prefix of every name, for example shop-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.name))
    error_message = "name is ${var.name}: set 3 to 16 lower-case letters, digits and hyphens that begin with a letter."
  }
}

variable "service" {
  description = "The service, or the task that is run by hand, such as order or migrate."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z-]{2,15}$", var.service))
    error_message = "service is ${var.service}: set 3 to 16 lower-case letters and hyphens, such as order."
  }
}

variable "place" {
  description = "Account and region."
  type        = object({ account_id = string, region = string })

  validation {
    condition     = can(regex("^[0-9]{12}$", var.place.account_id)) && can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.place.region))
    error_message = "place is ${var.place.account_id} in ${var.place.region}: set the 12 digits of the account and the name of a region."
  }
}

variable "cluster" {
  description = "The cluster."
  type        = object({ name = string, arn = string })

  validation {
    condition     = length(var.cluster.name) > 0
    error_message = "cluster has no name: set the outputs of ecs-cluster."
  }
}

variable "collector" {
  description = "The collector's configuration and the log group that it writes metrics to; workspace_arn of Amazon Managed Prometheus, or null."
  type        = object({ configuration_arn = string, metrics_log_group_arn = string, workspace_arn = optional(string) })

  validation {
    condition     = startswith(var.collector.configuration_arn, "arn:")
    error_message = "collector.configuration_arn is ${var.collector.configuration_arn}: set the outputs of ecs-cluster."
  }
}

variable "task" {
  description = "The task definition's file and what its placeholders stand for; execute_command opens the program's container to ECS Exec, whose file system can then be written to; test_provider puts the program's own payment provider beside it, where no money is real."
  type        = object({ file = string, values = map(string), execute_command = optional(bool, false), test_provider = optional(bool, false) })

  validation {
    condition     = fileexists(var.task.file)
    error_message = "task.file is ${var.task.file}, where there is no file: set one of deploy/ecs."
  }

  validation {
    condition = contains(lookup({
      "256"  = ["512", "1024", "2048"]
      "512"  = ["1024", "2048", "3072", "4096"]
      "1024" = ["2048", "3072", "4096", "5120", "6144", "7168", "8192"]
      "2048" = ["4096", "5120", "6144", "7168", "8192", "9216", "10240", "11264", "12288", "13312", "14336", "15360", "16384"]
    }, try(var.task.values.cpu, ""), []), try(var.task.values.memory, ""))
    error_message = "task.values has cpu ${try(var.task.values.cpu, "none")} and memory ${try(var.task.values.memory, "none")}, which Fargate does not pair: set for example 512 and 1024."
  }
}

variable "secrets" {
  description = "Secrets by the placeholder that stands for them; the task may read these and no others."
  type        = map(string)

  validation {
    condition     = alltrue([for arn in var.secrets : can(regex("^arn:aws:secretsmanager:", arn))])
    error_message = "secrets has what is no ARN of Secrets Manager: never set a secret's value here."
  }
}

variable "keys" {
  description = "KMS keys that encrypt the secrets and the logs."
  type        = object({ secrets = string, logs = string })

  validation {
    condition     = startswith(var.keys.secrets, "arn:") && startswith(var.keys.logs, "arn:")
    error_message = "keys has what is no ARN: set those of the module security."
  }
}

variable "network" {
  description = "The network, its app subnets, the groups that stores admit, and the load balancer's group where it is called from there."
  type = object({
    vpc_id                          = string
    subnet_ids                      = list(string)
    client_security_group_ids       = list(string)
    load_balancer_security_group_id = optional(string)
  })

  validation {
    condition     = length(var.network.subnet_ids) >= 2
    error_message = "network has ${length(var.network.subnet_ids)} app subnets: set two or more, in different zones."
  }
}

variable "traffic" {
  description = "The load balancer as metrics name it, its listener, and the blue and green target groups; null: nobody calls the service."
  type = object({
    load_balancer_arn_suffix = string
    listener_arn             = string
    target_groups            = map(object({ name = string, arn = string, arn_suffix = string }))
  })
  default = null

  validation {
    condition     = var.traffic == null || try(toset(keys(var.traffic.target_groups)) == toset(["blue", "green"]), false)
    error_message = "traffic.target_groups needs blue and green: set the outputs of the module alb."
  }
}

variable "scaling" {
  description = "How many tasks: at least min, at most max, more where a task's CPU (percent) or requests a minute exceed their target; times of known peaks change both until the next one (an apply meanwhile sets them back); spot is the share of Fargate Spot, in percent. Null: no service, the task is run by hand."
  type = object({
    min      = number
    max      = number
    cpu      = optional(number, 70)
    requests = optional(number, 6000)
    spot     = optional(number, 0)
    peaks    = optional(map(object({ schedule = string, min = number, max = number })), {})
  })
  default = null

  validation {
    condition     = var.scaling == null || try(var.scaling.min >= 1 && var.scaling.min <= var.scaling.max, false)
    error_message = "scaling.min is ${try(var.scaling.min, "")} and scaling.max ${try(var.scaling.max, "")}: set min to 1 or more and max to min or more."
  }

  validation {
    condition     = var.scaling == null || try(alltrue([for peak in var.scaling.peaks : peak.min <= peak.max && can(regex("^(cron|at)\\(", peak.schedule))]), false)
    error_message = "scaling.peaks has a min above its max, or a schedule that is neither cron(...) nor at(...): set both."
  }

  validation {
    condition     = var.scaling == null || try(var.scaling.spot == 0 || (var.traffic == null && var.scaling.spot <= 100), false)
    error_message = "scaling.spot is set for a service that shoppers wait for: set it to 0, Spot tasks end at two minutes' notice."
  }
}

variable "log_router" {
  description = "FireLens instead of awslogs: image of Fluent Bit and options of its output, for example to Loki; null: awslogs."
  type        = object({ file = string, image = string, options = map(string) })
  default     = null

  validation {
    condition     = var.log_router == null || try(contains(keys(var.log_router.options), "Name") && fileexists(var.log_router.file), false)
    error_message = "log_router.options has no Name, or log_router.file is not there: set Name to an output of Fluent Bit such as loki, and file to deploy/ecs/log-router.json."
  }
}
