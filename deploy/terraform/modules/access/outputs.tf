output "role_arns" {
  description = "Roles by who takes them on: plan and apply (GitHub), deploy (the pipeline) where there is one."
  value = merge(
    { for use, role in aws_iam_role.github : use => role.arn },
    { for role in aws_iam_role.deploy : "deploy" => role.arn },
  )
}
