#!/usr/bin/env python3
"""Boot a pair of QEMU virtual machines, migrate one to the other, and write every counter as JSON.

Called by scripts/measure-qemu.sh, which makes the namespaces, the link and the initial file system. Only the standard
library is used. The two processes die with this one, however it ends.

The counters are QEMU's own (`query-migrate`), polled every 50 ms; `history` has one row for each change of
dirty-sync-count, and one when a migration is cancelled: seconds since the start, dirty-sync-count, dirty pages/s as QEMU estimates it, remaining bytes,
transferred bytes, throttle percentage.
"""
import argparse
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time

BOOT_TIMEOUT_S = 300
SETTLE_S = 6  # let the guest's write process reach its steady state
POLL_S = 0.05
PORT = 4444
PR_SET_PDEATHSIG = 1
METHODS = {"precopy": "precopy", "autoconverge": "precopy with auto-converge", "postcopy": "postcopy"}


class Qmp:
    """One QMP connection: call(command, argument=value) returns its answer."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise SystemExit("qmp_migrate: QEMU did not open its control socket")
                time.sleep(0.1)
        self.stream = self.socket.makefile("rw")
        self.stream.readline()  # greeting
        self.call("qmp_capabilities")

    def call(self, command, **arguments):
        self.stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.stream.flush()
        for line in self.stream:
            answer = json.loads(line)
            if "error" in answer:
                raise SystemExit(f"qmp_migrate: {command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise SystemExit(f"qmp_migrate: QEMU went away during {command}")


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def boot(options, role, netns, extra=()):
    """Start one virtual machine without anything that it does not need: what is measured is memory."""
    path = os.path.join(options.work, role)
    for suffix in (".console", ".qmp"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)
    append = f"console=ttyS0 quiet panic=-1 fill={options.fill} wws={options.wws} rate={options.rate}"
    command = ["ip", "netns", "exec", netns, "qemu-system-x86_64", "-machine", "pc", "-accel", options.accel, "-smp", "1",
               "-m", str(options.mem), "-nodefaults", "-display", "none", "-vga", "none",
               "-serial", f"file:{path}.console", "-kernel", options.kernel, "-initrd", options.initrd,
               "-append", append, "-qmp", f"unix:{path}.qmp,server=on,wait=off", *extra]
    log = open(path + ".log", "w")
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent)


def wait_until_ready(options, process):
    console = os.path.join(options.work, "source.console")
    deadline = time.monotonic() + BOOT_TIMEOUT_S
    while time.monotonic() < deadline:
        text = open(console, errors="replace").read() if os.path.exists(console) else ""
        if "READY" in text:
            time.sleep(SETTLE_S)
            return
        if "FAILED" in text or process.poll() is not None:
            break
        time.sleep(0.2)
    log = open(os.path.join(options.work, "source.log"), errors="replace").read().strip()
    raise SystemExit(f"qmp_migrate: the guest did not start: {(log or text).splitlines()[-1:] or 'no output'}")


def prepare(options, source, destination):
    source.call("migrate-set-parameters", **{"max-bandwidth": options.bandwidth,
                                             "downtime-limit": options.downtime_limit})
    capability = {"autoconverge": "auto-converge", "postcopy": "postcopy-ram"}.get(options.method)
    if capability:
        for side in (source, destination) if options.method == "postcopy" else (source,):
            side.call("migrate-set-capabilities", capabilities=[{"capability": capability, "state": True}])


def hasten(process):
    """Real-time priority for every thread that there is; those that come later inherit it."""
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        os.sched_setscheduler(int(thread), os.SCHED_RR, os.sched_param(1))


def ended(state):
    """Completed counts only once the totals are there: QEMU sets the status a moment earlier."""
    if state["status"] == "completed":
        return bool(state.get("total-time"))
    return state["status"] in ("failed", "cancelled")


def row(seconds, state):
    ram = state.get("ram", {})
    return [round(seconds, 2), ram.get("dirty-sync-count", 0), ram.get("dirty-pages-rate"), ram.get("remaining"),
            ram.get("transferred"), state.get("cpu-throttle-percentage")]


def migrate(options, source):
    """Start the migration and follow it: the last answer of query-migrate, and the history."""
    start = time.monotonic()
    source.call("migrate", uri=f"tcp:{options.address}:{PORT}")
    history, switched, cancelled = [], False, False
    while True:
        state = source.call("query-migrate")
        seconds = time.monotonic() - start
        syncs = state.get("ram", {}).get("dirty-sync-count")  # absent during set-up and once cancelled
        if not history or (syncs is not None and syncs != history[-1][1]):
            history.append(row(seconds, state))
        if ended(state):
            return state, history
        if options.method == "postcopy" and not switched and seconds >= options.postcopy_after:
            source.call("migrate-start-postcopy")
            switched = True
        if not cancelled and not switched and seconds > options.give_up_after:
            history.append(row(seconds, state))  # how long it was followed: its last synchronization may be long ago
            source.call("migrate_cancel")
            cancelled = True
        time.sleep(POLL_S)


def result(state):
    ram = state.get("ram", {})
    done = state["status"] == "completed"
    counters = {"total_ms": state.get("total-time"), "downtime_ms": state.get("downtime"),
                "dirty_syncs": ram.get("dirty-sync-count"), "normal_pages": ram.get("normal"),
                "zero_pages": ram.get("duplicate"), "transferred_bytes": ram.get("transferred"),
                "mbps": round(ram.get("mbps", 0), 2)}
    if not done:
        counters = dict.fromkeys(counters)
    if ram.get("postcopy-bytes"):
        counters["postcopy_requests"] = ram.get("postcopy-requests")
        counters["postcopy_bytes"] = ram["postcopy-bytes"]
    return {"status": state["status"], **counters}


def record(options, state, history):
    case = {"mem_MiB": options.mem, "fill_MiB": options.fill, "wws_pages": options.wws, "rate_pages_s": options.rate}
    if options.link is not None:
        case["link_Mbps"] = options.link
    if options.cap is not None:
        case["bw_Mbps"] = options.cap
    case["downtime_limit_ms"] = options.downtime_limit
    method = METHODS[options.method]
    if options.method == "postcopy":
        method += f" started after {options.postcopy_after} s"
    document = {"id": options.id, "setup": "link" if options.link is not None else "cap", "method": method, "case": case}
    if options.goodput is not None:
        document["goodput_Mbps"] = options.goodput
    document["nonzero_pages"] = options.nonzero
    document["ram_total_bytes"] = state.get("ram", {}).get("total")
    document["result"] = result(state)
    document["history"] = history
    return document


def run(options):
    processes = []
    try:
        processes.append(boot(options, "source", options.source_netns))
        wait_until_ready(options, processes[0])
        incoming = ("-incoming", f"tcp:{options.address}:{PORT}")
        processes.append(boot(options, "destination", options.destination_netns, incoming))
        source = Qmp(os.path.join(options.work, "source.qmp"))
        destination = Qmp(os.path.join(options.work, "destination.qmp"))
        prepare(options, source, destination)
        if options.realtime:
            for process in processes:
                hasten(process)
        state, history = migrate(options, source)
        if state["status"] == "failed":
            raise SystemExit(f"qmp_migrate: the migration failed: {state.get('error-desc', 'no reason given')}")
        return record(options, state, history)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("work", "kernel", "initrd", "accel", "source-netns", "destination-netns", "address", "out"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("bandwidth", "mem", "fill", "wws", "rate", "downtime-limit", "postcopy-after", "give-up-after"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--id", default="idle")
    parser.add_argument("--link", type=int)
    parser.add_argument("--cap", type=int)
    parser.add_argument("--nonzero", type=int)
    parser.add_argument("--goodput", type=float)
    parser.add_argument("--realtime", action="store_true")
    return parser.parse_args()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse_arguments()
    document = run(options)
    with open(options.out, "w") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
