#!/usr/bin/env bash
# Measure one real QEMU migration and write it as a case that `tandem validate` reads.
#
# Two virtual machines run a program that dirties pages at a known rate (measure/qemu/guest.c), and one is migrated to the
# other: over a veth pair between two network namespaces, shaped by htb (--link), or inside one namespace under QEMU's
# own max-bandwidth (--cap). Everything lives in namespaces and a temporary folder of this run; both are removed on any
# exit. No address outside the namespaces is used or changed. What --client and --vtpm measure besides stands in
# measure/qemu/besides.sh.
set -euo pipefail

usage() {
    cat <<'END'
usage: measure-qemu.sh --out FILE (--link MBPS | --cap MBPS) [options]

The link, one of:
  --link MBPS            shape the link between two namespaces to MBPS (10^6 bit/s); downtime is real
  --cap MBPS             no shaping, QEMU's max-bandwidth; the last copy is not capped, so downtime says nothing

The guest:
  --mem MIB              memory of the guest (512)
  --fill MIB             memory that the guest fills with random bytes (half of --mem)
  --wws PAGES            4 KiB pages of it that are written to (8192)
  --rate N               page writes a second, uniform, with replacement (0)
  --content WORD         what memory is filled with: random, which does not compress; half, of whose pages one half does;
                         text, letters of four bits. Writes keep it so (random)
  --nonzero PAGES        non-zero pages, when known; otherwise an idle migration of the same guest counts them
  --kernel FILE          Linux image to boot (the newest /boot/vmlinuz-*)
  --module NAME          a module of that kernel (from lib/modules beside its boot folder), or a .ko file, that the guest
                         loads before anything else; may be given again, in the order of loading

The migration; these add up:
  --downtime-limit MS    QEMU's downtime-limit (300)
  --auto-converge        throttle the guest when it does not converge
  --postcopy-after S     pre-copy for S seconds, then post-copy
  --capability NAME      switch on one more of QEMU's migration capabilities, at both sides; may be given again
  --parameter NAME=VALUE set one more of QEMU's migration parameters, at both sides; may be given again
  --method M             precopy adds nothing, autoconverge is --auto-converge, postcopy is --postcopy-after 15
  --give-up-after S      cancel a migration that has not ended by then (600)
  --settle S             seconds that the guest works before it is migrated (6)

How it is sent (measure/qemu/streams.sh):
  --channels N           over N connections (QEMU's multifd), 1 to 255
  --compress WORD        none; zlib or zstd, by the threads of --channels; xbzrle: of a page that was sent before only what
                         has changed, without --channels (none)
  --xbzrle-cache MIB     for the pages that xbzrle compares with, a power of two (64)
  --tls                  encrypt all connections, with a key made for the purpose
  --at-time-limit WORD   of a migration that has not ended after --time-limit: give-up, suspend (the guest, and send the
                         rest), post-copy
  --time-limit S         seconds
  --costs-only           measure no migration, but what its threads' work costs: three idle ones of the same guest
  --costs FILE           put the costs from there, which --costs-only has written, into the case, and (but for --client)
                         take --nonzero from there

What clients outside feel of the guest (needs --link; FILE's side table is FILE without .json, and .exchanges.csv):
  --client               the guest has a network card and a server; clients send it datagrams, requests over one TCP
                         connection, a new connection each second, a ping each 10 ms
  --work US              of the guest for each request (2000)
  --load SHARE           of what the guest serves, by UDP and TCP together (0.6)
  --udp N                requests a second by UDP, instead of --load
  --tcp N                requests a second over the TCP connection (20)
  --tcp-window N         of those, under way at most: the next waits for its answer; 0: never waits (1)
  --arrivals WORD        of datagrams: poisson or even (poisson)
  --seed N               of poisson (1)
  --capacity N           requests a second that the guest serves of an open load, when known; otherwise it is measured
                         first
  --client-processors L  where the clients run, as 1 or 0,1 (anywhere)

What the vTPM does meanwhile (FILE's side table: .calls.csv):
  --vtpm                 swtpm at both sides, its state handed over by QEMU; a program in the guest calls it
  --call WORD            extend: TPM2_PCR_Extend, now and then TPM2_PCR_Read; quote: TPM2_Quote (extend)
  --interval MS          a call each MS milliseconds (0: back to back)

Of both, which add up:
  --before S             seconds before the migration (30 with --client, else 10)
  --after S              seconds after it, at least (10)

QEMU and the machine:
  --qemu PATH            QEMU's program (qemu-system-x86_64). One that was unpacked into a folder rather than installed,
                         FOLDER/usr/bin/qemu-system-x86_64, takes its firmware and shared libraries from FOLDER too
  --firmware DIR         where QEMU finds its firmware besides (its option -L); may be given again
  --accel tcg|kvm        processor (tcg: what the cases in validation/ used; kvm needs /dev/kvm, which is tried first)
  --processors L         where QEMU runs, as 0 or 0,1 (anywhere)
  --destination-processors L  where the destination's QEMU runs (as --processors)
  --realtime             give QEMU and iperf3 real-time priority while they use the link, against other load

The case:
  --id NAME              its name (from the options)
  --out FILE             the JSON to write
  --help

The case names the versions of QEMU and of the guest's kernel, QEMU's options and the kind of measurement;
`tandem validate` chooses by them. docs/measuring.md explains, and says how to get another version of QEMU.

Needs root, and on Debian: qemu-system-x86 iproute2 iperf3 cpio gcc libc6-dev python3 (standard library only), and any
linux-image package for the guest's kernel; swtpm for --vtpm. Installs nothing and changes no package sources. An idle machine: load on the
processors disturbs the measurement.

Exit status: 0 the case is written, 1 the migration could not be measured, 2 an option is wrong, 3 a tool is missing.
END
}

die() {
    echo "measure-qemu: $*" >&2
    exit 2
}

lack() {
    echo "measure-qemu: $*" >&2
    exit 3
}

# Each option and the variable that it sets: to the word that follows, to "yes", or a list that grows.
declare -A values=([--link]=link [--cap]=cap [--mem]=mem [--fill]=fill [--wws]=wws [--rate]=rate [--nonzero]=nonzero
    [--kernel]=kernel [--downtime-limit]=limit [--method]=method [--postcopy-after]=after [--give-up-after]=give_up
    [--qemu]=qemu [--accel]=accel [--id]=id [--out]=out [--work]=work_us [--load]=load [--udp]=udp [--tcp]=tcp [--tcp-window]=tcp_window
    [--arrivals]=arrivals [--seed]=seed [--capacity]=capacity [--client-processors]=client_processors [--call]=call
    [--interval]=interval [--before]=before [--after]=after_s [--processors]=processors
    [--destination-processors]=destination_processors [--content]=content [--settle]=settle [--channels]=channels
    [--compress]=compress [--xbzrle-cache]=xbzrle_cache [--at-time-limit]=at_time_limit [--time-limit]=time_limit
    [--costs]=costs)
declare -A flags=([--realtime]=realtime [--tls]=tls [--costs-only]=costs_only [--auto-converge]=autoconverge [--client]=client [--vtpm]=vtpm)
declare -A lists=([--module]=modules [--capability]=capabilities [--parameter]=parameters [--firmware]=firmware)

here=$(cd "$(dirname "$0")" && pwd)
mem=512 fill='' wws=8192 rate=0 link='' cap='' limit=300 method=precopy after='' give_up=600
nonzero='' kernel='' qemu='' accel=tcg id='' out='' realtime='' autoconverge='' client='' vtpm=''
work_us='' load='' udp='' tcp='' tcp_window='' arrivals='' seed='' capacity='' client_processors='' call='' interval='' before='' after_s=''
processors='' destination_processors='' content='' settle=6
channels='' compress='' xbzrle_cache='' tls='' at_time_limit='' time_limit='' costs='' costs_only=''
modules=() capabilities=() parameters=() firmware=()
while [ $# -gt 0 ]; do
    case $1 in --help | -h) usage && exit 0 ;; esac
    if [ -n "${flags[$1]:-}" ]; then
        printf -v "${flags[$1]}" yes
        shift
        continue
    fi
    [ -n "${values[$1]:-}${lists[$1]:-}" ] || die "unknown option $1 (see --help)"
    [ $# -ge 2 ] || die "$1 needs a value"
    if [ -n "${values[$1]:-}" ]; then
        printf -v "${values[$1]}" %s "$2"
    else
        declare -n list=${lists[$1]}
        list+=("$2")
    fi
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

. "$here/measure/qemu/besides.sh"
. "$here/measure/qemu/streams.sh"

# Before an hour is spent on measuring it.
check_out() {
    [ -n "$out" ] || die "--out is missing (see --help)"
    [ ! -d "$out" ] || die "--out: $out is a folder, expected a file"
    [ -d "$(dirname "$out")" ] && [ -w "$(dirname "$out")" ] || die "--out: $(dirname "$out") is no folder that can be written to"
}

# --method is short for the options that it names.
check_migration() {
    local word
    case $method in
    precopy) ;;
    autoconverge) autoconverge=yes ;;
    postcopy) after=${after:-15} ;;
    *) die "--method: \"$method\", expected precopy, autoconverge or postcopy" ;;
    esac
    for word in "${capabilities[@]}"; do
        [[ $word =~ ^[a-z][a-z0-9-]*$ ]] || die "--capability: \"$word\", expected a name such as multifd"
        [[ $word != auto-converge && $word != postcopy-ram ]] || die "--capability: $word has an option of its own (see --help)"
    done
    for word in "${parameters[@]}"; do
        [[ $word =~ ^[a-z][a-z0-9-]*=.+$ ]] || die "--parameter: \"$word\", expected NAME=VALUE such as multifd-channels=4"
        [[ $word != max-bandwidth=* && $word != downtime-limit=* ]] || die "--parameter: ${word%%=*} has an option of its own (see --help)"
    done
}

