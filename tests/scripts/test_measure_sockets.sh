#!/usr/bin/env bash
# What measure-sockets.sh refuses, and that a short case of each design becomes a whole file in which every byte that was
# sent came to the other side. No time is judged. Usage: test_measure_sockets.sh ROOT
set -euo pipefail
root=$1
failed=0
tools=$(mktemp -d)
work=$tools/work
mkdir "$work"
trap 'rm -rf "$tools"' EXIT
patience=$((120 * ${TANDEM_TEST_PATIENCE:-1}))

# run STATUS TEXT PROGRAM [arguments…]: it ends so, prints one line with that text (status 0: anything), and makes no file
run() {
  local status=0 wanted=$1 text=$2
  shift 2
  (cd "$work" && timeout "$patience" "$@") >"$tools/said" 2>&1 </dev/null || status=$?
  if [ "$status" -ne "$wanted" ] || ! grep -qF -- "$text" "$tools/said" ||
    { [ "$wanted" -ne 0 ] && [ "$(wc -l <"$tools/said")" -ne 1 ]; } || [ -n "$(ls -A "$work")" ]; then
    echo "measure_sockets: $*: status $status, expected $wanted and \"$text\": $(head -n 3 "$tools/said"; ls -A "$work")" >&2
    failed=1
  fi
}
script=$root/scripts/measure-sockets.sh

run 0 'usage: measure-sockets.sh' "$script" --help
run 2 '--compile needs a file' "$script" --compile
mkdir "$tools/bin" # bash and little else
for tool in bash dirname cat mktemp rm; do ln -s "$(command -v "$tool")" "$tools/bin/$tool"; done
run 3 'missing: cc (Debian: ' env "PATH=$tools/bin" "$tools/bin/bash" "$script" --list

status=0
"$script" --compile "$tools/bench" || status=$?
if [ "$status" -eq 3 ]; then # it has said what it lacks
  exit "$failed"
fi
[ "$status" -eq 0 ] || exit 1

refuse() { run 2 "measure-sockets: $1" "$tools/bench" --out made "${@:2}"; }
run 2 'measure-sockets: --out is missing' "$tools/bench"
run 2 'measure-sockets: unknown option --bogus' "$script" --out made --bogus
refuse 'unknown option words' words
refuse '--bytes needs a value' --bytes
refuse '--bytes: "0", expected 1 to 1048576' --bytes 0
refuse '--bytes: "1,,2", expected 1 to 1048576' --bytes 1,,2
refuse '--bytes: "1048577", expected 1 to 1048576' --bytes 1048577
refuse '--bytes: "2x", expected 1 to 1048576' --bytes 2x
refuse '--bytes: "", expected 1 to 1048576' --bytes ''
refuse '--bytes: "99999999999999999999", expected 1 to 1048576' --bytes 99999999999999999999
refuse '--receive: "0", expected 1 to 1048576' --receive 0
refuse '--buffer: "63", expected 64 to 16777216' --buffer 63
refuse '--buffer: "16777217", expected 64 to 16777216' --buffer 16777217
refuse '--design: "vsock", expected ring, tcp or unix' --design vsock
refuse '--workload: "echo", expected round-trip or stream' --workload echo
refuse '--processors: "2", expected pinned, 1 or all' --processors 2
refuse '--poll: "-1", expected 0 to 1000000' --poll -1
refuse '--seconds: "nan", expected 0.05 to 600' --seconds nan
refuse '--seconds: "0", expected 0.05 to 600' --seconds 0
refuse '--repeats: "0", expected 1 to 99' --repeats 0
refuse '--out: /no/such/folder can not be made' --out /no/such/folder
refuse '--out: /dev/null is no folder' --out /dev/null
if command -v taskset >/dev/null; then
  first=$(taskset -cp $$ | sed 's/.*: *//; s/[,-].*//')
  run 2 'measure-sockets: --processors: pinned needs two processors' taskset -c "$first" "$tools/bench" --out made --processors pinned
  run 0 'ring-round-trip-64-all' taskset -c "$first" "$tools/bench" --list
