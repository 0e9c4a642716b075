#!/usr/bin/env bash
# What measure-card.sh refuses, and that a short case of each design becomes a whole file in which every request has its
# answer. No time is judged. Usage: test_measure_card.sh ROOT
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
    echo "measure_card: $*: status $status, expected $wanted and \"$text\": $(head -n 3 "$tools/said"; ls -A "$work")" >&2
    failed=1
  fi
}
script=$root/scripts/measure-card.sh

run 0 'usage: measure-card.sh' "$script" --help
run 2 '--compile needs a file' "$script" --compile
mkdir "$tools/bin" # bash and little else
for tool in bash dirname cat mktemp rm; do ln -s "$(command -v "$tool")" "$tools/bin/$tool"; done
run 3 'missing: cc (Debian: ' env "PATH=$tools/bin" "$tools/bin/bash" "$script" --list
printf '#!/bin/sh\nexit 1\n' >"$tools/bin/cc" && chmod +x "$tools/bin/cc" && ln -s "$(command -v sh)" "$tools/bin/sh"
run 3 'missing: the headers of OpenSSL 3 (Debian: apt-get install libssl-dev)' \
  env "PATH=$tools/bin" "$tools/bin/bash" "$script" --list

status=0
"$script" --compile "$tools/bench" || status=$?
if [ "$status" -eq 3 ]; then # it has said what it lacks
  exit "$failed"
fi
[ "$status" -eq 0 ] || exit 1

refuse() { run 2 "measure-card: $1" "$tools/bench" --out made "${@:2}"; }
run 2 'measure-card: --out is missing' "$tools/bench"
run 2 'measure-card: unknown option --bogus' "$script" --out made --bogus
refuse 'unknown option words' words
refuse '--clients needs a value' --clients
refuse '--clients: "0", expected 1 to 64' --clients 0
refuse '--clients: "1,,2", expected 1 to 64' --clients 1,,2
refuse '--clients: "65", expected 1 to 64' --clients 65
refuse '--clients: "2x", expected 1 to 64' --clients 2x
refuse '--clients: "", expected 1 to 64' --clients ''
refuse '--outstanding: "0", expected 1 to 64' --outstanding 0
refuse '--bytes: "63", expected 64 to 16384' --bytes 63
refuse '--bytes: "16385", expected 64 to 16384' --bytes 16385
refuse '--bytes: "99999999999999999999", expected 64 to 16384' --bytes 99999999999999999999
refuse '--bytes: 64, but sm2-verify needs at least 128' --bytes 64 --cipher sm2-verify
refuse '--bytes: 128, but rsa-sign needs at least 256' --bytes 128 --cipher rsa-sign
refuse '--design: "vsock", expected slots, threads, stream or host' --design vsock
refuse '--cipher: "des", expected none, sm4' --cipher des
refuse '--processors: "2", expected all, 1 or pinned' --processors 2
refuse '--slots: "0", expected 1 to 64' --slots 0
refuse '--poll: "-1", expected 0 to 1000000' --poll -1
refuse '--seconds: "nan", expected 0.05 to 600' --seconds nan
refuse '--seconds: "0", expected 0.05 to 600' --seconds 0
refuse '--repeats: "0", expected 1 to 99' --repeats 0
refuse '--out: /no/such/folder can not be made' --out /no/such/folder
refuse '--out: /dev/null is no folder' --out /dev/null
if command -v taskset >/dev/null; then
  run 2 'measure-card: --processors: pinned needs two processors' taskset -c "$(taskset -cp $$ | sed 's/.*: *//; s/[,-].*//')" \
    "$tools/bench" --out made --processors pinned
fi

# A library that has none of it: every fetch asks for a provider that is not there.
cat >"$tools/openssl.cnf" <<'END'
openssl_conf = all
[all]
alg_section = which
[which]
default_properties = fips=yes
END
for cipher in sm4 sm3 sm2-verify aes rsa-sign; do
  run 2 "measure-card: --cipher: $cipher needs " env OPENSSL_CONF="$tools/openssl.cnf" "$tools/bench" --out made --cipher "$cipher"
done

# Some sixty cases, in less than five minutes.
"$tools/bench" --list >"$tools/list"
if [ -n "$(ls -A "$work")" ] || [ "$(wc -l <"$tools/list")" -lt 50 ] ||
  [ "$(sed -n 's/.* cases, about \([0-9]*\) s$/\1/p' "$tools/list")" -ge 300 ]; then
  echo "measure_card: --list: $(tail -n 1 "$tools/list")" >&2
  failed=1
fi

# A short case of each design. More under way than there are slots; a service that polls; all on one processor.
measured() { # measured NAMES [options…]: these files, and no others, are there and whole
  local status=0 names=$1
  shift
  timeout "$patience" "$tools/bench" --out "$work/cases" --seconds 0.1 "$@" >"$tools/said" 2>&1 || status=$?
  if [ "$status" -ne 0 ] || [ -s "$tools/said" ] || [ "$(ls -A "$work/cases" 2>/dev/null | tr '\n' ' ')" != "$names " ]; then
    echo "measure_card: $*: status $status, $(cat "$tools/said"), files: $(ls -A "$work/cases" 2>/dev/null)" >&2
    failed=1
  elif command -v python3 >/dev/null; then
    python3 "$root/tests/scripts/check_card_cases.py" "$work/cases"/*.json || failed=1
  fi
  rm -rf "$work/cases"
}
measured 'host-sm4-1024.json slots-sm4-1024-n2-w2.json stream-sm4-1024-n2-w2.json threads-sm4-1024-n2-w2.json' \
  --clients 2 --outstanding 2 --bytes 1024
measured 'slots-sm3-64-n1-w4-s2-poll20-one.json threads-sm3-64-n1-w4-s2-poll20-one.json' \
  --design slots,threads --cipher sm3 --clients 1 --outstanding 4 --slots 2 --poll 20 --bytes 64 --processors 1 --repeats 2
measured 'slots-aes-256-n3-w1.json slots-none-256-n3-w1.json slots-rsa-sign-256-n3-w1.json slots-sm2-sign-256-n3-w1.json slots-sm2-verify-256-n3-w1.json' \
  --design slots --cipher none,sm2-verify,sm2-sign,aes,rsa-sign --clients 3 --bytes 256 --repeats 1

# Interrupted, it leaves neither half a file nor a process.
timeout -s TERM 2 "$tools/bench" --out "$work/cases" --seconds 0.1 --repeats 1 --outstanding 1,2,4 >"$tools/said" 2>&1 || true
sleep 0.2
if [ -n "$(find "$work" -name '.*.part')" ] || pgrep -f "^$tools/bench" >/dev/null 2>&1; then
  echo "measure_card: interrupted, it left $(ls -A "$work/cases") and $(pgrep -f "^$tools/bench" | wc -l) processes" >&2
  failed=1
fi
if command -v python3 >/dev/null && [ -n "$(ls "$work/cases" 2>/dev/null)" ]; then
  python3 "$root/tests/scripts/check_card_cases.py" "$work/cases"/*.json || failed=1
fi
exit "$failed"
