#!/usr/bin/env bash
# Measure one real QEMU migration and write it as a case that `tandem validate` reads.
#
# Two virtual machines run a program that dirties pages at a known rate (measure/guest.c), and one is migrated to the
# other: over a veth pair between two network namespaces, shaped by htb (--link), or inside one namespace under QEMU's
# own max-bandwidth (--cap). Everything lives in namespaces and a temporary folder of this run; both are removed on any
# exit. No address outside the two namespaces is used or changed.
set -euo pipefail

usage() {
    cat <<'END'
usage: measure-qemu.sh --out FILE (--link MBPS | --cap MBPS) [options]

  --link MBPS            shape the link between two namespaces to MBPS (10^6 bit/s); downtime is real
  --cap MBPS             no shaping, QEMU's max-bandwidth; the last copy is not capped, so downtime says nothing
  --mem MIB              memory of the guest (512)
  --fill MIB             memory that the guest fills with random bytes (half of --mem)
  --wws PAGES            4 KiB pages of it that are written to (8192)
  --rate N               page writes a second, uniform, with replacement (0)
  --downtime-limit MS    QEMU's downtime-limit (300)
  --method M             precopy, autoconverge or postcopy (precopy)
  --postcopy-after S     seconds of pre-copy before the switch (15)
  --give-up-after S      cancel a migration that has not ended by then (600)
  --nonzero PAGES        non-zero pages, when known; otherwise an idle migration of the same guest counts them
  --kernel FILE          Linux image to boot (the newest /boot/vmlinuz-*)
  --realtime             give QEMU and iperf3 real-time priority while they use the link, against other load
  --accel tcg|kvm        processor (tcg: what the cases in validation/ used; kvm needs /dev/kvm, which is tried first)
  --id NAME              the case's name (from the options)
  --out FILE             the JSON to write
  --help

Needs root, and on Debian: qemu-system-x86 iproute2 iperf3 cpio gcc libc6-dev python3 (standard library only), and any
linux-image package for the guest's kernel. An idle machine: load on the processors disturbs the measurement.
END
}

die() {
    echo "measure-qemu: $*" >&2
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
mem=512 fill='' wws=8192 rate=0 link='' cap='' limit=300 method=precopy after=15 give_up=600
nonzero='' kernel='' accel=tcg id='' out='' realtime=''
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) usage && exit 0 ;;
    --realtime) realtime=yes && shift && continue ;;
    --link | --cap | --mem | --fill | --wws | --rate | --downtime-limit | --method | --postcopy-after | \
        --give-up-after | --nonzero | --kernel | --accel | --id | --out)
        [ $# -ge 2 ] || die "$1 needs a value"
        ;;
    *) die "unknown option $1 (see --help)" ;;
    esac
    case $1 in
    --link) link=$2 ;; --cap) cap=$2 ;; --mem) mem=$2 ;; --fill) fill=$2 ;; --wws) wws=$2 ;; --rate) rate=$2 ;;
    --downtime-limit) limit=$2 ;; --method) method=$2 ;; --postcopy-after) after=$2 ;; --give-up-after) give_up=$2 ;;
    --nonzero) nonzero=$2 ;; --kernel) kernel=$2 ;; --accel) accel=$2 ;; --id) id=$2 ;; --out) out=$2 ;;
    esac
    shift 2
done

# Nothing that a user gave is computed with before this: the shell's arithmetic would run what stands in it. Leading zeros
# go, because it would take what follows as octal.
whole() { # whole NAME VARIABLE MINIMUM
    local value=${!2}
    [[ $value =~ ^[0-9]{1,9}$ ]] && [ "$((10#$value))" -ge "$3" ] ||
        die "--$1: \"$value\", expected a whole number from $3"
    printf -v "$2" %d "$((10#$value))"
}

# Before an hour is spent on measuring it.
check_out() {
    [ -n "$out" ] || die "--out is missing (see --help)"
    [ ! -d "$out" ] || die "--out: $out is a folder, expected a file"
    [ -d "$(dirname "$out")" ] && [ -w "$(dirname "$out")" ] || die "--out: $(dirname "$out") is no folder that can be written to"
}

