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
  (cd "$work" && timeout $((600 * ${TANDEM_TEST_PATIENCE:-1})) "$root/scripts/$1" "${@:2}") >"$work/.said" 2>&1 </dev/null || status=$?
  if [ "$status" -ne "$wanted" ] || ! grep -qF -- "$text" "$work/.said" ||
    { [ "$wanted" -ne 0 ] && [ "$(wc -l <"$work/.said")" -ne 1 ]; } || [ -n "$(ls "$work")" ]; then
    echo "scripts: $*: status $status, expected $wanted and \"$text\": $(head -n 3 "$work/.said"; ls "$work")" >&2
    failed=1
  fi
}

for script in reproduce.sh plot.sh test.sh setup.sh check-package.sh check-reproducible.sh measure-series.sh mutate.sh; do
  expect 0 "usage: scripts/$script" "$script" --help
  expect 2 "usage: scripts/$script" "$script" --no-such-option
done
expect 2 'usage: scripts/measure-series.sh' measure-series.sh plan
expect 2 'mutate.sh: no mutation no-such-change in tests/mutations' mutate.sh no-such-change
expect 2 'measure-series: /no/such is no file' measure-series.sh /no/such folder
expect 2 'measure-series: --repeats: "0", expected a whole number' measure-series.sh plan folder --repeats 0
expect 2 'measure-series: --aside: "1", expected one from 2' measure-series.sh plan folder --repeats 3 --aside 1
expect 2 'measure-series: --aside: "", expected a whole number' measure-series.sh plan folder --aside

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
measure '--qemu: "/no/such" is no program' --out x --link 100 --qemu /no/such
measure '--kernel: /no/such is no file' --out x --link 100 --kernel /no/such
measure '--firmware: /no/such is no folder' --out x --link 100 --firmware "$work" --firmware /no/such
measure '--module: "a b", expected' --out x --link 100 --module virtio --module 'a b'
measure '--module needs a value' --out x --link 100 --module
measure '--capability: "Multifd", expected a name' --out x --link 100 --capability multifd --capability Multifd
measure '--capability: auto-converge has an option of its own' --out x --link 100 --capability auto-converge
measure '--parameter: "multifd-channels", expected NAME=VALUE' --out x --link 100 --parameter multifd-channels
measure '--parameter: downtime-limit has an option of its own' --out x --link 100 --parameter downtime-limit=1
measure '--postcopy-after: "0", expected a whole number from 1' --out x --link 100 --auto-converge --postcopy-after 0

# Where nothing is installed but bash and what the script itself needs to look around, it names what is missing.
tools=$work.tools
mkdir "$tools"
for tool in bash dirname basename cat; do ln -s "$(command -v "$tool")" "$tools/$tool"; done
lack() { # lack TEXT [options…]
  local status=0 said
  said=$(cd "$work" && PATH=$tools bash "$root/scripts/measure-qemu.sh" --out x --link 100 "${@:2}" 2>&1) || status=$?
  if [ "$status" -ne 3 ] || [[ $said != "measure-qemu: $1"* ]] || [ "$(wc -l <<<"$said")" -ne 1 ] || [ -e "$work/x" ]; then
    echo "scripts: measure-qemu.sh ${*:2}: status $status, expected 3 and \"$1\": $said" >&2
    failed=1
  fi
}
lack 'missing: qemu-system-x86_64 ip tc iperf3 cpio cc python3 (Debian: '
lack 'missing: ip tc iperf3 cpio cc python3 (Debian: ' --qemu "$tools/bash"
rm -r "$tools"

