#!/usr/bin/env bash
# Installs what is missing to build, test and draw, from the distribution's packages; says what it installs.
# Works as root or through sudo. Called by test.sh, reproduce.sh and bench.sh; needs no arguments.
set -euo pipefail

packages=(
  gcc cmake ninja-build pkg-config git    # build
  libsimgrid-dev libglib2.0-dev libcjson-dev check
  clang clang-format clang-tidy cppcheck libclang-rt-14-dev # gates and fuzzing
  libssl-dev                              # ciphers, for measure-card.sh only
  slurmctld slurmd slurm-client munge     # a sweep through a cluster, tested on loopback
  chromium                                # reports, tested in a browser
  gnuplot-nox fonts-dejavu-core fonts-noto-cjk # figures, in Latin and Chinese letters
)

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
