"""--client: what clients outside feel of a guest that answers requests while it is migrated.

The guest has a virtio network card on a tap of its host's virtual switch; those of both hosts hang on one switch, which
learns where an address is. Behind it, clients.c asks: datagrams in an open load, requests over one TCP connection, a new
connection now and then, pings. It stamps all of them with the host's clock.
"""
import os
import platform
import re
import statistics
import subprocess
import time

import qmp
from additions import Addition
from stamps import by_phase, gaps, microseconds, milliseconds, waits, write_rows

GUEST = "198.51.100.2"  # reserved for documentation (RFC 5737)
MAC = "52:54:00:12:34:56"
TAPS = {"source": "tap0", "destination": "tap0"}
CONNECT_PER_S = 1
PING_PER_S = 100
REQUEST_BYTES = 64
SATURATE_S = 6
OFFERS = 4  # chosen: the first is too much where a guest serves more when it always has a request, and the next are near
ENOUGH = 0.97  # chosen: of what was offered; a Poisson number of a thousand differs by as much
MORE = 1.05  # chosen: than what was served the last time
WINDOW = 16  # chosen: enough that the guest always has a request, few enough that none is dropped
PATIENCE_S = 90  # beyond what clients.c itself waits for a backlog
REALTIME = 2  # before QEMU, which has 1
SETTINGS = ("tcp_congestion_control", "tcp_early_retrans", "tcp_frto", "tcp_recovery", "tcp_retries2", "tcp_rto_min_us",
            "tcp_sack", "tcp_syn_linear_timeouts", "tcp_syn_retries", "tcp_timestamps")


