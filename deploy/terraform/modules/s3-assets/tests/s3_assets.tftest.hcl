mock_provider "aws" {
  source = "../../mocks"
}

mock_provider "aws" {
  alias  = "replica"
  source = "../../mocks"
}

variables {
  name       = "shop-test"
  account_id = "123456789012"
  replica    = true
}

run "media_are_versioned_and_not_public" {
  assert {
    condition     = aws_s3_bucket_versioning.media.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_versioning.replica[0].versioning_configuration[0].status == "Enabled"
    error_message = "Both buckets keep versions."
  }

  assert {
    condition = alltrue([
      for block in [aws_s3_bucket_public_access_block.media, aws_s3_bucket_public_access_block.replica[0]] :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ])
    error_message = "Nothing in them can be made public."
  }
}

run "the_copy_speaks_tls_alone" {
  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.replica[0].policy).Statement : statement.Effect if try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"
    ] == ["Deny"]
    error_message = "What does not come over TLS is refused."
  }
}

run "media_are_copied_to_the_second_region" {
  assert {
    condition     = aws_s3_bucket_replication_configuration.media[0].rule[0].status == "Enabled" && aws_s3_bucket_replication_configuration.media[0].rule[0].destination[0].bucket == aws_s3_bucket.replica[0].arn
    error_message = "Everything is copied."
  }

  assert {
    condition     = aws_s3_bucket_replication_configuration.media[0].rule[0].delete_marker_replication[0].status == "Enabled"
    error_message = "What is deleted here is deleted there."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.replication[0].policy).Statement : startswith(statement.Resource, "arn:aws:s3:::shop-test-media")
    ])
    error_message = "The copying role reaches these two buckets alone."
  }
}

run "old_versions_go" {
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.media.rule).noncurrent_version_expiration[0].noncurrent_days == 90 && one(aws_s3_bucket_lifecycle_configuration.media.rule).abort_incomplete_multipart_upload[0].days_after_initiation == 7
    error_message = "Old versions and unfinished uploads do not pile up."
  }
}

run "cloudfront_signs_its_requests" {
  assert {
    condition     = aws_cloudfront_origin_access_control.this.signing_behavior == "always" && aws_cloudfront_origin_access_control.this.origin_access_control_origin_type == "s3"
    error_message = "The bucket is read by signed requests alone."
  }
}

run "one_region_has_no_copy" {
  state_key = "single"

  variables {
    replica = false
  }

  assert {
    condition     = length(aws_s3_bucket.replica) + length(aws_s3_bucket_replication_configuration.media) + length(aws_iam_role.replication) == 0
    error_message = "Without a second region nothing is copied."
  }
}

run "media_that_cannot_be_brought_back_are_refused" {
  command = plan

  variables {
    noncurrent_days = 1
  }

  expect_failures = [var.noncurrent_days]
}
