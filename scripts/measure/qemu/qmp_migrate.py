#!/usr/bin/env python3
"""Boot a pair of QEMU virtual machines, migrate one to the other, and write every counter as JSON.

Called by scripts/measure-qemu.sh, which makes the namespaces, the link and the initial file system. Only the standard
library is used. The two processes die with this one, however it ends.

The counters are QEMU's own (`query-migrate`), polled every 50 ms; `history` has one row for each change of
dirty-sync-count, and one when a migration is cancelled: seconds since the start, dirty-sync-count, dirty pages/s as
QEMU estimates it, remaining bytes, transferred bytes, throttle percentage.

What an option adds to a plain pre-copy is an Addition (additions.py). A measurement that looks at more than QEMU's counters
has stamps too: when the migration started, the guest stopped, ran again, and all was over, on the clock that what was
seen is stamped with.
"""
import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time

import qmp
from additions import AutoConverge, Basics, Named, Postcopy, capabilities_of, kind_of, method_of, parameters_of
from measure_client import Client
from measure_vtpm import Vtpm
from stamps import Stamps
from streams import streams_of
from spinners import Spinners
from threads import Account, guest_share

BOOT_TIMEOUT_S = 300
POLL_S = 0.05
LOOK_S = 0.5  # at threads, which disturbs what they do
IDLE_LOOK_S = 0  # of a migration that may take half a second: at each poll
PORT = 4444
SIDES = ("source", "destination")
RESUME_TIMEOUT_S = 20


def additions_of(options):
    additions = [Basics(options)]
    if options.auto_converge:
        additions.append(AutoConverge())
    if options.postcopy_after is not None:
        additions.append(Postcopy(options.postcopy_after))
    additions += streams_of(options)
    if options.client_netns:
        additions.append(Client(options))
    if options.vtpm:
        additions.append(Vtpm(options))
    return additions + [Named(options)]


def machine_words(options, side, additions):
    """The words that say what machine it is; without anything that it does not need: what is measured is memory."""
    words = ["-machine", "pc", "-accel", options.accel, "-smp", "1", "-m", str(options.mem), "-nodefaults",
             "-display", "none", "-vga", "none"]
    return words + [word for addition in additions for word in addition.qemu_words(side)]


def where_of(options):
    """The processors of each side's QEMU, a set; None: any."""
    source = qmp.processors(options.processors)
    return {"source": source, "destination": qmp.processors(options.destination_processors) or source}