check_options() {
    check_out
    [ -n "$link$cap" ] && { [ -z "$link" ] || [ -z "$cap" ]; } || die "exactly one of --link and --cap is needed"
    whole mem mem 64
    fill=${fill:-$((mem / 2))}
    whole fill fill 1
    whole wws wws 1
    whole rate rate 0
    whole downtime-limit limit 0
    whole postcopy-after after 1
    whole give-up-after give_up 1
    [ -z "$nonzero" ] || whole nonzero nonzero 1
    if [ -n "$link" ]; then whole link link 1; else whole cap cap 1; fi
    [ "$fill" -lt "$mem" ] || die "--fill: $fill MiB do not fit into --mem $mem"
    [ "$wws" -le $((fill * 256)) ] || die "--wws: $wws pages, but --fill has only $((fill * 256))"
    case $method in precopy | autoconverge | postcopy) ;; *) die "--method: \"$method\", expected precopy, autoconverge or postcopy" ;; esac
    case $accel in tcg) ;; kvm) [ -w /dev/kvm ] || die "--accel kvm: /dev/kvm cannot be used here" ;; *) die "--accel: \"$accel\", expected tcg or kvm" ;; esac
    id=${id:-$([ -n "$link" ] && echo "link$link" || echo "cap$cap")-m$mem-f$fill-w$wws-r$rate}
}