# What was named must be there: that is the option's fault, not the machine's.
check_named() {
    local word
    [ -z "$qemu" ] || [ -f "$(command -v "$qemu")" ] || die "--qemu: \"$qemu\" is no program"
    [ -z "$kernel" ] || { [ -f "$kernel" ] && [ -r "$kernel" ]; } || die "--kernel: $kernel is no file that can be read"
    for word in "${firmware[@]}"; do
        [ -d "$word" ] || die "--firmware: $word is no folder"
    done
    for word in "${modules[@]}"; do
        [[ $word == */* || $word =~ ^[A-Za-z0-9_-]+$ ]] ||
            die "--module: \"$word\", expected a module's name or a path to its file"
    done
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
    whole give-up-after give_up 1
    whole settle settle 0
    [[ $content =~ ^(random|half|text)?$ ]] || die "--content: \"$content\", expected random, half or text"
    [ -z "$nonzero" ] || whole nonzero nonzero 1
    [ -z "$after" ] || whole postcopy-after after 1
    if [ -n "$link" ]; then whole link link 1; else whole cap cap 1; fi
    [ "$fill" -lt "$mem" ] || die "--fill: $fill MiB do not fit into --mem $mem"
    [ "$wws" -le $((fill * 256)) ] || die "--wws: $wws pages, but --fill has only $((fill * 256))"
    check_migration
    check_named
    check_besides
    check_streams
    case $accel in tcg) ;; kvm) [ -w /dev/kvm ] || die "--accel kvm: /dev/kvm cannot be used here" ;; *) die "--accel: \"$accel\", expected tcg or kvm" ;; esac
    id=${id:-$([ -n "$link" ] && echo "link$link" || echo "cap$cap")-m$mem-f$fill-w$wws-r$rate}
}

# What was unpacked with a QEMU and not installed lies beside it.
emulator=() libraries=''
find_emulator() {
    local root folder version
    qemu=$(command -v "${qemu:-qemu-system-x86_64}")
    root=$(cd "$(dirname "$qemu")/.." && pwd)
    if [ "$root" != /usr ] && [ "$root" != /usr/local ]; then
        for folder in "$root"/lib/*-linux-gnu "${root%/usr}"/lib/*-linux-gnu; do
            [ ! -d "$folder" ] || libraries=$libraries${libraries:+:}$folder
        done
        for folder in "$root"/share/seabios "$root"/share/qemu "$root"/lib/ipxe/qemu; do
            [ ! -d "$folder" ] || firmware+=("$folder")
        done
    fi
    emulator=(env ${libraries:+"LD_LIBRARY_PATH=$libraries"} "$qemu")
    for folder in "${firmware[@]}"; do emulator+=(-L "$folder"); done
    version=$("${emulator[@]}" --version 2>&1) || lack "$qemu does not run here ($(tail -n 1 <<<"$version"))"
    [[ $version == "QEMU emulator version"* ]] || die "--qemu: $qemu is no QEMU (it says \"$(head -n 1 <<<"$version")\")"
}

find_kernel() {
    [ -n "$kernel" ] || kernel=$(find /boot -maxdepth 1 -name 'vmlinuz-*' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$kernel" ] && [ -r "$kernel" ] || lack "no kernel image to boot: give --kernel, or install a linux-image package"
}

module_tree() {
    local image
    image=$(basename "$kernel")
    echo "$(dirname "$kernel")/../lib/modules/${image#vmlinuz-}"
}

# A module is a file, or the name of one below the kernel's lib/modules.
module_files=()
find_modules() {
    local word found tree
    [ -z "$client" ] || add_network_modules
    tree=$(module_tree)
    for word in "${modules[@]}"; do
        found=$word
        [[ $word == */* ]] || found=$(find "$tree" -name "${word//[-_]/[-_]}.ko*" 2>/dev/null | head -n 1)
        [ -n "$found" ] || die "--module: no $word.ko below $tree"
        [ -f "$found" ] && [ -r "$found" ] || die "--module: $found is no file that can be read"
        [[ $found =~ \.ko(\.xz)?$ ]] || die "--module: $found, expected a .ko or .ko.xz file"
        [[ $found != *.xz ]] || command -v xz >/dev/null || lack "missing: xz (Debian: apt-get install xz-utils)"
        module_files+=("$found")
    done
}

