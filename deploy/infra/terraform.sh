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
    die "Terraform 1.11 or newer is needed and ${version:-none} was found: install it from https://developer.hashicorp.com/terraform/install and run the command again."
  fi
  # A file of settings that is named and not there would be complained about at every call.
  [[ -z ${TF_CLI_CONFIG_FILE:-} || -e $TF_CLI_CONFIG_FILE ]] || unset TF_CLI_CONFIG_FILE
}

# initialise FOLDER [ARGUMENT…]: providers as the lock file has them, from the folder TF_PLUGIN_DIR where that is set.
initialise() {
  local folder=$1
  shift
  data_of "$folder"
  # A module has no lock of its own: it is tested with the provider that the stack is applied with.
  [[ -e $folder/.terraform.lock.hcl ]] || cp "$TERRAFORM/stack/.terraform.lock.hcl" "$folder/"
  terraform -chdir="$folder" init -no-color -lockfile=readonly ${TF_PLUGIN_DIR:+-plugin-dir="$TF_PLUGIN_DIR"} "$@" >"$TF_DATA_DIR.log" ||
    { cat "$TF_DATA_DIR.log" >&2; die "terraform init failed in $folder."; }
}

# data_of FOLDER [NAME]: keeps what Terraform downloads for a folder out of the sources.
data_of() {
  export TF_DATA_DIR=$LOCAL/terraform/${2:-$(basename "$1")}
  mkdir -p "$TF_DATA_DIR"
}
