#!/usr/bin/env bash
# Measures a series of migrations that was written down beforehand: scripts/measure-qemu.sh once for each line of PLAN (a
# name and options), with the OPTIONS of all. Lines with an odd number (blank ones and comments do not count) go to
# FOLDER/study, those with an even number to FOLDER/holdout, which nobody looks at before the model is final.
# A case that is there already is not measured again, so a series that was interrupted goes on where it stood.
# Usage: scripts/measure-series.sh PLAN FOLDER [OPTIONS of measure-qemu.sh]...
set -euo pipefail
usage() { sed -n 's/^# Usage: /usage: /p' "$0"; }
case ${1:-} in
--help | -h) usage && exit 0 ;;
-* | '') usage >&2 && exit 2 ;;
esac
[ $# -ge 2 ] && [[ $2 != -* ]] || { usage >&2 && exit 2; }
plan=$1 folder=$2
shift 2
[ -f "$plan" ] && [ -r "$plan" ] || { echo "measure-series: $plan is no file that can be read" >&2 && exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/study" "$folder/holdout"

mapfile -t lines < <(grep -vE '^[[:space:]]*(#|$)' "$plan")
failed=0
for i in "${!lines[@]}"; do
    read -ra words <<<"${lines[i]}"
    half=$([ $((i % 2)) -eq 0 ] && echo study || echo holdout)
    out=$folder/$half/${words[0]}.json
    [ ! -e "$out" ] || continue
    status=0
    "$here/measure-qemu.sh" --id "${words[0]}" --out "$out" "${words[@]:1}" "$@" </dev/null || status=$?
    [ "$status" -le 1 ] || exit "$status" # an option or a tool: it would fail for each line
    [ "$status" -eq 0 ] || { echo "measure-series: ${words[0]} was not measured" >&2 && failed=1; }
done
exit $failed
