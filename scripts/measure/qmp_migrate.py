#!/usr/bin/env python3
"""Boot a pair of QEMU virtual machines, migrate one to the other, and write every counter as JSON.

Called by scripts/measure-qemu.sh, which makes the namespaces, the link and the initial file system. Only the standard
library is used. The two processes die with this one, however it ends.

The counters are QEMU's own (`query-migrate`), polled every 50 ms; `history` has one row for each change of
dirty-sync-count, and one when a migration is cancelled: seconds since the start, dirty-sync-count, dirty pages/s as
QEMU estimates it, remaining bytes, transferred bytes, throttle percentage.

What an option adds to a plain pre-copy is an Addition, a class of its own below. Additions add up: each brings its
words for QEMU, its capabilities and parameters, what it does while the migration runs, and what the case says of it.
"""
import argparse
import ctypes
import json
import os
import re
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
SIDES = ("source", "destination")


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


# ---- what options add ----


class Addition:
    """What one option adds. As it stands here: nothing."""

    kind = ""  # the word for what is measured, where it is more than a plain migration
    method = "precopy"  # how memory moves
    extra = ""  # a word after the method

    def capabilities(self, side):
        """Names of migration capabilities to switch on at that side."""
        return []

    def parameters(self, side):
        """Migration parameters to set at that side, by name."""
        return {}

    def qemu_words(self, side):
        """Further words of QEMU's command line at that side."""
        return []

    def follow(self, source, seconds):
        """Called at every look at the running migration. True: it must not be cancelled any more."""
        return False


class Basics(Addition):
    """The two parameters that every migration here has."""

    def __init__(self, options):
        self.values = {"max-bandwidth": options.bandwidth, "downtime-limit": options.downtime_limit}

    def parameters(self, side):
        return self.values if side == "source" else {}


class AutoConverge(Addition):
    extra = "auto-converge"

    def capabilities(self, side):
        return ["auto-converge"] if side == "source" else []


class Postcopy(Addition):
    def __init__(self, after_s):
        self.after_s, self.switched = after_s, False
        self.method = f"postcopy started after {after_s} s"

    def capabilities(self, side):
        return ["postcopy-ram"]

    def follow(self, source, seconds):
        if not self.switched and seconds >= self.after_s:
            source.call("migrate-start-postcopy")
            self.switched = True
        return self.switched


class Named(Addition):
    """Capabilities and parameters that the user names, at both sides."""

    def __init__(self, options):
        self.names = options.capability
        self.values = dict(parameter(text) for text in options.parameter)

    def capabilities(self, side):
        return self.names

    def parameters(self, side):
        return self.values


def parameter(text):
    """NAME=VALUE as name and a number, a truth value or a text."""
    name, value = text.split("=", 1)
    if re.fullmatch(r"[0-9]+", value):
        return name, int(value)
    return name, {"true": True, "false": False}.get(value, value)


def additions_of(options):
    additions = [Basics(options)]
    if options.auto_converge:
        additions.append(AutoConverge())
    if options.postcopy_after is not None:
        additions.append(Postcopy(options.postcopy_after))
    return additions + [Named(options)]


def capabilities_of(additions, side):
    return [name for addition in additions for name in addition.capabilities(side)]


def parameters_of(additions, side):
    return {name: value for addition in additions for name, value in addition.parameters(side).items()}


def method_of(additions):
    """As "precopy with auto-converge": the last method that is not plain pre-copy, and all extras."""
    method = next((a.method for a in reversed(additions) if a.method != Addition.method), Addition.method)
    return " with ".join([method] + [a.extra for a in additions if a.extra])


def kind_of(additions):
    return "+".join(a.kind for a in additions if a.kind) or "plain"


# ---- the two machines ----


def machine_words(options, side, additions):
    """The words that say what machine it is; without anything that it does not need: what is measured is memory."""
    words = ["-machine", "pc", "-accel", options.accel, "-smp", "1", "-m", str(options.mem), "-nodefaults",
             "-display", "none", "-vga", "none"]
    return words + [word for addition in additions for word in addition.qemu_words(side)]


