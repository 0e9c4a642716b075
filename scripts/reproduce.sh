#!/usr/bin/env bash
# Installs what is missing, builds the release, reproduces every paper, draws the figures and prints the claims table.
# Usage: scripts/reproduce.sh [FOLDER]      FOLDER: where the claims, data and figures go (default results/papers)
set -euo pipefail
# An option would otherwise name a folder.
[[ ${1:-} != -* ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
cd "$(dirname "$0")/.."
folder=${1:-results/papers}

scripts/setup.sh
# Without Check, which only developers have, there is nothing to build tests with.
tests=ON
pkg-config --exists check || tests=OFF
cmake --preset release -DBUILD_TESTING="$tests" >/dev/null
cmake --build --preset release --target tandem
# What git has of the claims and their data is tandem's own, but a checkout has no run.log that says so. A folder outside
# the checkout has none of it.
if [ $# -eq 0 ] && [ ! -e "$folder/run.log" ]; then
  git ls-files -z -- "$folder/claims.*" "$folder/fitted.csv" "$folder"/{clients,crypto-card,datacentre,inter-vm-sockets,operators,vm-vtpm}/'*.csv' |
    xargs -0r rm -f --
fi
status=0
build/release/tandem reproduce --out "$folder" || status=$?
[ "$status" -le 1 ] || exit "$status" # 1: a claim failed, and the figures show which
scripts/plot.sh "$folder"
exit "$status"
