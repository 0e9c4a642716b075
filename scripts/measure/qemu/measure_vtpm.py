"""--vtpm: a guest that calls its vTPM while both are migrated, as QEMU moves them.

At each side swtpm emulates the TPM, with a folder of its own for its state: QEMU hands the state over within the
migration's stream, no storage is shared. A program in the guest (guest_tpm.c) writes a line to its second serial port when
it issues a call and when it is answered. Those lines are stamped here, because the guest's clock stands still while it
is stopped; its own stamps are kept beside.
"""
import hashlib
import os
import re
import subprocess
import threading
import time

import qmp
from additions import Addition
from stamps import by_phase, gaps, microseconds, milliseconds, quantile, write_rows

DELAYED = 10  # chosen: what takes longer by so many times the median call before the migration, and than all then, is late
READ_EACH = 16  # each so many-th call reads the PCR; as in guest_tpm.c
LAST_S = 1  # chosen: for the answer to a call that is under way at the end
BLOB = re.compile(r"tpm_emulator_get_state_blob.*type (\d+), (\d+) bytes")
BLOBS = {"1": "permanent_bytes", "2": "volatile_bytes", "3": "savestate_bytes"}  # PTM_BLOB_TYPE_* of swtpm's tpm_ioctl.h


class Calls:
    """What the guest says of its calls, on either host's serial port."""

    def __init__(self):
        self.issued, self.answered = {}, {}  # number: (seconds of the host's clock, microseconds of the guest's)
        self.codes, self.reads = {}, []  # number: what went wrong, E and errno or a TPM2 code; (number, PCR in hexadecimal)
        self.rest, self.lock = b"", threading.Lock()  # of a line: the guest may end it at the other host

    def line(self, text, now):
        word, *rest = text.split() or [""]
        try:
            if word == "i":
                self.issued[int(rest[0])] = (now, int(rest[1]))
            elif word == "a":
                self.answered[int(rest[0])] = (now, int(rest[1]))
                if rest[2] != "0":
                    self.codes[int(rest[0])] = rest[2]
            elif word == "r":
                self.reads.append((int(rest[0]), rest[1]))
        except (IndexError, ValueError):
            pass  # a line of which the beginning is missing: the guest wrote before anybody listened

    def listen(self, path):
        """Until QEMU closes the port. One that does not start is complained of by whoever waits for its guest."""
        try:
            connection = qmp.connect(path, "no port")
        except SystemExit:
            return
        self.hear(connection)

    def hear(self, connection):
        while True:
            try:
                got = connection.recv(4096)
            except OSError:
                return
            if not got:
                return
            now = time.monotonic()
            with self.lock:
                *lines, self.rest = (self.rest + got).split(b"\n")
                for line in lines:
                    self.line(line.decode(errors="replace"), now)

    def since(self, begin):
        """[(number, issued, answered or None)] from that time on, in order."""
        return [(number, issued, self.answered.get(number, (None,))[0])
                for number, (issued, _) in sorted(self.issued.items()) if issued >= begin]