# Every line of the plans is what measure-qemu.sh takes: with an unknown option behind, that is all it complains of.
for plan in "$root"/scripts/measure/plans/*.txt; do
  while read -ra words; do
    measure 'unknown option --bogus' --id "${words[@]}" --out x --bogus
  done < <(grep -vE '^(#|$)' "$plan")
done

# A series with a script in measure-qemu.sh's place: where cases go, in which order they are measured, and that only what is
# missing is; further repeats are told the non-zero pages of the first.
series() { # series EXPECTED [options…]
  local said
  "$work.series/measure-series.sh" "$work.series/plan" "$work.series/cases" "${@:2}"
  said=$(tr '\n' ';' <"$work.series/log")
  [ "$said" = "$1" ] || { echo "scripts: measure-series.sh ${*:2}: \"$said\", expected \"$1\"" >&2 && failed=1; }
  rm -rf "$work.series/cases" "$work.series/log"
}
mkdir "$work.series"
cp "$root/scripts/measure-series.sh" "$work.series"
printf '%s\n' '#!/bin/sh' 'out=$4; echo "${out#*/cases/} $5 $6 $7 $8" >>"${0%/*}/log"' 'printf "{\n \"nonzero_pages\": 77,\n}\n" >"$out"' \
  >"$work.series/measure-qemu.sh"
chmod +x "$work.series/measure-qemu.sh"
printf '%s\n' '# plan' 'a --link 1' '' 'b --link 2' 'c --link 3' >"$work.series/plan"
series 'study/a.json --link 1 --x ;holdout/b.json --link 2 --x ;study/c.json --link 3 --x ;' --x
mkdir -p "$work.series/cases/study"
echo '{}' >"$work.series/cases/study/b-1.json"
series "study/a-1.json --link 1  ;holdout/c-1.json --link 3  ;study/a-2.json --nonzero 77 --link 1;study/b-2.json --nonzero  --link 2;holdout/c-2.json --nonzero 77 --link 3;" \
  --repeats 2 --aside 3
rm -r "$work.series"

# What the driver makes of options that add up: the case's method and kind, and what QEMU is told at each side.
added() { # added METHOD SOURCE DESTINATION [options…]
  local said wanted="$1 | plain | $2 | $3"
  said=$(cd "$work" && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$root/scripts/measure/qemu python3 - "${@:4}" 2>&1 <<'END'
import sys
import qmp_migrate as driver
needed = ("--work w --qemu q --kernel k --initrd i --accel tcg --source-netns s --destination-netns d --address a --out o "
          "--bandwidth 1 --mem 1 --fill 1 --wws 1 --rate 1 --downtime-limit 300 --give-up-after 1").split()
sys.argv = ["driver", *needed, *sys.argv[1:]]
additions = driver.additions_of(driver.parse_arguments())
told = [{**dict.fromkeys(driver.capabilities_of(additions, side)), **driver.parameters_of(additions, side)} for side in driver.SIDES]
print(driver.method_of(additions), driver.kind_of(additions), *(" ".join(map(str, side)) for side in told), sep=" | ")
END
  ) || true
  [ "$said" = "$wanted" ] || { echo "scripts: driver ${*:4}: \"$said\", expected \"$wanted\"" >&2 && failed=1; }
}
if command -v python3 >/dev/null; then
  plain='max-bandwidth downtime-limit'
  added 'precopy' "$plain" ''
  added 'precopy with auto-converge' "auto-converge $plain" '' --auto-converge
  added 'postcopy started after 5 s' "postcopy-ram $plain" 'postcopy-ram' --postcopy-after 5
  added 'postcopy started after 5 s with auto-converge' "auto-converge postcopy-ram multifd $plain multifd-channels" \
    'postcopy-ram multifd multifd-channels' --postcopy-after 5 --auto-converge --capability multifd --parameter multifd-channels=4
fi

# The probe of --accel kvm, taken out of its script, with a QEMU that is a shell script: one that ends, one that hangs, one
# whose guest starts. It gives up after its bound (here 1 s) instead of the five minutes that a measurement's boot has.
probe() { # probe STATUS TEXT QEMU
  local status=0 dir=$work.probe
  mkdir "$dir"
  printf '#!/bin/sh\n%s\n' "$3" >"$dir/qemu-system-x86_64"
  chmod +x "$dir/qemu-system-x86_64"
  (
    eval "$(sed -n '/^die() {/,/^}/p; /^PROBE_/p; /^probe_kvm() {/,/^}/p; /^said() {/,/^}/p' "$root/scripts/measure-qemu.sh")"
    PATH=$dir:$PATH work=$dir kernel=none PROBE_S=1 driver=''
    probe_kvm
  ) >"$dir/said" 2>&1 || status=$?
  if [ "$status" -ne "$1" ] || { [ -n "$2" ] && ! grep -qF -- "$2" "$dir/said"; } || [ "$(wc -l <"$dir/said")" -gt 1 ]; then
    echo "scripts: probe with $3: status $status, expected $1 and \"$2\": $(cat "$dir/said")" >&2
    failed=1
  fi
  rm -rf "$dir"
}
not_started='--accel kvm: /dev/kvm is there, but a guest of 128 MiB did not start within 1 s'
probe 2 "$not_started (failed to initialize kvm: Permission denied): expected" \
  'echo "failed to initialize kvm: Permission denied" >&2; exit 1'
probe 2 "$not_started: expected" 'exec sleep 60'
probe 0 '' 'for word; do case $word in file:*) echo READY >"${word#file:}" ;; esac; done; exec sleep 60'
exit $failed
