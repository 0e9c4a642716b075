# Sourced by measure-qemu.sh: how a migration is sent, and what that costs (its options --channels to --costs).

COSTS_REPEATS=3 # chosen: the least of them counts, and one is hardly disturbed

check_compression() {
    case $compress in
    '' | none) compress='' ;;
    zlib | zstd) [ -n "$channels" ] || die "--compress $compress: only with --channels, whose threads compress" ;;
    xbzrle) [ -z "$channels" ] || die '--compress xbzrle: not with --channels (QEMU refuses both)' ;;
    *) die "--compress: \"$compress\", expected none, zlib, zstd or xbzrle" ;;
    esac
    [ -z "$xbzrle_cache" ] || [ "$compress" = xbzrle ] || die '--xbzrle-cache: only with --compress xbzrle'
    [ -z "$xbzrle_cache" ] || whole xbzrle-cache xbzrle_cache 1
    [ -z "$xbzrle_cache" ] || [ $((xbzrle_cache & (xbzrle_cache - 1))) -eq 0 ] ||
        die "--xbzrle-cache: $xbzrle_cache MiB, expected a power of two"
}

check_time_limit() {
    [ -n "$time_limit$at_time_limit" ] || return 0
    [ -n "$time_limit" ] && [ -n "$at_time_limit" ] || die '--at-time-limit and --time-limit: only together'
    [[ $at_time_limit =~ ^(give-up|suspend|post-copy)$ ]] ||
        die "--at-time-limit: \"$at_time_limit\", expected give-up, suspend or post-copy"
    [ -z "$after" ] || die '--at-time-limit: not with --postcopy-after'
    whole time-limit time_limit 1
}

# Guests that clients ask are of many sizes: what they cost a page is one number, how many pages they have is not.
take_costs() {
    local pages
    pages=$(sed -n 's/^ "nonzero_pages": \([0-9]*\),\{0,1\}$/\1/p' "$costs")
    [ -n "$pages" ] || die "--costs: $costs is no file that --costs-only has written"
    [ -n "$client" ] || nonzero=${nonzero:-$pages}
}

check_streams() {
    if [ -n "$channels" ]; then
        whole channels channels 1
        [ "$channels" -le 255 ] || die "--channels: $channels, expected at most 255"
    fi
    check_compression
    check_time_limit
    [ -z "$costs" ] || [ -r "$costs" ] || die "--costs: $costs is no file that can be read"
    [ -z "$costs" ] || take_costs
}

# The words of the driver.
streams=()
tell_streams() {
    streams=(${channels:+--channels "$channels"} ${compress:+--compress "$compress"}
        ${xbzrle_cache:+--xbzrle-cache "$xbzrle_cache"} ${tls:+--tls} ${costs:+--costs "$costs"}
        ${at_time_limit:+--at-time-limit "$at_time_limit" --time-limit "$time_limit"})
}

measure_costs() {
    local repeat
    for repeat in $(seq $COSTS_REPEATS); do
        echo "measure-qemu: $id: what its threads' work costs, $repeat of $COSTS_REPEATS" >&2
        migrate "$work/costs-$repeat.json" 0 "$UNLIMITED_BPS" --idle --spin --downtime-limit 1 --id "$id" "${streams[@]}" "${added[@]}"
    done
    python3 "$here/measure/qemu/costs.py" "$work"/costs-*.json >"$work/costs.json"
    put "$work/costs.json" "$out"
    echo "measure-qemu: $out written" >&2
}