def boot(options, side, netns, additions):
    path = os.path.join(options.work, side)
    for suffix in (".console", ".qmp"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)
    append = " ".join([f"console=ttyS0 quiet panic=-1 fill={options.fill} wws={options.wws} rate={options.rate}",
                       *([f"content={options.content}"] if options.content else []),
                       *(word for addition in additions for word in addition.guest_words())])
    libraries = [f"LD_LIBRARY_PATH={options.libraries}"] if options.libraries else []
    # told to wait for where to listen, because some capabilities must be on before
    incoming = ["-incoming", "defer"] if side == "destination" else []
    firmware = [word for folder in options.firmware for word in ("-L", folder)]
    command = ["ip", "netns", "exec", netns, "env", *libraries, options.qemu, *firmware,
               *machine_words(options, side, additions),
               *(word for addition in additions for word in addition.local_words(side)),
               "-name", "tandem,debug-threads=on", "-serial", f"file:{path}.console", "-kernel", options.kernel,
               "-initrd", options.initrd, "-append", append,
               "-qmp", f"unix:{path}.qmp,server=on,wait=off", *incoming]
    for addition in additions:
        addition.before_boot(side)
    with open(path + ".log", "w") as log:
        process = qmp.start(command, where_of(options)[side], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    for addition in additions:
        addition.after_boot(side)
    return process


def spinners_of(options):
    """On the processors that both sides have, where costs are measured."""
    where = where_of(options)
    return Spinners(where["source"] if options.spin and where["source"] and where["source"] == where["destination"] else {})


def wait_until_ready(options, process):
    """Waits until the guest works. Returns the kernel that it says it has, or None."""
    console = os.path.join(options.work, "source.console")
    deadline = time.monotonic() + BOOT_TIMEOUT_S
    while time.monotonic() < deadline:
        text = open(console, errors="replace").read() if os.path.exists(console) else ""
        if "READY" in text:
            kernel = re.search(r"^KERNEL (.+?)\s*$", text, re.MULTILINE)
            return kernel and kernel[1]
        if "FAILED" in text or process.poll() is not None:
            break
        time.sleep(0.2)
    log = open(os.path.join(options.work, "source.log"), errors="replace").read().strip()
    raise SystemExit(f"qmp_migrate: the guest did not start: {(log or text).splitlines()[-1:] or 'no output'}")


def prepare(options, machines, additions):
    for side in SIDES:
        parameters = parameters_of(additions, side)
        capabilities = [{"capability": name, "state": True} for name in capabilities_of(additions, side)]
        if capabilities:
            machines[side].call("migrate-set-capabilities", capabilities=capabilities)
        if parameters:
            machines[side].call("migrate-set-parameters", **parameters)
    machines["destination"].call("migrate-incoming", uri=f"tcp:{options.address}:{PORT}")


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


def migrate(options, source, additions, account):
    """Start the migration and follow it: the last answer of query-migrate, the history, and when it started."""
    start = time.monotonic()
    source.call("migrate", uri=f"tcp:{options.address}:{PORT}")
    for addition in additions:
        addition.started()
    history, cancelled = [], False
    while True:
        state = source.call("query-migrate")
        account.look(state)
        seconds = time.monotonic() - start
        syncs = state.get("ram", {}).get("dirty-sync-count")  # absent during set-up and once cancelled
        if not history or (syncs is not None and syncs != history[-1][1]):
            history.append(row(seconds, state))
        if ended(state):
            return state, history, start
        kept = [addition.follow(source, seconds) for addition in additions]
        if not cancelled and not any(kept) and seconds > options.give_up_after:
            history.append(row(seconds, state))  # how long it was followed: its last synchronization may be long ago
            source.call("migrate_cancel")
            cancelled = True
        time.sleep(POLL_S)


def stamps_of(machines, state, start):
    """QEMU's own: its events, and what it says the migration took. The destination may need a moment to resume."""
    if state["status"] != "completed":
        return Stamps(start, None, None, time.monotonic())
    deadline = time.monotonic() + RESUME_TIMEOUT_S
    resume = None
    while resume is None and time.monotonic() < deadline:
        machines["destination"].call("query-status")  # its events come with the answer
        resume = machines["destination"].event_s("RESUME", start)
        time.sleep(POLL_S)
    stop = machines["source"].event_s("STOP", start)
    if stop is None or resume is None:
        raise SystemExit("qmp_migrate: QEMU did not say when the guest stopped and ran again")
    return Stamps(start, stop, resume, start + 1e-3 * state["total-time"])


def result(state):
    ram = state.get("ram", {})
    done = state["status"] == "completed"
    counters = {"total_ms": state.get("total-time"), "setup_ms": state.get("setup-time"), "downtime_ms": state.get("downtime"),
                "dirty_syncs": ram.get("dirty-sync-count"), "normal_pages": ram.get("normal"),
                "zero_pages": ram.get("duplicate"), "transferred_bytes": ram.get("transferred"),
                "mbps": round(ram.get("mbps", 0), 2)}
    if not done:
        counters = dict.fromkeys(counters)
    if ram.get("postcopy-bytes"):
        counters["postcopy_requests"] = ram.get("postcopy-requests")
        counters["postcopy_bytes"] = ram["postcopy-bytes"]
    return {"status": state["status"], **counters}


def inputs(options):
    case = {"mem_MiB": options.mem, "fill_MiB": options.fill, "wws_pages": options.wws, "rate_pages_s": options.rate}
    if options.link is not None:
        case["link_Mbps"] = options.link
    if options.cap is not None:
        case["bw_Mbps"] = options.cap
    case["downtime_limit_ms"] = options.downtime_limit
    if options.content:
        case["content"] = options.content
    return case


def emulator(options, source, additions):
    """What ran: QEMU's version as it says it itself, and the words that made the machine."""
    version = source.call("query-version")
    numbers = version["qemu"]
    return {"version": f"{numbers['major']}.{numbers['minor']}.{numbers['micro']}", "build": version["package"],
            "accel": options.accel, "options": " ".join(machine_words(options, "source", additions))}


def record(options, additions, ran, state, history):
    document = {"id": options.id, "kind": kind_of(additions), **ran, "modules": options.module,
                "setup": "link" if options.link is not None else "cap", "method": method_of(additions),
                "migration": {"capabilities": capabilities_of(additions, "source"),
                              "parameters": parameters_of(additions, "source")},
                "case": inputs(options)}
    if options.costs:
        with open(options.costs) as file:
            document["costs"] = json.load(file)["costs"]
    if options.processors:
        document["processors"] = {"source": options.processors,
                                  "destination": options.destination_processors or options.processors}
    if options.goodput is not None:
        document["goodput_Mbps"] = options.goodput
    document["nonzero_pages"] = options.nonzero
    document["ram_total_bytes"] = state.get("ram", {}).get("total")
    document["result"] = result(state)
    document["history"] = history
    return document


def prepare_machines(options, processes, additions, spinners):
    """Both machines and what the case says of them."""
    machines = {}
    processes.append(boot(options, "source", options.source_netns, additions))
    kernel = wait_until_ready(options, processes[0])
    share = spinners.settle(lambda: guest_share(processes[0].pid, options.settle))
    processes.append(boot(options, "destination", options.destination_netns, additions))
    for side in SIDES:
        machines[side] = qmp.Qmp(os.path.join(options.work, side + ".qmp"))
    ran = {"qemu": emulator(options, machines["source"], additions), "kernel": kernel, "guest_share": share,
           **spinners.document()}
    prepare(options, machines, additions)
    if options.realtime:
        for process in processes:
            hasten(process)
    return machines, ran


def run(options):
    additions, processes, spinners = additions_of(options), [], spinners_of(options)
    measured = kind_of(additions) != "plain" and not options.idle
    try:
        machines, ran = prepare_machines(options, processes, additions, spinners)
        if measured:
            time.sleep(max(addition.lead() for addition in additions))
        account = Account({side: process.pid for side, process in zip(SIDES, processes)}, where_of(options),
                          IDLE_LOOK_S if options.idle else LOOK_S, spinners)
        state, history, start = migrate(options, machines["source"], [] if options.idle else additions, account)
        if state["status"] == "failed":
            raise SystemExit(f"qmp_migrate: the migration failed: {state.get('error-desc', 'no reason given')}")
        document = {**record(options, additions, ran, state, history), "threads": account.document()}
        if measured:
            stamps = stamps_of(machines, state, start)
            document["stamps"] = stamps.document()
            for addition in additions:
                addition.trail(stamps)
            for addition in additions:
                document.update(addition.outcome(stamps))
        return document
    finally:
        for addition in additions:
            addition.close()
        spinners.close()
        for process in processes:
            qmp.end(process)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("work", "qemu", "kernel", "initrd", "accel", "source-netns", "destination-netns", "address", "out"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("bandwidth", "mem", "fill", "wws", "rate", "downtime-limit", "give-up-after"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("link", "cap", "nonzero", "postcopy-after"):
        parser.add_argument(f"--{name}", type=int)
    for name in ("firmware", "module", "capability", "parameter"):
        parser.add_argument(f"--{name}", action="append", default=[])
    add_measurements(parser)
    add_streams(parser)
    for name in ("realtime", "auto-converge", "vtpm"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--spin", action="store_true", help="find out what processors have left for others")
    parser.add_argument("--idle", action="store_true", help="only migrate: nothing is asked of the guest")
    parser.add_argument("--libraries", help="folders of QEMU's own shared libraries, as LD_LIBRARY_PATH has them")
    parser.add_argument("--id", default="idle")
    parser.add_argument("--goodput", type=float)
    return parser.parse_args()


def add_streams(parser):
    """What streams.py adds."""
    for name in ("channels", "xbzrle-cache", "time-limit"):
        parser.add_argument(f"--{name}", type=int)
    for name in ("compress", "at-time-limit", "content", "costs"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--settle", type=float, default=6)
    parser.add_argument("--tls", action="store_true")


def add_measurements(parser):
    """What --client and --vtpm measure with."""
    for name in ("processors", "destination-processors", "client-processors", "client-netns", "clients", "arrivals", "name",
                 "call"):
        parser.add_argument(f"--{name}")
    for name in ("work-us", "udp", "tcp", "tcp-window", "seed", "interval"):
        parser.add_argument(f"--{name}", type=int)
    for name in ("load", "capacity", "before", "after"):
        parser.add_argument(f"--{name}", type=float)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse_arguments()
    document = run(options)
    with open(options.out, "w") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
