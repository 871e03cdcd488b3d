variable "bucket" {
  description = "Name of the bucket that keeps the states, one for all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket is ${var.bucket}: set 3 to 63 lower-case letters, digits, dots and hyphens."
  }
}

variable "writer_role_arns" {
  description = "Roles that may read and write states; nobody else may, administrators of the account included."
  type        = set(string)

  validation {
    condition     = length(var.writer_role_arns) > 0 && alltrue([for arn in var.writer_role_arns : can(regex("^arn:aws:iam::[0-9]{12}:role/", arn))])
    error_message = "writer_role_arns is empty or has what is no role: set the ARNs of the roles that plan and apply."
  }
}
