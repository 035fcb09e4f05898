# Sourced by script/server and script/test from the checkout's root: finds Python, makes .venv, installs the locks.
# shellcheck shell=bash

fail() { printf '%s\n' "$@" >&2; exit 1; }

may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }

# install_packages NAME...: Debian packages, quietly; their own output only when it fails
install_packages() {
  local log as_root=() code=0
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  log=$(mktemp)
  { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null || code=$?
  [ "$code" = 0 ] || tail -n 20 "$log" >&2
  rm -f "$log"
  return "$code"
}

python_fits() { "$1" -c 'import sys; sys.exit(not sys.version_info >= (3, 11))' 2>/dev/null; }

python_has_venv() { "$1" -c 'import venv, ensurepip' 2>/dev/null; }

# The system's own Python first, then newer ones; a name that does not run (a shim, say) is passed over.
find_python() {
  local name found=
  for name in python3 python3.13 python3.12 python3.11 python3.14; do
    if python_fits "$name"; then
      if python_has_venv "$name"; then command -v "$name"; return; fi
      [ -n "$found" ] || found=$name
    fi
  done
  [ -n "$found" ] || fail "Doppel needs Python 3.11 or newer; here is $(python3 --version 2>/dev/null || echo none)." \
    "On Debian or Ubuntu: apt install python3 python3-venv"
  local package="$found-venv"
  if may_install; then
    echo "Installing $package …" >&2
    install_packages "$package" && python_has_venv "$found" && { command -v "$found"; return; }
  fi
  fail "Python's venv module is missing." "On Debian or Ubuntu: apt install $package"
}

checksum() { "$1" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$2"; }

# prepare_environment LOCK...: .venv with exactly these locks; nothing to do when they have not changed
prepare_environment() {
  local python lock wanted=() sums=() sum
  if ! python_fits .venv/bin/python || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python) || exit 1
    rm -rf .venv
    "$python" -m venv .venv || fail "Could not make the virtual environment .venv."
  fi
  for lock in "$@"; do
    sum=$(checksum .venv/bin/python "$lock")
    if [ "$(cat ".venv/locks/${lock//\//-}" 2>/dev/null)" != "$sum" ]; then wanted+=("$lock"); sums+=("$sum"); fi
  done
  [ ${#wanted[@]} = 0 ] && return
  echo "Installing packages into .venv (once, about a minute) …"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
    "${wanted[@]/#/--requirement=}" || fail "The packages could not be installed; pip says why above."
  mkdir -p .venv/locks
  local index
  for index in "${!wanted[@]}"; do
    lock=${wanted[index]}
    printf '%s\n' "${sums[index]}" >".venv/locks/${lock//\//-}"
  done
}
