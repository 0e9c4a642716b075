#!/usr/bin/env bash
# What measure-sockets.sh refuses, and that a short case of each design becomes a whole file in which every byte that was
# sent came to the other side. No time is judged. Usage: test_measure_sockets.sh ROOT
set -euo pipefail
root=$1
name=measure-sockets
checker=check_socket_cases.py
. "$(dirname "$0")/measuring.sh"

refuse_without_tools
compile
refuse_alike
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
if command -v taskset >/dev/null; then
  run 0 'ring-round-trip-64-all' taskset -c "$first" "$tools/bench" --list
fi
list

# A short case of each design, both ways of talking. The least and the largest message; messages, receives and a buffer
# that are no multiples of each other; messages that a buffer does not hold; a side that polls; one processor.
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

on=()
interrupted 6 --seconds 0.05
exit "$failed"
