mock_provider "aws" {
  source = "../../mocks"
}

variables {
  bucket           = "shop-states"
  writer_role_arns = ["arn:aws:iam::123456789012:role/terraform"]
}

# prevent_destroy holds against the end of a test too: all of it is planned, nothing is made.

run "states_are_versioned_and_encrypted" {
  command = plan

  override_resource {
    target          = aws_kms_key.state
    override_during = plan
    values          = { arn = "arn:aws:kms:us-east-1:123456789012:key/state" }
  }

  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "A state that was written over can be brought back."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == "arn:aws:kms:us-east-1:123456789012:key/state" && aws_kms_key.state.enable_key_rotation
    error_message = "States are encrypted by a key of their own, which rotates."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.state.restrict_public_buckets && aws_s3_bucket_public_access_block.state.block_public_policy
    error_message = "Nothing in it can be made public."
  }
}

run "only_those_who_apply_reach_states" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement : statement.Sid => statement.Effect
    } == { OverTLSAlone = "Deny", NobodyElse = "Deny" }
    error_message = "Everybody is refused without TLS, and whoever is not named."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement : statement.Condition.ArnNotLike["aws:PrincipalArn"] if statement.Sid == "NobodyElse"])[0] == "arn:aws:iam::123456789012:role/terraform"
    error_message = "The named roles are those let in."
  }
}

run "a_bucket_for_nobody_is_refused" {
  command = plan

  variables {
    writer_role_arns = []
  }

  expect_failures = [var.writer_role_arns]
}

run "a_name_that_s3_does_not_take_is_refused" {
  command = plan

  variables {
    bucket = "Shop_States"
  }

  expect_failures = [var.bucket]
}
