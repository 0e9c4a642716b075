#!/usr/bin/env bash
# What the predictions of measured migrations hang on: each fitted or assumed parameter 10 % lower and higher, the mean
# change of predicted total time and downtime over the cases, as sensitivity.csv, largest first.
# Usage: scripts/sensitivity.sh [OUT] [CASES] [SEEDS]   (results/sensitivity, tests/data/validation, 45)
set -euo pipefail
# An option would otherwise name a folder.
[[ ${1:-} != -* ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
cd "$(dirname "$0")/.."
out=${1:-results/sensitivity}
cases=${2:-tests/data/validation}
seeds=${3:-45}
tandem=${TANDEM:-build/release/tandem}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# name, pointer, value, unit; what is fitted or assumed, not what a case measures
parameters='
socket_buffer_least|/timeline/0/hypervisor/buffer_least|1.1|MB
socket_buffer_most|/timeline/0/hypervisor/buffer_most|1.8|MB
buffer_wake|/timeline/0/hypervisor/buffer_wake|0.6667|
translation_entries|/timeline/0/hypervisor/translation_entries|512|
device_state|/timeline/0/hypervisor/device_state|100|kB
page_work|/timeline/0/hypervisor/page_work|2|us
zero_page_work|/timeline/0/hypervisor/zero_page_work|0.55|us
sync_work|/timeline/0/hypervisor/sync_work|0.5|ms
kernel_pages|/guests/0/kernel/pages|70|
kernel_interval|/guests/0/kernel/interval|2|s
kernel_top|/guests/0/layout/kernel_top|2432|KiB
scattered|/guests/0/layout/scattered|0.3|
firmware_used|/guests/0/layout/firmware_used|400|KiB
catches_up|/guests/0/catches_up|50|ms
'

# The mean prediction of total time and downtime, each case relative to the unchanged one.
predict() { # name [settings…]
  local name=$1
  shift
  "$tandem" validate "$cases" --seeds "$seeds" --out "$work/$name" "$@" >/dev/null
}
relative() { # name
  awk -F, 'NR == FNR { total[$1] = $7; down[$1] = $17; next }
           FNR > 1 && $4 == 1 { t += $7 / total[$1] - 1; n++; if ($16 != "") { d += $17 / down[$1] - 1; m++ } }
           END { printf "%.4f,%.4f", 100 * t / n, 100 * d / m }' "$work/base/validation.csv" "$work/$1/validation.csv"
}

predict base
: >"$work/rows"
for line in $parameters; do
  IFS='|' read -r name pointer value unit <<<"$line"
  for factor in 0.9 1.1; do
    changed=$(awk -v v="$value" -v f="$factor" -v whole="$([[ $value == *.* || -n $unit ]] || echo 1)" \
      'BEGIN { printf whole ? "%.0f" : "%.6g", v * f }')
    predict "$name-$factor" --set "$pointer=$changed$unit"
  done
  low=$(relative "$name-0.9")
  high=$(relative "$name-1.1")
  echo "$name,${low%,*},${high%,*},${low#*,},${high#*,}" >>"$work/rows"
done
{
  echo parameter,total_low_percent,total_high_percent,downtime_low_percent,downtime_high_percent
  awk -F, 'function a(x) { return x < 0 ? -x : x }
           { print a($4) + a($5) + a($2) + a($3) "," $0 }' "$work/rows" | sort -t, -k1,1 -g | cut -d, -f2-
} >"$out/sensitivity.csv"
echo "sensitivity in $out/sensitivity.csv"
