#!/usr/bin/env bash
# Installs what is missing, builds, and runs the whole test suite: once with warnings as errors, once with
# AddressSanitizer and UndefinedBehaviorSanitizer; then the formatting and static-analysis gates.
# Usage: scripts/test.sh [--quick]     --quick: without the sanitizers
set -euo pipefail
[[ ${1:-} != -* || $1 == --quick ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
cd "$(dirname "$0")/.."
quick=${1:-}

scripts/setup.sh --developer
scripts/lint.sh
run() {
  cmake --preset "$1" >"build-$1.log" 2>&1 || { cat "build-$1.log"; exit 1; }
  rm -f "build-$1.log"
  cmake --build --preset "$1"
  ctest --preset "$1" -j "$(nproc)"
}
run dev
[ "$quick" = --quick ] && exit
echo "sanitized: 40 made scenarios instead of 200, and without what docs/developing.md lists under \"The suite's time\""
run asan