fi

# Some sixty cases, in less than five minutes.
"$tools/bench" --list >"$tools/list"
if [ -n "$(ls -A "$work")" ] || [ "$(wc -l <"$tools/list")" -lt 50 ] ||
  [ "$(sed -n 's/.* cases, about \([0-9]*\) s$/\1/p' "$tools/list")" -ge 300 ]; then
  echo "measure_sockets: --list: $(tail -n 1 "$tools/list")" >&2
  failed=1
fi

# A short case of each design, both ways of talking. The least and the largest message; messages, receives and a buffer
# that are no multiples of each other; messages that a buffer does not hold; a side that polls; one processor.
on=() # what the program is run by
measured() { # measured NAMES [options…]: these files, and no others, are there and whole
  local status=0 names=$1
  shift
  timeout "$patience" "${on[@]}" "$tools/bench" --out "$work/cases" --seconds 0.1 "$@" >"$tools/said" 2>&1 || status=$?
  if [ "$status" -ne 0 ] || [ -s "$tools/said" ] || [ "$(ls -A "$work/cases" 2>/dev/null | tr '\n' ' ')" != "$names " ]; then
    echo "measure_sockets: $*: status $status, $(cat "$tools/said"), files: $(ls -A "$work/cases" 2>/dev/null)" >&2
    failed=1
  elif command -v python3 >/dev/null; then
    python3 "$root/tests/scripts/check_socket_cases.py" "$work/cases"/*.json || failed=1
  fi
  rm -rf "$work/cases"
}
measured 'ring-round-trip-1024-all.json ring-stream-1024-all.json tcp-round-trip-1024-all.json tcp-stream-1024-all.json unix-round-trip-1024-all.json unix-stream-1024-all.json' \
  --bytes 1024 --processors all
measured 'ring-stream-1-r7-one.json ring-stream-1048576-r7-one.json tcp-stream-1-r7-one.json tcp-stream-1048576-r7-one.json unix-stream-1-r7-one.json unix-stream-1048576-r7-one.json' \
  --workload stream --bytes 1,1048576 --receive 7 --processors 1 --repeats 1
measured 'ring-stream-64-b1048577-all.json' --design ring --workload stream --bytes 64 --buffer 1048577 --processors all --repeats 1
measured 'ring-round-trip-1-b1000-poll20-all.json ring-round-trip-3001-b1000-poll20-all.json ring-stream-1-r777-b1000-poll20-all.json ring-stream-3001-r777-b1000-poll20-all.json' \
  --design ring --bytes 1,3001 --receive 777 --buffer 1000 --poll 20 --processors all --repeats 2
if [ "$(getconf _NPROCESSORS_ONLN)" -gt 1 ] && [ "$(nproc)" -gt 1 ]; then
  measured 'ring-round-trip-1048576.json tcp-round-trip-1048576.json unix-round-trip-1048576.json' \
    --workload round-trip --bytes 1048576 --repeats 1
fi
if command -v taskset >/dev/null; then # a machine with one processor
  on=(taskset -c "$first")
  measured 'ring-stream-64-all.json tcp-stream-64-all.json unix-stream-64-all.json' --workload stream --bytes 64 --repeats 1
fi

# Interrupted, it leaves neither half a file nor a process.
timeout -s TERM 6 "$tools/bench" --out "$work/cases" --seconds 0.05 --repeats 1 >"$tools/said" 2>&1 || true
sleep 0.2
if [ -n "$(find "$work" -name '.*.part')" ] || pgrep -f "^$tools/bench" >/dev/null 2>&1; then
  echo "measure_sockets: interrupted, it left $(ls -A "$work/cases") and $(pgrep -f "^$tools/bench" | wc -l) processes" >&2
  failed=1
fi
if command -v python3 >/dev/null && [ -n "$(ls "$work/cases" 2>/dev/null)" ]; then
  python3 "$root/tests/scripts/check_socket_cases.py" "$work/cases"/*.json || failed=1
fi
exit "$failed"
