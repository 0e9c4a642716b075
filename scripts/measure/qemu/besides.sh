# Sourced by measure-qemu.sh: what its options --client and --vtpm check, need and build.

# In the order of loading.
NETWORK_MODULES=(virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci failover net_failover virtio_net)

# An option of a measurement that was not asked for has a value: it would be ignored.
only_with() { # only_with FLAG OPTION...
    local flag=$1 option variable
    shift
    for option; do
        variable=${values[--$option]}
        [ -z "${!variable}" ] || [ -n "${!flag}" ] || die "--$option: only with --$flag (see --help)"
    done
}

check_processors() { # check_processors OPTION VARIABLE
    local list=${!2} word
    [ -n "$list" ] || return 0
    [[ $list =~ ^[0-9]{1,4}(,[0-9]{1,4})*$ ]] || die "--$1: \"$list\", expected numbers of processors such as 0 or 0,1"
    for word in ${list//,/ }; do
        [ -d "/sys/devices/system/cpu/cpu$((10#$word))" ] || die "--$1: there is no processor $word"
    done
}

check_client() {
    [ -n "$link" ] || die '--client: needs --link (under --cap there is no downtime to feel)'
    work_us=${work_us:-2000} tcp=${tcp:-20} tcp_window=${tcp_window:-1} seed=${seed:-1} arrivals=${arrivals:-poisson}
    whole work work_us 1
    whole tcp tcp 0
    whole tcp-window tcp_window 0
    whole seed seed 0
    [ -z "$udp" ] || whole udp udp 1
    [ -z "$capacity" ] || whole capacity capacity 1
    [ -z "$load" ] || [ -z "$udp" ] || die '--load and --udp: one of them'
    load=${load:-0.6}
    [[ $load =~ ^[0-9](\.[0-9]{1,4})?$ && $load =~ [1-9] ]] || die "--load: \"$load\", expected a share such as 0.6"
    [[ $arrivals == poisson || $arrivals == even ]] || die "--arrivals: \"$arrivals\", expected poisson or even"
}

check_vtpm() {
    call=${call:-extend} interval=${interval:-0}
    [[ $call == extend || $call == quote ]] || die "--call: \"$call\", expected extend or quote"
    whole interval interval 0
}

check_besides() {
    only_with client work load udp tcp tcp-window arrivals seed capacity client-processors
    only_with vtpm call interval
    check_processors processors processors
    check_processors destination-processors destination_processors
    check_processors client-processors client_processors
    [ -z "$destination_processors" ] || [ -n "$processors" ] || die '--destination-processors: only with --processors'
    [ -z "$client" ] || check_client
    [ -z "$vtpm" ] || check_vtpm
    [ -n "$client$vtpm" ] || [ -z "$before$after_s" ] || die '--before and --after: only with --client or --vtpm'
    before=${before:-$([ -n "$client" ] && echo 30 || echo 10)}
    after_s=${after_s:-10}
    whole before before 1
    whole after after_s 1
}

# What a kernel has built in need not be loaded.
add_network_modules() {
    local tree word
    tree=$(module_tree)
    for word in "${NETWORK_MODULES[@]}"; do
        [[ " ${modules[*]} " != *" $word "* ]] || continue
        grep -qs "/${word//[-_]/[-_]}\.ko" "$tree/modules.builtin" || modules+=("$word")
    done
}

# The words of the driver, which are the same for the idle migration: the same machines.
besides=()
tell_besides() {
    besides=(${processors:+--processors "$processors"}
        ${destination_processors:+--destination-processors "$destination_processors"}
        --before "$before" --after "$after_s" --name "$(basename "${out%.json}")")
    [ -z "$client" ] || besides+=(--client-netns "$lan" --clients "$work/clients" --work-us "$work_us" --load "$load"
        ${udp:+--udp "$udp"} --tcp "$tcp" --tcp-window "$tcp_window" --arrivals "$arrivals" --seed "$seed"
        ${capacity:+--capacity "$capacity"} ${client_processors:+--client-processors "$client_processors"})
    [ -z "$vtpm" ] || besides+=(--vtpm --call "$call" --interval "$interval")
}

# A switch that learns, in a namespace of its own where the clients are, and at each host a virtual switch between the
# guest's tap and a cable to that switch. None of it shares the link of the migration. The guest's address is one that the
# clients need not ask for: what a lost answer to that would cost hangs on when it was asked last.
build_lan() {
    local ns
    ip netns add "$lan"
    make_switch "$lan"
    for ns in "$src" "$dst"; do
        make_switch "$ns"
        ip -n "$ns" tuntap add tap0 mode tap 2>/dev/null || lack 'no tap can be made here (/dev/net/tun is needed)'
        join_switch "$ns" tap0
        ip -n "$ns" link add up0 type veth peer name "to-${ns#tandem-}" netns "$lan"
        join_switch "$ns" up0
        join_switch "$lan" "to-${ns#tandem-}"
    done
    ip -n "$lan" addr add 198.51.100.1/24 dev br0
    ip -n "$lan" neigh replace 198.51.100.2 lladdr 52:54:00:12:34:56 nud permanent dev br0
}

make_switch() { # make_switch NAMESPACE
    ip netns exec "$1" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6' 2>/dev/null || true
    ip -n "$1" link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0 2>/dev/null ||
        lack 'no bridge can be made here (a kernel with bridges is needed)'
    ip -n "$1" link set br0 up
}

join_switch() { # join_switch NAMESPACE INTERFACE
    ip -n "$1" link set "$2" master br0
    ip -n "$1" link set "$2" up
}
