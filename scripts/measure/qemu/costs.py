#!/usr/bin/env python3
"""What a page costs the threads of a migration, from idle migrations of one guest over a link that is not the bound.

Prints a JSON document that measure-qemu.sh --costs puts into cases: of the migrations of the files given.
Usage: costs.py FILE.json...
"""
import json
import statistics
import sys

PAGE_BYTES = 4096
US_PER_S = 1e6
WHOLE = {"source": "source_us", "destination": "destination_us"}


def receivers(threads):
    """Without receiving threads the main thread of the destination receives."""
    spent = threads["destination"]
    return spent["receive"] or spent["rest"]


def lost(spinners, spun):
    """Seconds of processors that somebody else had, of those in which there were so many turns."""
    return spinners["processors"] * (spun["passed"] - spun["turns"] / spinners["turns_per_s"])


def costs_of(case):
    """Microseconds of processor time for each page with content, and its bytes over the wire's.

    setup_ms: milliseconds before the first page, as QEMU counts them. source_us and destination_us are all that a side's own
    processors did, interrupts and the control of QEMU included; machine_us, where both sides have the same, what threads that
    always want one were left with less than before (spinners.py)."""
    threads = case["threads"]
    if not threads or not threads["normal"]:
        raise SystemExit(f"costs: {case['id']}: it was over before its threads were seen at work")
    per_page = US_PER_S / threads["normal"]
    whole = {name: threads[side]["processors"] * per_page for side, name in WHOLE.items() if "processors" in threads[side]}
    if "spun" in threads:
        whole["machine_us"] = lost(case["spinners"], threads["spun"]) * per_page
    return {"main_us": threads["source"]["main"] * per_page, "send_us": threads["source"]["send"] * per_page,
            "receive_us": receivers(threads) * per_page, "ratio": threads["normal"] * PAGE_BYTES / threads["wire"],
            **whole, "setup_ms": case["result"]["setup_ms"]}


def of_repeats(name):
    """Of times the least, because whoever else ran there can only add; but not to a difference of two."""
    return statistics.median if name in ("ratio", "machine_us") else min


def document(cases):
    each = [costs_of(case) for case in cases]
    costs = {name: round(of_repeats(name)(one[name] for one in each), 4) for name in each[0]}
    first = cases[0]
    return {"costs": costs, "nonzero_pages": first["result"]["normal_pages"], "kind": "costs", "qemu": first["qemu"],
            "kernel": first["kernel"], "method": first["method"], "migration": first["migration"], "case": first["case"],
            "each": [{name: round(value, 4) for name, value in one.items()} for one in each]}


if __name__ == "__main__":
    cases = []
    for path in sys.argv[1:]:
        with open(path) as file:
            cases.append(json.load(file))
    json.dump(document(cases), sys.stdout, indent=1)
    print()
