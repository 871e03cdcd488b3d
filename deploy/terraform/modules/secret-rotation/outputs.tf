output "function_name" {
  description = "The Lambda, for its log and alarms."
  value       = aws_lambda_function.this.function_name
}
