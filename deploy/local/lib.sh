# shellcheck shell=bash
# Sourced by the scripts beside it: where things are, what must be installed, which process is ours.
set -euo pipefail
shopt -s extglob

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
LOCAL=$ROOT/.local
readonly ROOT LOCAL

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# need_swift: Swift 6.3 or newer is on the PATH.
need_swift() {
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' || true)
  if [[ -z $version || $(printf '%s\n' 6.3 "$version" | sort -V | head -1) != 6.3 ]]; then
    die "Shop needs Swift 6.3 or newer and found ${version:-none}: install it with swiftly from https://www.swift.org/install/linux and run the command again."
  fi
}

# need_packages NAME…: installs the Debian packages that are missing, and only those.
need_packages() {
  local name missing=() apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
  for name in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      die "Debian packages are missing and there is no sudo: run, as root, 'apt-get install ${missing[*]}' and then this command again."
    apt=(sudo "${apt[@]}")
  fi
  say "Installing Debian packages: ${missing[*]}"
  { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } >&2 ||
    die "apt could not install ${missing[*]}: see its message above, install them by hand and run this command again."
}

# The packages that building needs, those that running needs, and the flags of every build: an import that
# Package.swift does not declare fails it.
# shellcheck disable=SC2034 # read by those who source this
readonly BUILD_PACKAGES=(libpq-dev libhiredis-dev libssl-dev pkg-config) \
  SERVICE_PACKAGES=(postgresql-15 redis-server) \
  CHECK_IMPORTS=(--explicit-target-dependency-import-check error)

# lock NAME: one command of this name at a time in this checkout; the lock ends with the process that took it.
# Children that outlive a command must be started with 9>&- so that they do not keep it.
lock() {
  mkdir -p "$LOCAL"
  exec 9>"$LOCAL/$1.lock"
  flock -n 9 || die "Another 'make $1' of this checkout is running: stop it first."
}

# secret FILE [PREFIX]: makes a random secret of 64 hexadecimal digits the first time, readable by its owner alone.
secret() {
  [[ -s $1 ]] || (umask 077 && printf '%s%s' "${2:-}" "$(random_digits)" >"$1")
}
random_digits() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# A number that was once written to a file may belong to another program by now, so a process counts as ours only by
# what it works in or was started from.
works_in() { [[ -n $1 && $(readlink "/proc/$1/cwd" 2>/dev/null) == "$2" ]]; }
runs_program() { [[ -n $1 && $(readlink "/proc/$1/exe" 2>/dev/null) == "$2"?(" (deleted)") ]]; }

# first_line FILE: nothing where there is no such file.
first_line() { [[ ! -r $1 ]] || head -1 "$1"; }

# wait_until SECONDS COMMAND…: whether the command succeeds in that time.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# terminate PID SECONDS: SIGTERM, and SIGKILL when it has not ended by then.
terminate() {
  kill -TERM "$1" 2>/dev/null || return 0
  wait_until "$2" gone "$1" || { say "Process $1 did not end in $2 s: killing it."; kill -KILL "$1" 2>/dev/null || true; }
}

# free_port: below the ephemeral range, so that no outgoing connection takes it in between.
free_port() {
  local port
  for _ in {1..50}; do
    port=$((20000 + RANDOM % 12000))
    port_taken "$port" || { echo "$port"; return 0; }
  done
  die "No free port was found between 20000 and 32000."
}
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Programs of this checkout that a script starts, by name: .local/NAME.pid and .local/NAME.log.
# launch NAME PROGRAM ARGUMENT…: apart from the terminal, so that Ctrl-C reaches this script alone.
launch() {
  local name=$1
  shift
  setsid "$@" >"$LOCAL/$name.log" 2>&1 </dev/null 9>&- &
  echo "$!" >"$LOCAL/$name.pid"
}

# halt NAME PROGRAM SECONDS: ends what launch started, also when that was a script that is dead by now.
halt() {
  local pid
  pid=$(first_line "$LOCAL/$1.pid")
  ! runs_program "$pid" "$2" || terminate "$pid" "$3"
  rm -f "$LOCAL/$1.pid"
}

# answers URL: with a status below 400.
answers() { curl -fs -m 2 -o /dev/null "$1"; }

# wait_for_answer NAME URL: until what launch started as NAME answers there; its last lines when it does not.
wait_for_answer() {
  wait_until 30 answers_or_ended "$1" "$2"
  answers "$2" || { tail -n 5 "$LOCAL/$1.log" >&2; die "$1 does not answer on $2: its log is $LOCAL/$1.log"; }
}
answers_or_ended() { answers "$2" || gone "$(first_line "$LOCAL/$1.pid")"; }
