#!/bin/bash
# Makes .venv hold exactly what a lock file names. Usage: scripts/setup.sh requirements.txt|requirements-dev.txt
# Safe to repeat and to interrupt; does nothing when nothing has changed. PYTHON=... chooses another interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
unfinished=.venv/unfinished    # there while pip works: a half-installed environment is made anew
installed=.venv/installed      # the hash of the lock that was installed last

say() { echo "$*" >&2; }
fail() { say "$*"; exit 1; }
hash_of() { sha256sum "$1" | cut -d' ' -f1; }
is_suitable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

up_to_date() {
    local have
    have=$(cat "$installed" 2>/dev/null) || return 1
    # The development lock contains everything that the other one names.
    [ "$have" = "$(hash_of "$lock")" ] || [ "$have" = "$(hash_of requirements-dev.txt)" ]
}

is_usable() { [ ! -e "$unfinished" ] && .venv/bin/python -m pip --version >/dev/null 2>&1; }

find_python() {
    local name
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_suitable "$name"; then echo "$name"; return; fi
    done
    fail "Python 3.11 or newer is needed${PYTHON:+, and $PYTHON is not}; found: $(python3 --version 2>&1 || true)."
}

ensure_venv_module() {
    local python=$1 package
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$(basename "$python")-venv
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        fail "$python cannot make environments. Install its venv module (Debian, Ubuntu: sudo apt-get install $package)."
    say "Installing $package ..."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >/dev/null ||
        fail "$package could not be installed."
}

make_venv() {
    local python
    python=$(find_python)
    ensure_venv_module "$python"
    say "Making .venv with $("$python" --version) ..."
    rm -rf .venv
    "$python" -m venv .venv
}

exec 9<"$lock"
if command -v flock >/dev/null; then flock 9; fi  # of two at once the second waits
is_usable || make_venv
if up_to_date; then exit; fi
say "Installing $lock (a minute or two the first time) ..."
touch "$unfinished"
rm -f "$installed"
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$lock" ||
    fail "Not everything in $lock could be installed; see above."
hash_of "$lock" >"$installed"
rm "$unfinished"
