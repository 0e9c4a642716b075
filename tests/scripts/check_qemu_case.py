"""Whether a case of measure-qemu.sh --client --vtpm is whole. Usage: check_qemu_case.py FILE.json"""
import csv
import json
import os
import sys

TOP = ("id kind qemu kernel guest_share modules setup method migration case goodput_Mbps nonzero_pages ram_total_bytes result "
       "history threads stamps client felt exchanges vtpm called calls").split()
PHASES = ["before", "during", "stopped", "after", "all"]
WAITS = "count lost median_ms p95_ms p99_ms longest_ms".split()


def faults(case, folder):
    if list(case) != TOP:
        yield f"keys {list(case)}"
        return
    stamps, felt, called = case["stamps"], case["felt"], case["called"]
    if case["kind"] != "client+vtpm" or case["result"]["status"] != "completed":
        yield f"{case['kind']}, {case['result']['status']}"
    if not 0 == stamps["start_s"] < stamps["stop_s"] < stamps["resume_s"] or stamps["end_s"] < stamps["stop_s"]:
        yield f"stamps {stamps}"
    for name, parts in [(name, felt[name]) for name in ("udp", "tcp", "connect")] + [("called", called)]:
        if [part for part in parts if part in PHASES] != PHASES or any(list(parts[p]) != WAITS for p in PHASES):
            yield f"{name}: {parts}"
        elif parts["all"]["count"] != sum(parts[p]["count"] for p in PHASES[:-1]):
            yield f"{name}: phases do not add up"
        elif parts["before"]["lost"] or parts["after"]["lost"] or not parts["after"]["count"]:
            yield f"{name}: {parts['before']} before, {parts['after']} after"
    if not felt["ping"]["blackout_ms"] or not felt["tcp_connection"]["end"]["rto_us"]:
        yield f"ping {felt['ping']}, TCP {felt['tcp_connection']}"
    if called["pcr"] != "kept" or called["response_codes"]:
        yield f"the PCR is {called['pcr']}, response codes {called['response_codes']}"
    if called["longest_gap_ms"] < stamps["stopped_ms"]:
        yield f"answers {called['longest_gap_ms']} ms apart, but the guest stood still for {stamps['stopped_ms']}"
    if not all(case["vtpm"]["state"][part] for part in ("permanent_bytes", "volatile_bytes")):
        yield f"state {case['vtpm']['state']}"
    rows = list(csv.DictReader(open(os.path.join(folder, case["exchanges"]))))
    wanted = sum(felt[name]["all"]["count"] for name in ("udp", "tcp", "connect")) + felt["ping"]["count"]
    if sum(1 for row in rows if row["stream"] != "resent") != wanted:
        yield f"{len(rows)} rows of exchanges, expected {wanted}"
    if len(list(csv.DictReader(open(os.path.join(folder, case["calls"]))))) != called["all"]["count"]:
        yield "rows of calls"


path = sys.argv[1]
bad = [f"measure_qemu: {path}: {fault}" for fault in faults(json.load(open(path)), os.path.dirname(path))]
print("\n".join(bad), file=sys.stderr, end="\n" if bad else "")
sys.exit(1 if bad else 0)
