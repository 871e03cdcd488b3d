# shellcheck shell=bash
# Sourced by scripts that call Terraform.
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly TERRAFORM=$ROOT/deploy/terraform
export TF_IN_AUTOMATION=1 TF_INPUT=0 CHECKPOINT_DISABLE=1

need_terraform() {
  local version
  version=$(terraform version 2>/dev/null | sed -n 's/^Terraform v//p' || true)
  if [[ -z $version || $(printf '%s\n' 1.11.0 "$version" | sort -V | head -1) != 1.11.0 ]]; then
    say "Terraform 1.11 or newer is needed and ${version:-none} was found: install it from https://developer.hashicorp.com/terraform/install and run the command again."
    exit "$CANNOT_RUN"
  fi
  # A file of settings that is named and not there would be complained about at every call.
  [[ -z ${TF_CLI_CONFIG_FILE:-} || -e $TF_CLI_CONFIG_FILE ]] || unset TF_CLI_CONFIG_FILE
  find_providers
}

# find_providers: where init takes them from. TF_PLUGIN_DIR, or what Terraform's own settings say, or a mirror on this machine in one of
# the folders that software is put in; else they are downloaded, once for all modules.
find_providers() {
  [[ -z ${TF_PLUGIN_DIR:-} && -z ${TF_CLI_CONFIG_FILE:-} && ! -e ~/.terraformrc ]] || return 0
  local version found
  version=$(sed -n 's/^  version *= "\(.*\)"/\1/p' "$TERRAFORM/stack/.terraform.lock.hcl")
  found=$(find /opt /usr/local /usr/share /srv /var/lib ~ -maxdepth 7 -path "*/registry.terraform.io/hashicorp/aws/$version" \
    -print -quit 2>/dev/null || true)
  if [[ -n $found ]]; then
    export TF_PLUGIN_DIR=${found%/registry.terraform.io/*}
  elif [[ -z ${TF_PLUGIN_CACHE_DIR:-} ]]; then
    export TF_PLUGIN_CACHE_DIR=$LOCAL/terraform/providers
    mkdir -p "$TF_PLUGIN_CACHE_DIR"
  fi
}

# initialise FOLDER [ARGUMENT…]: providers as the lock file has them, from the folder TF_PLUGIN_DIR where that is set.
initialise() {
  local folder=$1
  shift
  data_of "$folder"
  # A module has no lock of its own: it is tested with the provider that the stack is applied with.
  [[ -e $folder/.terraform.lock.hcl ]] || cp "$TERRAFORM/stack/.terraform.lock.hcl" "$folder/"
  terraform -chdir="$folder" init -no-color -lockfile=readonly ${TF_PLUGIN_DIR:+-plugin-dir="$TF_PLUGIN_DIR"} "$@" >"$TF_DATA_DIR.log" ||
    { cat "$TF_DATA_DIR.log" >&2; die "terraform init failed in $folder. Without a network, set TF_PLUGIN_DIR to a folder that has registry.terraform.io/hashicorp/aws."; }
}

# data_of FOLDER [NAME]: keeps what Terraform downloads for a folder out of the sources.
data_of() {
  export TF_DATA_DIR=$LOCAL/terraform/${2:-$(basename "$1")}
  mkdir -p "$TF_DATA_DIR"
}

# Moto, a stand-in for AWS on this machine, answers what Terraform asks. Nothing of it leaves the machine.
# shellcheck disable=SC2034 # read by those who source this
readonly STAND_IN_ACCOUNT=123456789012

# stand_in PROGRAM…: starts it on a free port and tells the provider to speak to it; ends with the script.
stand_in() {
  local port
  port=$(free_port)
  export MOTO_IAM_LOAD_MANAGED_POLICIES=true AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_EC2_METADATA_DISABLED=true \
    AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  unset AWS_PROFILE AWS_SESSION_TOKEN
  mkdir -p "$LOCAL"
  launch stand-in "$@" -H 127.0.0.1 -p "$port"
  trap 'end_stand_in' EXIT
  trap 'exit 130' INT TERM
  wait_for_answer stand-in "$AWS_ENDPOINT_URL/moto-api/data.json"
}
end_stand_in() {
  local pid
  pid=$(first_line "$LOCAL/stand-in.pid")
  [[ -z $pid ]] || terminate "$pid" 10
  rm -f "$LOCAL/stand-in.pid"
}

# rehearsal: a copy of deploy/terraform whose state is a file and whose provider puts up with the stand-in; sets STACK to its stack and
# PIPELINE to its pipeline.
rehearsal() {
  local copy=$LOCAL/terraform/rehearsal
  rm -rf "$copy"
  mkdir -p "$copy"
  cp -r "$ROOT/deploy/terraform" "$ROOT/deploy/ecs" "$copy/"
  # Any file will do where nothing is run.
  cp "$ROOT/deploy/lambda/rotate_database_user/rotation.py" "$copy/package.zip"
  export TF_VAR_rotation_package=$copy/package.zip
  cat >"$copy/terraform/stack/rehearsal_override.tf" <<'HCL'
terraform {
  backend "local" {}
}

provider "aws" {
  s3_use_path_style = true
  max_retries       = 3
}

provider "aws" {
  alias             = "secondary"
  s3_use_path_style = true
  max_retries       = 3
}
HCL
  # In its own account, to which the stand-in takes who takes on a role there.
  cat >"$copy/terraform/pipeline/rehearsal_override.tf" <<'HCL'
terraform {
  backend "local" {}
}

provider "aws" {
  s3_use_path_style = true
  max_retries       = 3

  assume_role {
    role_arn = "arn:aws:iam::${var.account_id}:role/rehearsal"
  }
}

provider "aws" {
  alias             = "copy"
  s3_use_path_style = true
  max_retries       = 3

  assume_role {
    role_arn = "arn:aws:iam::${var.account_id}:role/rehearsal"
  }
}
HCL
  # shellcheck disable=SC2034 # read by those who call this
  STACK=$copy/terraform/stack PIPELINE=$copy/terraform/pipeline
}
