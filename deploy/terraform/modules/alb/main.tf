# The region's way in. It admits CloudFront alone, and what it does not know it answers with 404.

locals {
  container_port = 8080
  log_bucket     = "${var.name}-alb-logs-${var.account_id}-${var.network.region}"
  certificate    = var.certificate_arn != null ? var.certificate_arn : aws_acm_certificate_validation.this[0].certificate_arn
  # A rule takes five paths at most.
  path_rules = merge([
    for name, service in var.services : {
      for index, paths in chunklist(service.paths, 5) : "${name}-${index}" => { service = name, paths = paths, priority = service.priority + index }
    }
  ]...)
  target_groups = merge([
    for name in keys(var.services) : { for colour in ["blue", "green"] : "${name}-${colour}" => name }
  ]...)
}

resource "aws_acm_certificate" "this" {
  count                     = var.certificate_arn == null ? 1 : 0
  domain_name               = var.domain_names[0]
  subject_alternative_names = slice(var.domain_names, 1, length(var.domain_names))
  validation_method         = "DNS"
  key_algorithm             = "EC_prime256v1"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "certificate" {
  for_each = var.certificate_arn != null ? toset([]) : toset(var.domain_names)
  zone_id  = var.zone_id
  name     = one([for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_name if option.domain_name == each.key])
  type     = "CNAME"
  records  = [for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_value if option.domain_name == each.key]
  ttl      = 300
  # Certificates of two regions for one name prove themselves by the same record.
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  count                   = var.certificate_arn == null ? 1 : 0
  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = [for record in aws_route53_record.certificate : record.fqdn]
}

# Two groups, since the prefix list alone counts as 55 of the 60 rules that a group may have.
resource "aws_security_group" "https" {
  name        = "${var.name}-alb-https"
  description = "HTTPS from CloudFront, requests to the services"
  vpc_id      = var.network.vpc_id
  tags        = { Name = "${var.name}-alb-https" }
}

resource "aws_security_group" "http" {
  name        = "${var.name}-alb-http"
  description = "HTTP from CloudFront, to be sent to HTTPS"
  vpc_id      = var.network.vpc_id
  tags        = { Name = "${var.name}-alb-http" }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.https.id
  description       = "HTTPS from CloudFront"
  prefix_list_id    = var.cloudfront_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  security_group_id = aws_security_group.http.id
  description       = "HTTP from CloudFront"
  prefix_list_id    = var.cloudfront_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_egress_rule" "to_services" {
  security_group_id = aws_security_group.https.id
  description       = "Requests and health checks to the services"
  cidr_ipv4         = var.network.cidr
  ip_protocol       = "tcp"
  from_port         = local.container_port
  to_port           = local.container_port
}

resource "aws_lb" "this" {
  name               = var.name
  load_balancer_type = "application"
  internal           = false
  subnets            = var.network.subnet_ids
  security_groups    = [aws_security_group.https.id, aws_security_group.http.id]

  enable_deletion_protection       = var.protected
  enable_cross_zone_load_balancing = true
  enable_zonal_shift               = true
  enable_waf_fail_open             = false
  desync_mitigation_mode           = "strictest"
  drop_invalid_header_fields       = true
  xff_header_processing_mode       = "append"
  # Below the 75 s after which the server closes an idle connection, so that it never closes one that is about to be used.
  idle_timeout = 60

  access_logs {
    enabled = true
    bucket  = aws_s3_bucket.logs.id
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = aws_lb.this.arn
  web_acl_arn  = var.web_acl_arn
}

resource "aws_shield_protection" "this" {
  count        = var.shield_advanced ? 1 : 0
  name         = "${var.name}-alb"
  resource_arn = aws_lb.this.arn
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
  certificate_arn   = local.certificate

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "application/json"
      status_code  = "404"
      message_body = jsonencode({ type = "about:blank", title = "Not Found", status = 404, code = "not_found" })
    }
  }
}

# Stands before all other rules, so that no later path lets metrics out by mistake.
resource "aws_lb_listener_rule" "never" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 1

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "application/json"
      status_code  = "404"
      message_body = jsonencode({ type = "about:blank", title = "Not Found", status = 404, code = "not_found" })
    }
  }

  condition {
    path_pattern {
      values = ["/metrics", "/metrics/*"]
    }
  }
}

resource "aws_lb_listener_rule" "health" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this["${var.health_service}-blue"].arn
  }

  condition {
    path_pattern {
      values = ["/health", "/health/deep"]
    }
  }

  lifecycle {
    # CodeDeploy turns rules from blue to green and back.
    ignore_changes = [action]
  }
}

resource "aws_lb_listener_rule" "service" {
  for_each     = local.path_rules
  listener_arn = aws_lb_listener.https.arn
  priority     = each.value.priority

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this["${each.value.service}-blue"].arn
  }

  condition {
    path_pattern {
      values = each.value.paths
    }
  }

  lifecycle {
    # CodeDeploy turns rules from blue to green and back.
    ignore_changes = [action]
  }
}

# Two a service: CodeDeploy starts the new version in the one that has no traffic.
resource "aws_lb_target_group" "this" {
  for_each    = local.target_groups
  name        = "${var.name}-${each.key}"
  vpc_id      = var.network.vpc_id
  target_type = "ip"
  port        = local.container_port
  protocol    = "HTTP"

  # A drained server says Connection: close for 5 s and is done with what it has within 10.
  deregistration_delay = 15
  slow_start           = 30

  health_check {
    path                = "/health/ready"
    port                = "traffic-port"
    matcher             = "200"
    interval            = 5
    timeout             = 2
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_s3_bucket" "logs" {
  bucket        = local.log_bucket
  force_destroy = !var.protected
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

# Load balancers write to buckets with S3's own keys alone.
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "ninety-days"
    status = "Enabled"

    filter {}

    expiration {
      days = 90
    }

    noncurrent_version_expiration {
      noncurrent_days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OverTLSAlone"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::${local.log_bucket}", "arn:aws:s3:::${local.log_bucket}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "LoadBalancersOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::${local.log_bucket}/AWSLogs/${var.account_id}/*"
        Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:elasticloadbalancing:${var.network.region}:${var.account_id}:loadbalancer/*" } }
      },
    ]
  })
}
