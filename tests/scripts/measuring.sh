# Sourced by test_measure_card.sh and test_measure_sockets.sh, which say whose test they are (name) and which program
# looks at the cases (checker): what both measuring scripts refuse alike, and that what they write is whole. The program is $tools/bench.
failed=0
tools=$(mktemp -d)
work=$tools/work
mkdir "$work"
trap 'rm -rf "$tools"' EXIT
patience=$((120 * ${TANDEM_TEST_PATIENCE:-1}))
script=$root/scripts/$name.sh
on=() # what the program is run by

complain() {
  echo "${name/-/_}: $*" >&2
  failed=1
}

# run STATUS TEXT PROGRAM [arguments…]: it ends so, prints one line with that text (status 0: anything), and makes no file
run() {
  local status=0 wanted=$1 text=$2
  shift 2
  (cd "$work" && timeout "$patience" "$@") >"$tools/said" 2>&1 </dev/null || status=$?
  if [ "$status" -ne "$wanted" ] || ! grep -qF -- "$text" "$tools/said" ||
    { [ "$wanted" -ne 0 ] && [ "$(wc -l <"$tools/said")" -ne 1 ]; } || [ -n "$(ls -A "$work")" ]; then
    complain "$*: status $status, expected $wanted and \"$text\": $(head -n 3 "$tools/said"; ls -A "$work")"
  fi
}

refuse() { run 2 "$name: $1" "$tools/bench" --out made "${@:2}"; }

# The script's own refusals; $tools/bin has bash and little else.
refuse_without_tools() {
  local tool
  run 0 "usage: $name.sh" "$script" --help
  run 2 '--compile needs a file' "$script" --compile
  mkdir "$tools/bin"
  for tool in bash dirname cat mktemp rm; do ln -s "$(command -v "$tool")" "$tools/bin/$tool"; done
  run 3 'missing: cc (Debian: ' env "PATH=$tools/bin" "$tools/bin/bash" "$script" --list
}

compile() { # or the test ends: with what failed so far where a tool is missing, which the script says
  local status=0
  "$script" --compile "$tools/bench" 2>"$tools/said" || status=$?
  cat "$tools/said" >&2
  if [ "$status" -eq 3 ] && grep -qF "$name: missing: " "$tools/said"; then exit "$failed"; fi
  [ "$status" -eq 0 ] || exit 1
}

refuse_alike() {
  run 2 "$name: --out is missing" "$tools/bench"
  run 2 "$name: unknown option --bogus" "$script" --out made --bogus
  refuse 'unknown option words' words
  refuse '--poll: "-1", expected 0 to 1000000' --poll -1
  refuse '--seconds: "nan", expected 0.05 to 600' --seconds nan
  refuse '--seconds: "0", expected 0.05 to 600' --seconds 0
  refuse '--repeats: "0", expected 1 to 99' --repeats 0
  refuse '--out: /no/such/folder can not be made' --out /no/such/folder
  refuse '--out: /dev/null is no folder' --out /dev/null
  if command -v taskset >/dev/null; then
    first=$(taskset -cp $$ | sed 's/.*: *//; s/[,-].*//')
    run 2 "$name: --processors: pinned needs two processors" taskset -c "$first" "$tools/bench" --out made --processors pinned
  fi
}

# Some sixty cases, in less than five minutes.
list() {
  "$tools/bench" --list >"$tools/list"
  if [ -n "$(ls -A "$work")" ] || [ "$(wc -l <"$tools/list")" -lt 50 ] ||
    [ "$(sed -n 's/.* cases, about \([0-9]*\) s$/\1/p' "$tools/list")" -ge 300 ]; then
    complain "--list: $(tail -n 1 "$tools/list")"
  fi
}

check() {
  ! command -v python3 >/dev/null || python3 "$root/tests/scripts/$checker" "$work/cases"/*.json || failed=1
}

measured() { # measured NAMES [options…]: these files, and no others, are there and whole
  local status=0 names=$1
  shift
  timeout "$patience" "${on[@]}" "$tools/bench" --out "$work/cases" --seconds 0.1 "$@" >"$tools/said" 2>&1 || status=$?
  if [ "$status" -ne 0 ] || [ -s "$tools/said" ] || [ "$(ls -A "$work/cases" 2>/dev/null | tr '\n' ' ')" != "$names " ]; then
    complain "$*: status $status, $(cat "$tools/said"), files: $(ls -A "$work/cases" 2>/dev/null)"
  else
    check
  fi
  rm -rf "$work/cases"
}

interrupted() { # interrupted SECONDS [options…]: it leaves neither half a file nor a process
  timeout -s TERM "$1" "$tools/bench" --out "$work/cases" --repeats 1 "${@:2}" >"$tools/said" 2>&1 || true
  sleep 0.2
  if [ -n "$(find "$work" -name '.*.part')" ] || pgrep -f "^$tools/bench" >/dev/null 2>&1; then
    complain "interrupted, it left $(ls -A "$work/cases") and $(pgrep -f "^$tools/bench" | wc -l) processes"
  fi
  [ -z "$(ls "$work/cases" 2>/dev/null)" ] || check
}
