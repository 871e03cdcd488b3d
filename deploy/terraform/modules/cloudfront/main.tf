# What shoppers talk to: one distribution before all regions. It keeps catalogue pages for a minute, sends everything else to
# the region that orders are written in, and alone knows the secret that the load balancers ask for.

locals {
  log_bucket = "${var.name}-cloudfront-logs-${var.account_id}"
  # AWS's own policies, whose ids are the same in every account.
  caching_disabled       = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  caching_optimised      = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  all_viewer_except_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

  load_balancers = merge(
    { nearest = var.origins.nearest, writer = var.origins.writer },
    { for region, name in var.origins.regions : "region-${region}" => name },
  )
  certificate = var.certificate_arn != null ? var.certificate_arn : aws_acm_certificate_validation.this[0].certificate_arn
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
  for_each        = var.certificate_arn != null ? toset([]) : toset(var.domain_names)
  zone_id         = var.zone_id
  name            = one([for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_name if option.domain_name == each.key])
  type            = "CNAME"
  records         = [for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_value if option.domain_name == each.key]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  count                   = var.certificate_arn == null ? 1 : 0
  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = [for record in aws_route53_record.certificate : record.fqdn]
}

# Holds the origin secret, written by deploy/infra/rotate-origin-secret: a header of the distribution would put it into the state.
resource "aws_cloudfront_key_value_store" "this" {
  name    = var.name
  comment = "The origin secret of ${var.name}"
}

resource "aws_cloudfront_function" "viewer_request" {
  name                         = "${var.name}-viewer-request"
  comment                      = "Origin secret, query names, health checks, no traces"
  runtime                      = "cloudfront-js-2.0"
  publish                      = true
  code                         = file("${path.module}/viewer-request.js")
  key_value_store_associations = [aws_cloudfront_key_value_store.this.arn]
}

# Authorization is in no key: CloudFront does not even send it to the origin on these paths, so nothing that was made for one
# shopper can be kept for another.
resource "aws_cloudfront_cache_policy" "catalogue" {
  name        = "${var.name}-catalogue"
  comment     = "Catalogue pages for a minute, by path, query and encoding"
  min_ttl     = 0
  default_ttl = 60
  max_ttl     = 60

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    # Names are held to a list, which needs patterns, by the function before.
    query_strings_config {
      query_string_behavior = "all"
    }
  }
}

resource "aws_cloudfront_origin_request_policy" "catalogue" {
  name    = "${var.name}-catalogue"
  comment = "The origin secret besides what is in the key"

  cookies_config {
    cookie_behavior = "none"
  }

  headers_config {
    header_behavior = "whitelist"

    headers {
      items = ["shop-origin-secret"]
    }
  }

  query_strings_config {
    query_string_behavior = "all"
  }
}

resource "aws_cloudfront_response_headers_policy" "security" {
  name    = "${var.name}-security"
  comment = "What browsers are told"

  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = true
      preload                    = true
      override                   = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }
  }
}

resource "aws_cloudfront_distribution" "this" {
  enabled         = true
  comment         = var.name
  aliases         = var.domain_names
  http_version    = "http2and3"
  is_ipv6_enabled = true
  price_class     = var.price_class
  web_acl_id      = var.web_acl_arn

  dynamic "origin" {
    for_each = local.load_balancers
    content {
      origin_id           = origin.key
      domain_name         = origin.value
      connection_attempts = 2
      connection_timeout  = 3

      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
        # Above the 10 s that a checkout may take, below the load balancer's 60.
        origin_read_timeout      = 30
        origin_keepalive_timeout = 55
      }
    }
  }

  origin {
    origin_id                = "media"
    domain_name              = var.media.domain_name
    origin_access_control_id = var.media.access_control_id
  }

  # Carts, checkout, orders, payments, accounts and the admin routes: where they are written, and never kept.
  default_cache_behavior {
    target_origin_id           = "writer"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching_disabled
    origin_request_policy_id   = local.all_viewer_except_host
    response_headers_policy_id = aws_cloudfront_response_headers_policy.security.id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.viewer_request.arn
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.catalogue_paths
    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = "nearest"
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD", "OPTIONS"]
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      cache_policy_id            = aws_cloudfront_cache_policy.catalogue.id
      origin_request_policy_id   = aws_cloudfront_origin_request_policy.catalogue.id
      response_headers_policy_id = aws_cloudfront_response_headers_policy.security.id

      function_association {
        event_type   = "viewer-request"
        function_arn = aws_cloudfront_function.viewer_request.arn
      }
    }
  }

  # Route 53 can send no header, and the load balancers admit CloudFront alone: health checks of a region go this way.
  dynamic "ordered_cache_behavior" {
    for_each = var.origins.regions
    content {
      path_pattern             = "/health/deep/${ordered_cache_behavior.key}"
      target_origin_id         = "region-${ordered_cache_behavior.key}"
      viewer_protocol_policy   = "https-only"
      allowed_methods          = ["GET", "HEAD"]
      cached_methods           = ["GET", "HEAD"]
      cache_policy_id          = local.caching_disabled
      origin_request_policy_id = local.all_viewer_except_host

      function_association {
        event_type   = "viewer-request"
        function_arn = aws_cloudfront_function.viewer_request.arn
      }
    }
  }

  ordered_cache_behavior {
    path_pattern               = "/media/*"
    target_origin_id           = "media"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching_optimised
    response_headers_policy_id = aws_cloudfront_response_headers_policy.security.id
  }

  # An outage is over when it is over.
  dynamic "custom_error_response" {
    for_each = [500, 502, 503, 504]
    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = 0
    }
  }

  viewer_certificate {
    acm_certificate_arn      = local.certificate
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  logging_config {
    bucket          = aws_s3_bucket.logs.bucket_domain_name
    include_cookies = false
  }

  depends_on = [aws_s3_bucket_ownership_controls.logs]
}

resource "aws_shield_protection" "this" {
  count        = var.shield_advanced ? 1 : 0
  name         = "${var.name}-cloudfront"
  resource_arn = aws_cloudfront_distribution.this.arn
}

resource "aws_s3_bucket_policy" "media" {
  bucket = var.media.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OverTLSAlone"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [var.media.arn, "${var.media.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "ThisDistribution"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${var.media.arn}/*"
        Condition = { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.this.arn } }
      },
    ]
  })
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

# CloudFront gives itself the right to write by an ACL.
resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
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
    Statement = [{
      Sid       = "OverTLSAlone"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::${local.log_bucket}", "arn:aws:s3:::${local.log_bucket}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
