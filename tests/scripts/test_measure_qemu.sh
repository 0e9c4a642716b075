#!/usr/bin/env bash
# What measure-qemu.sh refuses of --client and --vtpm, what its driver makes of stamps and calls, what its clients see of a
# server that is known to drop some requests, and, where QEMU 10, a kernel, swtpm and namespaces are at hand, that a short
# migration with both becomes a whole case. $TANDEM_TEST_QEMU and $TANDEM_TEST_KERNEL name a QEMU and a kernel that are not
# installed. No time is judged. Usage: test_measure_qemu.sh ROOT
set -euo pipefail
root=$1
failed=0
work=$(mktemp -d)
mkdir "$work/out"
trap 'rm -rf "$work"' EXIT
patience=$((600 * ${TANDEM_TEST_PATIENCE:-1}))
export PYTHONDONTWRITEBYTECODE=1

complain() {
  echo "measure_qemu: $*" >&2
  failed=1
}

skip() { # skip REASON: of what is left
  echo "measure_qemu: left out: $*" >&2
  exit "$failed"
}

refuse() { # refuse TEXT [options…]: one line, status 2, and no file
  local status=0 said
  said=$(cd "$work/out" && timeout "$patience" "$root/scripts/measure-qemu.sh" "${@:2}" 2>&1 </dev/null) || status=$?
  if [ "$status" -ne 2 ] || [[ $said != "measure-qemu: $1"* ]] || [ "$(wc -l <<<"$said")" -ne 1 ] || [ -n "$(ls -A "$work/out")" ]; then
    complain "${*:2}: status $status, expected 2 and \"$1\": $said $(ls -A "$work/out")"
  fi
}

client=(--out x --link 100 --client)
refuse '--client: needs --link' --out x --cap 100 --client
refuse '--load: only with --client' --out x --link 100 --load 0.5
refuse '--capacity: only with --client' --out x --link 100 --vtpm --capacity 100
refuse '--interval: only with --vtpm' "${client[@]}" --interval 100
refuse '--before and --after: only with --client or --vtpm' --out x --link 100 --before 3
refuse '--load: "0", expected a share such as 0.6' "${client[@]}" --load 0
refuse '--load: "0.0", expected a share' "${client[@]}" --load 0.0
refuse '--load: "1e9", expected a share' "${client[@]}" --load 1e9
refuse '--load and --udp: one of them' "${client[@]}" --load 0.5 --udp 100
refuse '--udp: "0", expected a whole number from 1' "${client[@]}" --udp 0
refuse '--work: "2ms", expected a whole number from 1' "${client[@]}" --work 2ms
refuse '--tcp: "-1", expected a whole number from 0' "${client[@]}" --tcp -1
refuse '--tcp-window: "x", expected a whole number from 0' "${client[@]}" --tcp-window x
refuse '--arrivals: "bursts", expected poisson or even' "${client[@]}" --arrivals bursts
refuse '--before: "0", expected a whole number from 1' "${client[@]}" --before 0
refuse '--after: " ", expected a whole number from 1' --out x --link 100 --vtpm --after ' '
refuse '--client-processors: "all", expected numbers' "${client[@]}" --client-processors all
refuse '--processors: there is no processor 9999' "${client[@]}" --processors 0,9999
refuse '--destination-processors: only with --processors' "${client[@]}" --destination-processors 0
refuse '--call: "seal", expected extend or quote' --out x --link 100 --vtpm --call seal
refuse '--interval: "1.5", expected a whole number from 0' --out x --link 100 --vtpm --interval 1.5

plain=(--out x --link 100)
refuse '--channels: "0", expected a whole number from 1' "${plain[@]}" --channels 0
refuse '--channels: 256, expected at most 255' "${plain[@]}" --channels 256
refuse '--compress: "lz4", expected none, zlib, zstd or xbzrle' "${plain[@]}" --compress lz4
refuse '--compress zlib: only with --channels' "${plain[@]}" --compress zlib
refuse '--compress xbzrle: not with --channels' "${plain[@]}" --channels 2 --compress xbzrle
refuse '--xbzrle-cache: only with --compress xbzrle' "${plain[@]}" --xbzrle-cache 64
refuse '--xbzrle-cache: 48 MiB, expected a power of two' "${plain[@]}" --compress xbzrle --xbzrle-cache 48
refuse '--at-time-limit and --time-limit: only together' "${plain[@]}" --time-limit 5
refuse '--at-time-limit and --time-limit: only together' "${plain[@]}" --at-time-limit suspend
refuse '--at-time-limit: "wait", expected give-up, suspend or post-copy' "${plain[@]}" --at-time-limit wait --time-limit 5
refuse '--at-time-limit: not with --postcopy-after' "${plain[@]}" --at-time-limit give-up --time-limit 5 --postcopy-after 3
refuse '--time-limit: "0", expected a whole number from 1' "${plain[@]}" --at-time-limit give-up --time-limit 0
refuse '--content: "zeros", expected random, half or text' "${plain[@]}" --content zeros
refuse '--settle: "-1", expected a whole number from 0' "${plain[@]}" --settle -1
refuse '--costs: /no/such is no file' "${plain[@]}" --costs /no/such
refuse '--costs: /dev/null is no file that --costs-only has written' "${plain[@]}" --costs /dev/null

