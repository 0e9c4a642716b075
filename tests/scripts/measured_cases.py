"""What cases of both measuring scripts are checked for alike: all keys in their order, and every number one."""
import json
import math
import os
import sys

TOP = "id kind machine design case costs result repeats load disturbed".split()
LOAD = "others_share steal_share costs_others_share costs_steal_share costs_disturbed".split()
LATENCY = "median p90 p99 mean".split()


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for one in value for number in numbers(one)]
    return [value] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


def is_single(case):
    return case["machine"]["processors"] == 1


def results_of(case):
    return [case["result"], *case["repeats"]]


def faults(case, path, kind, wanted, result_keys, drift):
    """wanted: pairs of a part and the keys that it must have, besides those that all cases have."""
    wanted = [(case, TOP), (case["load"], [*LOAD, drift]), *wanted,
              *((result, result_keys) for result in results_of(case)),
              *((result["latency_us"], LATENCY) for result in results_of(case))]
    for where, keys in wanted:
        if list(where) != keys:
            yield f"keys {list(where)}, expected {keys}"
    if case["id"] != os.path.basename(path)[:-5] or case["kind"] != kind:
        yield f"id {case['id']}, kind {case['kind']}"
    if not all(math.isfinite(number) for number in numbers(case)):
        yield "a number that is none"
    if not is_single(case) and any(value is None for value in case["costs"].values()):
        yield "a cost that was not measured"


def check(kind, faults_of):
    """Says what is wrong with the files of the command line, and ends: 1 when there is something."""
    bad = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            case = json.load(file)
        bad += [f"{kind}: {path}: {fault}" for fault in faults_of(case, path)]
    print("\n".join(bad), file=sys.stderr, end="\n" if bad else "")
    sys.exit(1 if bad else 0)