class Vtpm(Addition):
    kind = "vtpm"

    def __init__(self, options):
        self.options, self.processes, self.calls = options, [], Calls()
        self.begin = None

    def path(self, side, what):
        return os.path.join(self.options.work, f"{side}.{what}")

    def qemu_words(self, side):
        return ["-tpmdev", "emulator,id=tpm0,chardev=swtpm", "-device", "tpm-tis,tpmdev=tpm0",
                "-device", "isa-serial,chardev=calls,index=1"]

    def local_words(self, side):
        return ["-chardev", f"socket,id=swtpm,path={self.path(side, 'swtpm')}",
                "-chardev", f"socket,id=calls,path={self.path(side, 'calls')},server=on,wait=off",
                "-trace", "tpm_emulator_get_state_blob"]

    def guest_words(self):
        return [f"vtpm={self.options.call}", f"interval={self.options.interval}"]

    def before_boot(self, side):
        state = self.path(side, "tpmstate")
        subprocess.run(["rm", "-rf", state, self.path(side, "swtpm"), self.path(side, "calls")], check=True)
        os.mkdir(state)
        command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}",
                   "--ctrl", f"type=unixio,path={self.path(side, 'swtpm')}"]
        where = qmp.processors(self.options.processors)
        if side == "destination":
            where = qmp.processors(self.options.destination_processors) or where
        with open(self.path(side, "swtpm.log"), "w") as log:
            self.processes.append(qmp.start(command, where, 1 if self.options.realtime else None,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        deadline = time.monotonic() + 20
        while not os.path.exists(self.path(side, "swtpm")):
            if time.monotonic() > deadline or self.processes[-1].poll() is not None:
                raise SystemExit("qmp_migrate: swtpm did not open its control socket")
            time.sleep(0.05)

    def after_boot(self, side):
        threading.Thread(target=self.calls.listen, args=(self.path(side, "calls"),), daemon=True).start()

    def lead(self):
        self.begin = time.monotonic()
        return self.options.before

    def trail(self, stamps):
        time.sleep(max(0, stamps.back() + self.options.after + LAST_S - time.monotonic()))

    def state_bytes(self):
        """Of swtpm's state as the source's QEMU handed it over, by part; what was not handed over is null."""
        parts = dict.fromkeys(BLOBS.values())
        with open(self.path("source", "log"), errors="replace") as log:
            for kind, count in BLOB.findall(log.read()):
                if kind in BLOBS:
                    parts[BLOBS[kind]] = int(count)
        return parts

    def chain(self, stamps):
        """Whether what was read of the PCR is what the calls before must have made of it.

        Whether an extend without a response was carried out is not known: it may be either."""
        if self.options.call != "extend":
            return None
        values, number, seen = {bytes(32)}, 0, False
        for read, text in self.calls.reads:
            for number in range(number, read):
                values = after_call(values, number, self.calls.codes.get(number, "0"))
            number, values = read, {value for value in values if value.hex() == text.lower()}
            if not values:
                return "broken"
            seen = seen or self.calls.answered.get(read, (0,))[0] > stamps.back()
        return "kept" if seen else "not read after the migration"

    def outcome(self, stamps):
        calls = [call for call in self.calls.since(self.begin) if call[1] <= stamps.back() + self.options.after]
        rows = [(number, microseconds(issued, stamps.start), microseconds(answered, stamps.start),
                 self.calls.issued[number][1], self.calls.answered.get(number, (None, None))[1])
                for number, issued, answered in calls]
        write_rows(os.path.join(self.options.work, "case.calls.csv"),
                   "call,issued_us,answered_us,guest_issued_us,guest_answered_us", rows)
        exchanges = [(issued, answered) for _, issued, answered in calls]
        return {"vtpm": {**self.inputs(), "state": self.state_bytes()},
                "called": {**by_phase(stamps, exchanges), **silence(stamps, exchanges), "pcr": self.chain(stamps),
                           "response_codes": sorted(set(self.calls.codes.values()))},
                "calls": f"{self.options.name}.calls.csv"}

    def inputs(self):
        version = subprocess.run(["swtpm", "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
        number = re.search(r"version ([\d.]+)", version)
        return {"swtpm": number and number[1], "call": self.options.call, "interval_ms": self.options.interval,
                "before_s": self.options.before, "after_s": self.options.after}

    def close(self):
        for process in self.processes:
            qmp.end(process)


def after_call(values, number, code):
    """What the PCR may hold after that call, from what it may have held before."""
    if number % READ_EACH == READ_EACH - 1 or (code != "0" and not code.startswith("E")):
        return values
    extended = {hashlib.sha256(value + number.to_bytes(8, "big") + bytes(24)).digest() for value in values}
    return extended if code == "0" else values | extended


def silence(stamps, exchanges):
    """How long nobody was answered, and whom that delayed, from the migration's start on."""
    answers = [answered for _, answered in exchanges if answered is not None]
    before = sorted(gap for gap, at in gaps(answers) if at < stamps.start)
    took = sorted(a - i for i, a in exchanges if a is not None and a < stamps.start)
    since = gaps(t for t in answers if t >= stamps.start)
    longest = [milliseconds(gap) for gap, _ in since[:2]] + [None, None]
    usual = quantile(before, 0.5)
    summary = {"usual_gap_ms": milliseconds(usual), "longest_gap_ms": longest[0], "next_longest_gap_ms": longest[1],
               "calls_delayed": None, "without_s": None}
    if before and took:
        late = DELAYED * quantile(took, 0.5)
        summary["calls_delayed"] = sum(1 for issued, answered in exchanges
                                       if answered is None or (answered >= stamps.start and
                                                               answered - issued > max(late, took[-1])))
        summary["without_s"] = round(sum(gap - usual for gap, _ in since if gap > max(usual + late, before[-1])), 6)
    return summary
