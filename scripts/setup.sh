#!/usr/bin/env bash
# Installs what is missing from the distribution's packages, and says what it installs; as root or through sudo. Without
# an option what a user needs, to build the program, run it and draw. --developer: also what tests, gates, fuzzing and
# measurements need.
# Usage: scripts/setup.sh [--developer]
set -euo pipefail
[[ $# -eq 0 || ($# -eq 1 && $1 == --developer) ]] ||
  { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }

packages=(
  gcc cmake ninja-build pkg-config git    # build
  libsimgrid-dev libglib2.0-dev libcjson-dev
  gnuplot-nox fonts-dejavu-core fonts-noto-cjk # figures, in Latin and Chinese letters
)
developer_packages=(
  check
  clang clang-format clang-tidy cppcheck libclang-rt-14-dev # gates and fuzzing
  libssl-dev                              # ciphers, for measure-card.sh only
  slurmctld slurmd slurm-client munge     # a sweep through a cluster, tested on loopback
  chromium                                # reports, tested in a browser
  man-db zsh                              # manual pages and completion, tested
)
[[ ${1:-} != --developer ]] || packages+=("${developer_packages[@]}")

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "setup: installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup: not root and no sudo; install by hand: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
