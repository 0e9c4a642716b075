"""Processor time of QEMU's threads, by what they do, and what a page or a byte costs each.

The kernel counts it in nanoseconds (/proc/PID/task/TID/schedstat). Threads end with the migration, so they are looked at
while it runs, together with QEMU's own counters: a cost is the time between the first and the last look that saw the
migration run, over what the counters grew by meanwhile.
"""
import os
import re
import time

NS_PER_S = 1e9
BUSY = (0, 1, 2, 5, 6)  # of a line of /proc/stat: user, nice, system, and what interrupts take, which no thread is told of

# What QEMU calls its threads when it is told to (-name debug-threads=on): of 10.0 migration/migration.c, multifd.c;
# what 7.2 called them. A destination receives without multifd in its main thread.
ROLES = {"guest": r"CPU \d+/", "main": r"mig/src/main|live_migration", "send": r"mig/src/send|multifdsend",
         "receive": r"mig/dst/recv|multifdrecv", "rest": r""}


def role_of(name):
    return next(role for role, pattern in ROLES.items() if re.match(pattern, name))


def times(pid):
    """Seconds of processor time by role, of the threads that there are."""
    seconds = dict.fromkeys(ROLES, 0.0)
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                spent = int(file.read().split()[0])
            with open(f"/proc/{pid}/task/{thread}/comm") as file:
                seconds[role_of(file.read().strip())] += spent / NS_PER_S
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            pass
    return seconds


def busy(processors):
    """Seconds that processors of these numbers were at work, whoever had them; to a hundredth."""
    with open("/proc/stat") as file:
        rows = [line.split() for line in file if line.startswith("cpu")]
    ticks = sum(int(row[1 + field]) for row in rows if row[0][3:].isdigit() and int(row[0][3:]) in processors
                for field in BUSY)
    return ticks / os.sysconf("SC_CLK_TCK")


def less(one, other):
    return {key: one[key] - other[key] for key in one}


def guest_share(pid, seconds):
    """Waits, and returns the share of a processor that the guest has had meanwhile; None: there was no wait."""
    before, start = times(pid)["guest"], time.monotonic()
    time.sleep(seconds)
    return round((times(pid)["guest"] - before) / (time.monotonic() - start), 4) if seconds else None


def rounded(seconds):
    return {name: round(value, 6) for name, value in seconds.items()}


class Account:
    """Looks at the threads of both sides while a migration runs, and at the processors of sides that have their own."""

    def __init__(self, pids, processors, every_s, spinners):
        """pids, processors: by side; a set, or None: any. every_s: looking takes a processor a millisecond or two.
        spinners: whose turns are counted too."""
        self.pids, self.every_s, self.spinners = pids, every_s, spinners
        apart = all(processors.values()) and processors["source"].isdisjoint(processors["destination"])
        self.processors = processors if apart else {}
        self.first = self.last = None
        self.due_s = 0

    def seen(self, side):
        own = {"processors": busy(self.processors[side])} if self.processors else {}
        return {**times(self.pids[side]), **own}

    def spun(self, now_s):
        return {"turns": self.spinners.turns(), "passed": now_s} if self.spinners.pids else {}

    def look(self, state):
        """At an answer of query-migrate, just given."""
        ram, now_s = state.get("ram"), time.monotonic()
        if state["status"] != "active" or not ram or now_s < self.due_s:
            return
        self.due_s = now_s + self.every_s
        counted = {"normal": ram["normal"], "zero": ram["duplicate"], "wire": ram["transferred"]}
        self.last = (counted, {side: self.seen(side) for side in self.pids}, self.spun(now_s))
        self.first = self.first or self.last

    def document(self):
        """Seconds by side and role, and what was counted meanwhile; None: it was over too soon."""
        if self.first is None or self.last[0]["wire"] <= self.first[0]["wire"]:
            return None
        spent = {side: rounded(less(seen, self.first[1][side])) for side, seen in self.last[1].items()}
        spun = {"spun": rounded(less(self.last[2], self.first[2]))} if self.spinners.pids else {}
        return {**less(self.last[0], self.first[0]), **spent, **spun}
