# shellcheck shell=bash
# Sourced by parts of deploy/infra/test: tools from PyPI, each in an environment of its own under .local/tools.
# shellcheck source=../local/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../local/lib.sh"

# What a part ends with that cannot be run on this machine: it is left out of a developer's run and fails where CI=true.
# shellcheck disable=SC2034 # read by those who source this
readonly CANNOT_RUN=3

# python_tool PACKAGE VERSION [ARGUMENT…]: installs it once, with what else pip is told, and puts its programs first on the PATH.
python_tool() {
  local folder=$LOCAL/tools/$1-$2
  if [[ ! -e $folder/made ]]; then
    need_packages python3 python3-venv
    rm -rf "$folder"
    /usr/bin/python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$1==$2" "${@:3}" >&2 || die "pip could not install $1 $2: see its message above."
    touch "$folder/made"
  fi
  PATH=$folder/bin:$PATH
}