# What is missing is named, also the one that only --vtpm needs.
mkdir "$work/bin"
for tool in bash dirname basename cat; do ln -s "$(command -v "$tool")" "$work/bin/$tool"; done
status=0
said=$(cd "$work/out" && PATH=$work/bin bash "$root/scripts/measure-qemu.sh" --out x --link 100 --vtpm 2>&1) || status=$?
[ "$status" -eq 3 ] && [[ $said == 'measure-qemu: missing: qemu-system-x86_64 ip tc iperf3 cpio cc python3 swtpm (Debian: '* ]] ||
  complain "without tools: status $status, $said"

command -v python3 >/dev/null || skip 'no python3'
python3 "$root/tests/scripts/check_qemu_driver.py" "$root/scripts/measure/qemu" "$root/tests/data/measured-guests" || failed=1

# The clients, against a server on this machine that drops every fifth datagram.
command -v cc >/dev/null || skip 'no C compiler'
cc -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$work/clients" "$root"/scripts/measure/qemu/clients*.c -lm || complain 'the clients do not compile'
cc -O2 -static -Wall -Wextra -Werror -o "$work/init" "$root"/scripts/measure/qemu/guest*.c || complain 'the guest does not compile'
[ "$failed" -eq 0 ] || exit 1
[ "$(id -u)" -eq 0 ] && unshare --net true 2>/dev/null || skip 'no network namespaces here (needs root)'
command -v ip >/dev/null || skip 'no ip (iproute2)'
timeout "$patience" unshare --net sh -c 'ip link set lo up && exec python3 "$@"' sh "$root/tests/scripts/check_qemu_clients.py" "$work/clients" || failed=1

# A migration of a guest that does both.
qemu=${TANDEM_TEST_QEMU:-$(command -v qemu-system-x86_64)} || skip 'no qemu-system-x86_64'
kernel=${TANDEM_TEST_KERNEL:-$(find /boot -maxdepth 1 -name 'vmlinuz-*' 2>/dev/null | sort -V | tail -n 1)}
[ -n "$kernel" ] || skip 'no kernel for a guest'
for tool in swtpm iperf3 cpio tc; do command -v "$tool" >/dev/null || skip "no $tool"; done
[ -c /dev/net/tun ] || skip 'no /dev/net/tun'
[[ $("$qemu" --version 2>/dev/null) =~ version\ 1[0-9] ]] || skip "$qemu is older than QEMU 10, under which the guest's server does not survive"

measure=("$root/scripts/measure-qemu.sh" --qemu "$qemu" --kernel "$kernel" --link 200 --mem 128 --fill 16 --wws 1024 --rate 200
  --nonzero 20000 --client --vtpm --interval 20 --before 3 --after 2 --capacity 200 --load 0.5 --out "$work/out/both.json")
left() { # what must not be there any more
  ip netns list | grep -E "tandem-(src|dst|lan)-$1\b" || true
  pgrep -f "$work/out/both.json" || true
}
status=0
timeout "$patience" "${measure[@]}" >"$work/said" 2>&1 </dev/null & pid=$!
wait "$pid" || status=$?
if [ "$status" -ne 0 ] || [ "$(ls -A "$work/out" | tr '\n' ' ')" != 'both.calls.csv both.exchanges.csv both.json ' ]; then
  complain "a migration with --client --vtpm: status $status, $(tail -n 1 "$work/said"), files: $(ls -A "$work/out")"
else
  python3 "$root/tests/scripts/check_qemu_case.py" "$work/out/both.json" || failed=1
fi
rm -f "$work"/out/*

# Ended in the middle of the guest's work, it leaves no file, no namespace, no process.
"${measure[@]}" >"$work/said" 2>&1 </dev/null & pid=$!
for _ in $(seq $((patience * 5))); do
  [ -z "$(ip netns pids "tandem-lan-$pid" 2>/dev/null)" ] || break # its clients ask
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.2
done
status=0
kill -TERM "$pid" && wait "$pid" || status=$?
[ "$status" -eq 143 ] && [ -z "$(ls -A "$work/out")" ] && [ -z "$(left "$pid")" ] ||
  complain "ended early: status $status, expected 143; left $(ls -A "$work/out") $(left "$pid")"
exit "$failed"
