#!/usr/bin/env bash
# What the scripts say to --help and to options that cannot be, before they install, build, measure or remove anything.
# Usage: test_scripts.sh ROOT
set -euo pipefail
root=$1
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect STATUS TEXT SCRIPT [arguments…]: it ends so, prints one line with that text (help: more), and makes no file
expect() {
  local status=0 wanted=$1 text=$2
  shift 2
  (cd "$work" && timeout 20 "$root/scripts/$1" "${@:2}") >"$work/.said" 2>&1 </dev/null || status=$?
  if [ "$status" -ne "$wanted" ] || ! grep -qF -- "$text" "$work/.said" ||
    { [ "$wanted" -ne 0 ] && [ "$(wc -l <"$work/.said")" -ne 1 ]; } || [ -n "$(ls "$work")" ]; then
    echo "scripts: $*: status $status, expected $wanted and \"$text\": $(head -n 3 "$work/.said"; ls "$work")" >&2
    failed=1
  fi
}

for script in reproduce.sh plot.sh test.sh; do
  expect 0 "usage: scripts/$script" "$script" --help
  expect 2 "usage: scripts/$script" "$script" --no-such-option
done

measure() { expect 2 "$1" measure-qemu.sh "${@:2}"; }
expect 0 'usage: measure-qemu.sh' measure-qemu.sh --help
measure '--out is missing'
measure '--out needs a value' --out
measure '--out: / is a folder' --out / --link 100
measure '--out: /no/such is no folder that can be written to' --out /no/such/case.json --link 100
measure 'exactly one of --link and --cap' --out x
measure 'exactly one of --link and --cap' --out x --link 100 --cap 100
measure '--link: "abc", expected a whole number from 1' --out x --link abc
measure '--cap: "0", expected a whole number from 1' --out x --cap 0
measure '--mem: "abc", expected a whole number from 64' --out x --link 100 --mem abc
measure '--mem: "1e3", expected a whole number from 64' --out x --link 100 --mem 1e3
measure "--mem: \"x[\$(touch made)]\", expected" --out x --link 100 --mem 'x[$(touch made)]'
measure '--mem: "08", expected a whole number from 64' --out x --link 100 --mem 08
measure '--fill: 512 MiB do not fit into --mem 512' --out x --link 100 --mem 0512 --fill 0512
measure '--wws: 257 pages, but --fill has only 256' --out x --link 100 --fill 1 --wws 257
measure '--method: "foo", expected' --out x --link 100 --method foo
measure '--accel: "foo", expected' --out x --link 100 --accel foo
measure 'unknown option --bogus' --bogus
exit $failed
