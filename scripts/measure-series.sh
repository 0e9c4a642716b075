#!/usr/bin/env bash
# Measures a series of migrations that was written down beforehand: scripts/measure-qemu.sh for each line of PLAN (a name
# and options), with the OPTIONS of all. Every second line (blank ones and comments do not count), or with --aside N every
# N-th, goes to FOLDER/holdout, which nobody looks at before the model is final, the others to FOLDER/study.
# --repeats N measures each line N times, as NAME-1 to NAME-N; the whole plan once, then once more. Further repeats take the
# guest's non-zero pages from the first.
# A case that is there already is not measured again, so a series that was interrupted goes on where it stood.
# Usage: scripts/measure-series.sh PLAN FOLDER [--repeats N] [--aside N] [OPTIONS of measure-qemu.sh]...
set -euo pipefail
usage() { sed -n 's/^# Usage: /usage: /p' "$0"; }
case ${1:-} in
--help | -h) usage && exit 0 ;;
-* | '') usage >&2 && exit 2 ;;
esac
[ $# -ge 2 ] && [[ $2 != -* ]] || { usage >&2 && exit 2; }
plan=$1 folder=$2 repeats='' aside=2
shift 2
refuse() {
    echo "measure-series: $*" >&2
    exit 2
}
while [[ ${1:-} == --repeats || ${1:-} == --aside ]]; do
    [[ ${2:-} =~ ^[1-9][0-9]?$ ]] || refuse "$1: \"${2:-}\", expected a whole number from 1 to 99"
    [ "$1 $2" != '--aside 1' ] || refuse '--aside: "1", expected one from 2: something must be left to study'
    printf -v "${1#--}" %s "$2"
    shift 2
done
[ -f "$plan" ] && [ -r "$plan" ] || refuse "$plan is no file that can be read"
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/study" "$folder/holdout"

mapfile -t lines < <(grep -vE '^[[:space:]]*(#|$)' "$plan")
failed=0

measure() { # measure NUMBER_OF_LINE SUFFIX [OPTIONS]...
    local words part first known=() status=0
    read -ra words <<<"${lines[$1]}"
    part=$folder/$([ $((($1 + 1) % aside)) -eq 0 ] && echo holdout || echo study)
    first=$part/${words[0]}-1.json
    [ ! -e "$part/${words[0]}$2.json" ] || return 0
    [ "$2" = '' ] || [ ! -e "$first" ] || known=(--nonzero "$(sed -n 's/^ "nonzero_pages": \([0-9]*\),$/\1/p' "$first")")
    "$here/measure-qemu.sh" --id "${words[0]}$2" --out "$part/${words[0]}$2.json" "${known[@]}" "${words[@]:1}" "${@:3}" \
        </dev/null || status=$?
    [ "$status" -le 1 ] || exit "$status" # an option or a tool: it would fail for each line
    [ "$status" -eq 0 ] || { echo "measure-series: ${words[0]}$2 was not measured" >&2 && failed=1; }
}

for repeat in $(seq "${repeats:-1}"); do
    for i in "${!lines[@]}"; do
        measure "$i" "${repeats:+-$repeat}" "$@"
    done
done
exit $failed
