#!/usr/bin/env bash
# Installs what is missing, builds release, runs every benchmark and prints their tables; docs/benchmarks.md says how to
# read them. Not part of the tests: numbers depend on the machine and on what else it does.
# Usage: scripts/bench.sh [REPEATS]     REPEATS: runs of which the median counts, where runs are compared (7)
set -euo pipefail
cd "$(dirname "$0")/.."
repeats=${1:-7}
[[ $repeats =~ ^[1-9][0-9]?$ ]] || { echo "bench: \"$repeats\", expected a number of repeats from 1 to 99" >&2; exit 2; }

scripts/setup.sh --developer
cmake --preset release -DBUILD_TESTING=ON >/dev/null
cmake --build --preset release >/dev/null

echo "bench: $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg), $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2)"
status=0
for source in tests/bench/bench_*.c; do
  name=$(basename "$source" .c)
  echo
  echo "## $name"
  case $name in # two count runs first
  bench_sweep) arguments=(build/release/tandem 1000) ;;
  bench_qemu) arguments=(1000 "$repeats") ;;
  *) arguments=("$repeats") ;;
  esac
  "build/release/tests/$name" "${arguments[@]}" || status=1
done
exit "$status"