class Client(Addition):
    kind = "client"

    def __init__(self, options):
        self.options, self.process, self.capacity = options, None, options.capacity
        self.known = options.capacity is not None
        self.saturated = None
        self.where = qmp.processors(options.client_processors)
        self.table = os.path.join(options.work, "exchanges")
        self.tcp = {}

    def qemu_words(self, side):
        return ["-netdev", f"tap,id=lan,ifname={TAPS[side]},script=no,downscript=no",
                "-device", f"virtio-net-pci,netdev=lan,mac={MAC},romfile="]

    def guest_words(self):
        return [f"serve={self.options.work_us}", f"address={GUEST}"]

    def clients(self, *words, **streams):
        command = ["ip", "netns", "exec", self.options.client_netns, self.options.clients, GUEST, *map(str, words)]
        return qmp.start(command, self.where, REALTIME if self.options.realtime else None, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, **streams)

    def served(self, *words):
        self.process = self.clients(*words, stdin=subprocess.DEVNULL)
        said = self.expect("the capacity", self.process.communicate()[0])
        return float(re.search(r"capacity_per_s=([\d.]+)", said)[1])

    def saturate(self):
        """Requests/s that the guest serves when it always has some, and nothing else happens than its own writing to memory."""
        return self.served("saturate", SATURATE_S, WINDOW)

    def offer(self, per_s):
        """Requests/s that it serves of so many that come when they come, beside the pings."""
        return self.served("offer", SATURATE_S, per_s, self.options.seed, PING_PER_S)

    def open_capacity(self):
        """The most that it serves of an open load: each request that comes alone costs more than one of many, so that less is
        served than by saturate; and of too much perhaps still less, so that the next offer is a little more than was served."""
        rate, most = self.saturated, 0
        for _ in range(OFFERS):
            most = max(most, self.offer(rate))
            if most >= ENOUGH * self.saturated:
                break
            rate = MORE * most
        return round(most, 3)

    def expect(self, what, said):
        """What it said, when it ended well."""
        if self.process.wait() == 0:
            return said
        raise SystemExit(f"qmp_migrate: the clients failed ({what}): {said.strip() or 'no reason given'}")

    def udp_per_s(self):
        if self.options.udp is not None:
            return float(self.options.udp)
        rate = self.options.load * self.capacity - self.options.tcp
        if rate <= 0:
            raise SystemExit(f"qmp_migrate: a load of {self.options.load} of {self.capacity:.0f} requests/s is less than "
                             f"the {self.options.tcp} by TCP")
        return rate

    def lead(self):
        if not self.known:
            self.saturated = self.saturate()
            self.capacity = self.open_capacity()
        self.udp = self.udp_per_s()
        asked = self.options
        self.process = self.clients("ask", self.udp, asked.arrivals, asked.seed, asked.tcp, asked.tcp_window, CONNECT_PER_S,
                                    PING_PER_S, asked.after, self.table, stdin=subprocess.PIPE)
        said = self.process.stdout.readline()
        if said.strip() != "READY":
            self.expect("start", said)
        return self.options.before

    def tell(self, word):
        try:
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.expect(word, self.process.stdout.read())
            raise SystemExit("qmp_migrate: the clients ended too early") from None

    def started(self):
        self.tell("start")

    def trail(self, stamps):
        self.tell("after")
        deadline = time.monotonic() + self.options.after + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        if self.process.poll() is None:
            raise SystemExit("qmp_migrate: the clients do not end")
        for line in self.expect("end", self.process.stdout.read()).splitlines():
            when, *pairs = line.split()
            self.tcp[when] = {name: int(value) for name, value in (pair.split("=") for pair in pairs)}

    def read(self):
        """Each stream's exchanges: (sent, answered or None) in seconds."""
        streams = {"udp": [], "tcp": [], "connect": [], "ping": [], "resent": []}
        with open(self.table) as file:
            for line in file:
                name, sent, answered = line.rstrip("\n").split(",")
                streams[name].append((int(sent) / qmp.NS_PER_S, int(answered) / qmp.NS_PER_S if answered else None))
        return streams

    def settings(self):
        """Of TCP where the clients are; a kernel that does not have one does not say it."""
        paths = [f"/proc/sys/net/ipv4/{name}" for name in SETTINGS]
        said = subprocess.run(["ip", "netns", "exec", self.options.client_netns, "grep", "-s", "", *paths],
                              stdout=subprocess.PIPE, text=True, check=False).stdout
        pairs = (line.rsplit("/", 1)[1].split(":", 1) for line in said.splitlines())
        return {name: int(value) if value.isdigit() else value for name, value in pairs}

    def inputs(self):
        asked = self.options
        return {"work_us": asked.work_us, "request_bytes": REQUEST_BYTES, "capacity_per_s": self.capacity,
                "saturated_per_s": self.saturated, "capacity_measured": not self.known, "load": asked.load if asked.udp is None else None,
                "udp_per_s": round(self.udp, 3), "arrivals": asked.arrivals, "seed": asked.seed, "tcp_per_s": asked.tcp,
                "tcp_window": asked.tcp_window, "connect_per_s": CONNECT_PER_S, "ping_per_s": PING_PER_S, "before_s": asked.before, "after_s": asked.after,
                "processors": asked.client_processors, "neighbour": "permanent", "kernel": platform.release(),
                "settings": self.settings()}

    def outcome(self, stamps):
        streams = self.read()
        rows = [(name, microseconds(sent, stamps.start), microseconds(answered, stamps.start))
                for name, exchanges in streams.items() for sent, answered in exchanges]
        write_rows(os.path.join(self.options.work, "case.exchanges.csv"), "stream,sent_us,answered_us",
                   sorted(rows, key=lambda row: row[1]))
        felt = {name: by_phase(stamps, streams[name]) for name in ("udp", "tcp", "connect")}
        for name in ("tcp", "connect"):
            felt[name]["step_ms"] = step(stamps, streams[name])
        felt["ping"] = {**waits(streams["ping"]), **blackout(stamps, streams["ping"])}
        felt["tcp_connection"] = {**self.tcp, "resent_s": [round(sent - stamps.start, 3) for sent, _ in streams["resent"]]}
        return {"client": {**self.inputs(), **service(stamps, streams["udp"] + streams["tcp"])}, "felt": felt, "exchanges": f"{self.options.name}.exchanges.csv"}

    def close(self):
        if self.process:
            qmp.end(self.process)


def service(stamps, exchanges):
    """What the server takes for a request among others, before the migration: the times between two answers of which the second
    one's request had been sent before the first answer came, their mean and their coefficient of variation."""
    answers = sorted((answered, sent) for sent, answered in exchanges if answered is not None and answered < stamps.start)
    busy = [later[0] - earlier[0] for earlier, later in zip(answers, answers[1:]) if later[1] < earlier[0]]
    if len(busy) < 2:
        return {"service_ms": None, "service_cv": None}
    mean = statistics.fmean(busy)
    return {"service_ms": milliseconds(mean), "service_cv": round(statistics.pstdev(busy) / mean, 4)}


def step(stamps, exchanges):
    """How long the one waited that waited longest, of those that were answered after the migration's start."""
    return milliseconds(max((answered - sent for sent, answered in exchanges
                             if answered is not None and answered >= stamps.start), default=None))


def blackout(stamps, pings):
    """The longest times between two answered pings, before the migration and from its start on."""
    answers = [answered for _, answered in pings if answered is not None]
    before = gaps(t for t in answers if t < stamps.start)
    since = gaps(t for t in answers if t >= stamps.start)
    longest = [milliseconds(gap) for gap, _ in since[:2]] + [None, None]
    return {"blackout_ms": longest[0], "next_longest_ms": longest[1],
            "longest_before_ms": milliseconds(before[0][0]) if before else None}