check_machine() {
    local tool missing='' needed=(qemu-system-x86_64 ip tc iperf3 cpio cc python3)
    [ -z "$qemu" ] || needed=("${needed[@]:1}")
    [ -z "$vtpm" ] || needed+=(swtpm)
    for tool in "${needed[@]}"; do
        command -v "$tool" >/dev/null || missing="$missing $tool"
    done
    [ -z "$missing" ] || lack "missing:$missing (Debian: apt-get install qemu-system-x86 iproute2 iperf3 cpio gcc libc6-dev python3${vtpm:+ swtpm})"
    [ "$(id -u)" -eq 0 ] || lack "needs root (network namespaces)"
}

# /dev/kvm may be there and writable and still run no ordinary guest (nested virtualization that is off or incomplete).
# The same kernel and program, with little memory: when it says READY, the measurement's guests will boot.
PROBE_S=20 # a KVM guest is there after two
PROBE_MIB=128
probe_kvm() {
    local console=$work/probe.console log=$work/probe.log end=$((SECONDS + PROBE_S)) pid
    "${emulator[@]:-qemu-system-x86_64}" -machine pc -accel kvm -smp 1 -m $PROBE_MIB -nodefaults -display none -vga none -no-reboot \
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

src=tandem-src-$$ dst=tandem-dst-$$ lan=tandem-lan-$$ work='' driver='' parts=()
cleanup() {
    trap - EXIT
    [ -z "$driver" ] || { kill "$driver" 2>/dev/null && wait "$driver" 2>/dev/null; } || true
    local ns pid
    for ns in "$src" "$dst" "$lan"; do
        ip netns list 2>/dev/null | grep -q "^$ns\b" || continue
        for pid in $(ip netns pids "$ns"); do kill -9 "$pid" 2>/dev/null || true; done
        ip netns del "$ns" || true
    done
    [ -z "$work" ] || rm -rf "$work"
    rm -f "${parts[@]}"
}

# In the order of loading: /modules/00-NAME.ko, 01-NAME.ko, ...
lay_modules() {
    local i file name
    mkdir "$work/root/modules"
    for i in "${!module_files[@]}"; do
        file=${module_files[i]}
        name=$(basename "$file")
        printf -v name %02d-%s "$i" "${name%.xz}"
        if [[ $file == *.xz ]]; then xz -dc "$file"; else cat "$file"; fi >"$work/root/modules/$name"
    done
}

build_guest() {
    mkdir "$work/root"
    cc -O2 -static -o "$work/root/init" "$here"/measure/qemu/guest*.c
    [ -z "$client" ] || cc -O2 -D_GNU_SOURCE -o "$work/clients" "$here"/measure/qemu/clients*.c -lm
    [ ${#module_files[@]} -eq 0 ] || lay_modules
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
    [ -z "$client" ] || build_lan
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

migrate() { # migrate OUT RATE BANDWIDTH_BPS [options of the driver]
    local to=$1 guest_rate=$2 bandwidth=$3 there=$src address=127.0.0.1 word added=()
    shift 3
    [ -z "$link" ] || { there=$dst && address=192.0.2.2; }
    for word in "${firmware[@]}"; do added+=(--firmware "$word"); done
    for word in "${module_files[@]}"; do added+=(--module "$(basename "$word" | sed 's/\.ko.*//')"); done
    python3 "$here/measure/qemu/qmp_migrate.py" --work "$work" --qemu "$qemu" --libraries "$libraries" \
        --kernel "$kernel" --initrd "$work/initrd" --accel "$accel" \
        --source-netns "$src" --destination-netns "$there" --address "$address" --bandwidth "$bandwidth" \
        --mem "$mem" --fill "$fill" --wws "$wws" --rate "$guest_rate" --downtime-limit "$limit" \
        --give-up-after "$give_up" --settle "$settle" ${content:+--content "$content"} ${realtime:+--realtime} \
        --out "$to" "${added[@]}" "${besides[@]}" "$@" &
    driver=$!
    wait "$driver"
    driver=''
}

# The last step is a rename, so that nobody finds half a file.
put() { # put FROM TO
    parts+=("$2.part")
    cp "$1" "$2.part"
    mv "$2.part" "$2"
}

UNLIMITED_BPS=10000000000 # bytes/s, far above any link here

check_options
check_machine
find_emulator
find_kernel
find_modules
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
work=$(mktemp -d)
tell_besides
build_guest
[ "$accel" != kvm ] || probe_kvm
build_link
tell_streams
added=(${autoconverge:+--auto-converge} ${after:+--postcopy-after "$after"})
for word in "${capabilities[@]}"; do added+=(--capability "$word"); done
for word in "${parameters[@]}"; do added+=(--parameter "$word"); done
if [ -n "$costs_only" ]; then
    measure_costs
    exit 0
fi
if [ -z "$nonzero" ]; then
    echo "measure-qemu: $id: counting non-zero pages with an idle migration" >&2
    migrate "$work/idle.json" 0 "$UNLIMITED_BPS" --idle
    nonzero=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["result"]["normal_pages"])' "$work/idle.json")
fi
goodput=$(measure_goodput)
echo "measure-qemu: $id: migrating${goodput:+ (goodput $goodput Mbit/s)}" >&2
bandwidth=$UNLIMITED_BPS
[ -z "$cap" ] || bandwidth=$((cap * 125000))
migrate "$work/case.json" "$rate" "$bandwidth" --id "$id" ${link:+--link "$link"} ${cap:+--cap "$cap"} \
    ${goodput:+--goodput "$goodput"} --nonzero "$nonzero" "${streams[@]}" "${added[@]}"
for side in exchanges calls; do
    [ ! -f "$work/case.$side.csv" ] || put "$work/case.$side.csv" "${out%.json}.$side.csv"
done
put "$work/case.json" "$out"
echo "measure-qemu: $out written" >&2
