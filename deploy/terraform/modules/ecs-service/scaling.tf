resource "aws_appautoscaling_target" "this" {
  count              = local.is_service ? 1 : 0
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster.name}/${var.service}"
  min_capacity       = var.scaling.min
  max_capacity       = var.scaling.max

  depends_on = [aws_ecs_service.canary, aws_ecs_service.rolling]
}

resource "aws_appautoscaling_policy" "cpu" {
  count              = local.is_service ? 1 : 0
  name               = "${local.full_name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.scaling.cpu
    scale_out_cooldown = 30
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

# One a target group, since CodeDeploy changes which has the traffic. They only add tasks: the one without traffic would remove
# them all; CPU removes them.
resource "aws_appautoscaling_policy" "requests" {
  for_each           = local.is_service && local.is_called ? var.traffic.target_groups : {}
  name               = "${local.full_name}-requests-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.scaling.requests
    disable_scale_in   = true
    scale_out_cooldown = 30

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${var.traffic.load_balancer_arn_suffix}/${each.value.arn_suffix}"
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "peak" {
  for_each           = local.is_service ? var.scaling.peaks : {}
  name               = "${local.full_name}-${each.key}"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id
  schedule           = each.value.schedule

  scalable_target_action {
    min_capacity = each.value.min
    max_capacity = each.value.max
  }
}
