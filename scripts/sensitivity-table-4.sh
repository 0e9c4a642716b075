#!/usr/bin/env bash
# What table 4 and the joint method's price hang on: each fitted or chosen parameter of the VM-vTPM test bed 10 % lower
# and higher, and what that changes in the joint total, in its excess over one after the other, and in the downtime.
# Usage: scripts/sensitivity-table-4.sh [OUT] [SEED]   (results/papers/vm-vtpm-sensitivity, 1)
set -euo pipefail
# An option would otherwise name a folder.
[[ ${1:-} != -* ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
cd "$(dirname "$0")/.."
out=${1:-results/papers/vm-vtpm-sensitivity}
seed=${2:-1}
tandem=${TANDEM:-build/release/tandem}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# name|value|unit|pointers, separated by blanks
parameters='dirty rate|510|/s|/guests/0/workload/rate
working set|256|MiB|/guests/0/workload/working_set
TCP efficiency|0.9415||/links/0/efficiency /links/1/efficiency
cost: pre-migration|0.6|s|/timeline/0/hypervisor/costs/pre_migration
cost: reservation|3.6|s|/timeline/0/hypervisor/costs/reservation
cost: activation|4.06|s|/timeline/0/hypervisor/costs/activation
cost: suspend|30|ms|/timeline/0/hypervisor/costs/suspend
cost: commitment|50|ms|/timeline/0/hypervisor/costs/commitment
cost: resume|60|ms|/timeline/0/hypervisor/costs/resume
work per CUMP page|26|us|/timeline/0/hypervisor/cump_page_work
device state|64|KiB|/timeline/0/hypervisor/device_state
script interval|5|s|/vtpms/0/script/interval
vTPM service time|10|ms|/vtpms/0/service_time'

# total and downtime of one method, "total,downtime"
measure() { # method [settings…]
  local method=$1
  shift
  "$tandem" run scenarios/papers/vm-vtpm/testbed.json --seed "$seed" --json --set "/timeline/0/method=$method" "$@" |
    awk -F'[:,]' '/"migration.mig-vm1.total_s"/ { t = $2 } /"migration.mig-vm1.downtime_s"/ { d = $2 }
                  END { printf "%.9f,%.9f", t, d }'
}
both() { # settings…: joint total, excess over sequential in percent, joint downtime
  local joint sequential
  joint=$(measure joint "$@")
  sequential=$(measure vm-then-vtpm "$@")
  printf '%s,%s\n' "$joint" "$sequential" |
    awk -F, '{ printf "%.9f,%.9f,%.9f\n", $1, 100 * ($1 / $3 - 1), $2 }'
}

base=$(both)
: >"$work/rows"
while IFS='|' read -r name value unit pointers; do
  for factor in 0.9 1.1; do
    # an efficiency ends at 1
    changed=$(awk -v v="$value" -v f="$factor" -v unit="$unit" 'BEGIN { x = v * f; if (unit == "" && x > 1) x = 1; printf("%.6g", x) }')
    settings=()
    for pointer in $pointers; do settings+=(--set "$pointer=$changed$unit"); done
    both "${settings[@]}" >"$work/$factor"
  done
  paste -d, <(echo "$base") "$work/0.9" "$work/1.1" | awk -F, -v name="$name" '{
    printf "%s,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f\n", name, 100 * ($4 / $1 - 1), 100 * ($7 / $1 - 1), $5 - $2, $8 - $2,
      100 * ($6 / $3 - 1), 100 * ($9 / $3 - 1) }' >>"$work/rows"
done <<<"$parameters"
{
  echo parameter,total_low_percent,total_high_percent,excess_low_points,excess_high_points,downtime_low_percent,downtime_high_percent
  awk -F, 'function a(x) { return x < 0 ? -x : x } { print a($2) + a($3) "," $0 }' "$work/rows" |
    sort -t, -k1,1 -g | cut -d, -f2-
} >"$out/sensitivity.csv"
echo "sensitivity in $out/sensitivity.csv"