def boot(options, side, netns, additions):
    path = os.path.join(options.work, side)
    for suffix in (".console", ".qmp"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)
    append = f"console=ttyS0 quiet panic=-1 fill={options.fill} wws={options.wws} rate={options.rate}"
    libraries = [f"LD_LIBRARY_PATH={options.libraries}"] if options.libraries else []
    # told to wait for where to listen, because some capabilities must be on before
    incoming = ["-incoming", "defer"] if side == "destination" else []
    firmware = [word for folder in options.firmware for word in ("-L", folder)]
    command = ["ip", "netns", "exec", netns, "env", *libraries, options.qemu, *firmware,
               *machine_words(options, side, additions),
               "-serial", f"file:{path}.console", "-kernel", options.kernel, "-initrd", options.initrd,
               "-append", append, "-qmp", f"unix:{path}.qmp,server=on,wait=off", *incoming]
    log = open(path + ".log", "w")
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent)


def wait_until_ready(options, process):
    """Waits until the guest works. Returns the kernel that it says it has, or None."""
    console = os.path.join(options.work, "source.console")
    deadline = time.monotonic() + BOOT_TIMEOUT_S
    while time.monotonic() < deadline:
        text = open(console, errors="replace").read() if os.path.exists(console) else ""
        if "READY" in text:
            time.sleep(SETTLE_S)
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


def migrate(options, source, additions):
    """Start the migration and follow it: the last answer of query-migrate, and the history."""
    start = time.monotonic()
    source.call("migrate", uri=f"tcp:{options.address}:{PORT}")
    history, cancelled = [], False
    while True:
        state = source.call("query-migrate")
        seconds = time.monotonic() - start
        syncs = state.get("ram", {}).get("dirty-sync-count")  # absent during set-up and once cancelled
        if not history or (syncs is not None and syncs != history[-1][1]):
            history.append(row(seconds, state))
        if ended(state):
            return state, history
        kept = [addition.follow(source, seconds) for addition in additions]
        if not cancelled and not any(kept) and seconds > options.give_up_after:
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


def inputs(options):
    case = {"mem_MiB": options.mem, "fill_MiB": options.fill, "wws_pages": options.wws, "rate_pages_s": options.rate}
    if options.link is not None:
        case["link_Mbps"] = options.link
    if options.cap is not None:
        case["bw_Mbps"] = options.cap
    case["downtime_limit_ms"] = options.downtime_limit
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
    if options.goodput is not None:
        document["goodput_Mbps"] = options.goodput
    document["nonzero_pages"] = options.nonzero
    document["ram_total_bytes"] = state.get("ram", {}).get("total")
    document["result"] = result(state)
    document["history"] = history
    return document


def run(options):
    additions, processes, machines = additions_of(options), [], {}
    try:
        processes.append(boot(options, "source", options.source_netns, additions))
        kernel = wait_until_ready(options, processes[0])
        processes.append(boot(options, "destination", options.destination_netns, additions))
        for side in SIDES:
            machines[side] = Qmp(os.path.join(options.work, side + ".qmp"))
        ran = {"qemu": emulator(options, machines["source"], additions), "kernel": kernel}
        prepare(options, machines, additions)
        if options.realtime:
            for process in processes:
                hasten(process)
        state, history = migrate(options, machines["source"], additions)
        if state["status"] == "failed":
            raise SystemExit(f"qmp_migrate: the migration failed: {state.get('error-desc', 'no reason given')}")
        return record(options, additions, ran, state, history)
    finally:
        for process in processes:
            process.kill()
            process.wait()


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
    for name in ("realtime", "auto-converge"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--libraries", help="folders of QEMU's own shared libraries, as LD_LIBRARY_PATH has them")
    parser.add_argument("--id", default="idle")
    parser.add_argument("--goodput", type=float)
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
