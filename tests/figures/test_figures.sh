#!/usr/bin/env bash
# A figure of every kind in both languages, and those of results/: no text lies on another or reaches out of the picture
# (scripts/check-figures.sh), which finds both in a figure where they do.
# Usage: test_figures.sh ROOT TANDEM      Exit 77 (skipped) when Chromium or gnuplot is not installed.
set -euo pipefail
root=$1
tandem=$2
for program in chromium gnuplot; do
  command -v $program >/dev/null || { echo "skipped: no $program (scripts/setup.sh --developer installs it)"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

mkdir "$work/bad"
cat >"$work/bad/bad.svg" <<'END'
<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100" viewBox="0 0 300 100">
<text x="10" y="50">downtime</text><text x="30" y="54" transform="rotate(20 30 54)">total</text><text x="270" y="80">migration</text>
<text x="150" y="20">apart</text>
</svg>
END
said=$("$root/scripts/check-figures.sh" "$work/bad") && fail "nothing was found in a bad figure: $said"
[[ $said == *'"downtime" lies on "total"'* && $said == *'"migration" reaches out of the picture'* && $said == *'2 findings' ]] ||
  fail "in a bad figure was found: $said"

draw() { # NAME: of a folder, drawn in both languages at once
  cp -r "$work/$1" "$work/$1-zh"
  "$tandem" plot "$work/$1-zh" --format svg --lang zh >/dev/null &
  "$tandem" plot "$work/$1" --format svg >/dev/null
  wait $!
}

for example in applications crypto-card-migration joint link-failure qemu sockets; do
  "$tandem" run "$root/scenarios/examples/$example.json" --out "$work/$example" >/dev/null
  draw "$example"
done

sweep() { # NAME AXES
  "$tandem" sweep "$root/scenarios/examples/first-migration.json" --out "$work/$1" --quiet \
    --set /guests/0/memory=32MiB --set /guests/0/workload/working_set=8MiB --set "/sweep={\"axes\":[$2],\"repeats\":2}"
  draw "$1"
}
rate='"pointer":"/guests/0/workload/rate"' link='"pointer":"/links/0/bandwidth"'
sweep lines "{$link,\"values\":[\"500Mbps\",\"1Gbps\",\"2Gbps\"]},{$rate,\"from\":\"1k/s\",\"to\":\"12k/s\",\"count\":12}"
sweep scale "{$link,\"from\":\"100Mbps\",\"to\":\"10Gbps\",\"count\":3,\"scale\":\"logarithmic\"},{$rate,\"from\":\"1k/s\",\"to\":\"30k/s\",\"count\":30}"
sweep words "{\"pointer\":\"/timeline/0/hypervisor\",\"values\":[\"xen-4.5\",\"xen-4.6\",\"stop-and-copy\"]}"
long='"name":"bandwidth-of-the-only-link-between-both-hosts"'
sweep names "{$rate,\"from\":\"1k/s\",\"to\":\"3k/s\",\"count\":3},{$link,$long,\"values\":[\"500Mbps\",\"1Gbps\",\"2Gbps\"]}"
sweep cloud "{\"zip\":[{$rate,\"values\":[\"9k/s\",\"1k/s\",\"400/s\",\"3k/s\"]},{$link,\"values\":[\"1Gbps\",\"9Gbps\",\"300Mbps\",\"2Gbps\"]}]}"

evacuate='{"at":"0s","do":"evacuate","host":"left","deadline":"1s"}'
"$tandem" sweep "$root/scenarios/examples/first-migration.json" --out "$work/window" --quiet --set /guests/0/memory=32MiB \
  --set /guests/0/workload/working_set=8MiB --set "/timeline/0=$evacuate" \
  --set "/sweep={\"axes\":[{$link,\"values\":[\"100Mbps\",\"500Mbps\",\"1Gbps\"]},{\"pointer\":\"/timeline/0/order\",\"values\":[\"listed\",\"least-dirty-first\"]}],\"repeats\":3}"
draw window

mkdir "$work/measured"
cp "$root"/tests/data/sockets/{ring,tcp,unix}-*-4096.json "$root"/tests/data/cards/*-sm4-4096-n1-w1.json "$work/measured"
"$tandem" validate "$work/measured" --seeds 1 --out "$work/cases" --quiet
"$tandem" plot "$work/cases" --format svg >/dev/null
[ "$(ls "$work/cases"/*.svg | wc -l)" -eq 2 ] || fail "cards and sockets are not both drawn"

rm -r "$work/bad"
"$root/scripts/check-figures.sh" "$work" "$root/results"