check_machine() {
    local tool missing=''
    for tool in qemu-system-x86_64 ip tc iperf3 cpio cc python3; do
        command -v "$tool" >/dev/null || missing="$missing $tool"
    done
    [ -z "$missing" ] || die "missing:$missing (Debian: apt-get install qemu-system-x86 iproute2 iperf3 cpio gcc libc6-dev python3)"
    [ "$(id -u)" -eq 0 ] || die "needs root (network namespaces)"
    [ -n "$kernel" ] || kernel=$(find /boot -maxdepth 1 -name 'vmlinuz-*' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$kernel" ] && [ -r "$kernel" ] || die "no kernel image to boot: give --kernel, or install a linux-image package"
}

# /dev/kvm may be there and writable and still run no ordinary guest (nested virtualization that is off or incomplete).
# The same kernel and program, with little memory: when it says READY, the measurement's guests will boot.
PROBE_S=20 # a KVM guest is there after two
PROBE_MIB=128
probe_kvm() {
    local console=$work/probe.console log=$work/probe.log end=$((SECONDS + PROBE_S)) pid
    qemu-system-x86_64 -machine pc -accel kvm -smp 1 -m $PROBE_MIB -nodefaults -display none -vga none -no-reboot \
        -serial "file:$console" -kernel "$kernel" -initrd "$work/initrd" \
        -append "console=ttyS0 quiet panic=-1 fill=1 wws=1 rate=0" >"$log" 2>&1 </dev/null &
    pid=$! driver=$pid
    while ! grep -q READY "$console" 2>/dev/null && [ $SECONDS -lt $end ] && kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    driver=''
    grep -q READY "$console" 2>/dev/null ||
        die "--accel kvm: /dev/kvm is there, but a guest of $PROBE_MIB MiB did not start within $PROBE_S s$(said "$log"): expected a host that runs KVM guests, or --accel tcg"
}

said() { # said FILE: its last line, if it has one
    [ ! -s "$1" ] || printf ' (%s)' "$(tail -n 1 "$1" | tr -d '\r')"
}

src=tandem-src-$$ dst=tandem-dst-$$ work='' driver=''
cleanup() {
    trap - EXIT
    [ -z "$driver" ] || { kill "$driver" 2>/dev/null && wait "$driver" 2>/dev/null; } || true
    local ns pid
    for ns in "$src" "$dst"; do
        ip netns list 2>/dev/null | grep -q "^$ns\b" || continue
        for pid in $(ip netns pids "$ns"); do kill -9 "$pid" 2>/dev/null || true; done
        ip netns del "$ns" || true
    done
    [ -z "$work" ] || rm -rf "$work"
}

build_guest() {
    mkdir "$work/root"
    cc -O2 -static -o "$work/root/init" "$here/measure/guest.c"
    (cd "$work/root" && find . | cpio --quiet -o -H newc) >"$work/initrd"
}

# Both directions: the acknowledgements share nothing with the data, as on a full-duplex link.
shape() { # shape NAMESPACE
    ip netns exec "$1" tc qdisc add dev veth0 root handle 1: htb default 1
    ip netns exec "$1" tc class add dev veth0 parent 1: classid 1:1 htb rate "${link}mbit" quantum 15140
}

# 192.0.2.0/24 is reserved for documentation (RFC 5737); here it exists only inside the two namespaces.
build_link() {
    ip netns add "$src"
    ip -n "$src" link set lo up
    [ -n "$link" ] || return 0
    ip netns add "$dst"
    ip -n "$dst" link set lo up
    ip -n "$src" link add veth0 type veth peer name veth0 netns "$dst"
    ip -n "$src" addr add 192.0.2.1/30 dev veth0
    ip -n "$dst" addr add 192.0.2.2/30 dev veth0
    ip -n "$src" link set veth0 up
    ip -n "$dst" link set veth0 up
    shape "$src"
    shape "$dst"
}

# What TCP carries on this link, seen by the receiver, just before the migration.
measure_goodput() {
    [ -n "$link" ] || return 0
    ip netns exec "$dst" ${realtime:+chrt -r 1} iperf3 -s -1 >/dev/null 2>&1 &
    sleep 1
    ip netns exec "$src" ${realtime:+chrt -r 1} iperf3 -c 192.0.2.2 -t 5 -J >"$work/iperf.json"
    python3 -c 'import json, sys
print(round(json.load(open(sys.argv[1]))["end"]["sum_received"]["bits_per_second"] / 1e6, 2))' "$work/iperf.json"
}

migrate() { # migrate OUT RATE METHOD BANDWIDTH_BPS [options of the driver]
    local to=$1 guest_rate=$2 how=$3 bandwidth=$4 there=$src address=127.0.0.1
    shift 4
    [ -z "$link" ] || { there=$dst && address=192.0.2.2; }
    python3 "$here/measure/qmp_migrate.py" --work "$work" --kernel "$kernel" --initrd "$work/initrd" --accel "$accel" \
        --source-netns "$src" --destination-netns "$there" --address "$address" --bandwidth "$bandwidth" \
        --mem "$mem" --fill "$fill" --wws "$wws" --rate "$guest_rate" --downtime-limit "$limit" --method "$how" \
        --postcopy-after "$after" --give-up-after "$give_up" ${realtime:+--realtime} --out "$to" "$@" &
    driver=$!
    wait "$driver"
    driver=''
}

UNLIMITED_BPS=10000000000 # bytes/s, far above any link here

check_options
check_machine
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
work=$(mktemp -d)
build_guest
[ "$accel" != kvm ] || probe_kvm
build_link
if [ -z "$nonzero" ]; then
    echo "measure-qemu: $id: counting non-zero pages with an idle migration" >&2
    migrate "$work/idle.json" 0 precopy "$UNLIMITED_BPS"
    nonzero=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["result"]["normal_pages"])' "$work/idle.json")
fi
goodput=$(measure_goodput)
echo "measure-qemu: $id: migrating${goodput:+ (goodput $goodput Mbit/s)}" >&2
bandwidth=$UNLIMITED_BPS
[ -z "$cap" ] || bandwidth=$((cap * 125000))
migrate "$work/case.json" "$rate" "$method" "$bandwidth" --id "$id" ${link:+--link "$link"} ${cap:+--cap "$cap"} \
    ${goodput:+--goodput "$goodput"} --nonzero "$nonzero"
mv "$work/case.json" "$out"
echo "measure-qemu: $out written" >&2
