"""Threads that always want a processor, one on each, and count their turns: what they are left with tells how much of it
everything else takes, interrupts and what they cost besides included, of which no thread's time tells."""
import mmap
import os
import signal
import struct
import time

import qmp

TURNS = 1000  # chosen: some 20 us between two counts


class Spinners:
    def __init__(self, processors):
        """processors: a set; empty: there are none, and all that is told is what waited."""
        self.processors, self.pids, self.per_s = sorted(processors), [], None
        self.counts = mmap.mmap(-1, 8 * max(len(processors), 1))

    def begin(self, at, processor):
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        qmp.die_with_parent()
        os.sched_setaffinity(0, {processor})
        turns = 0
        while os.getppid() == parent:
            for _ in range(TURNS):
                pass
            turns += 1
            struct.pack_into("q", self.counts, 8 * at, turns)
        os._exit(0)

    def turns(self):
        return sum(struct.unpack_from(f"{len(self.pids)}q", self.counts))

    def settle(self, wait):
        """Begins, calls wait, and notes how many turns there are a second meanwhile. Returns what it returned."""
        self.pids = [self.begin(at, processor) for at, processor in enumerate(self.processors)]
        before, start = self.turns(), time.monotonic()
        result = wait()
        self.per_s = (self.turns() - before) / (time.monotonic() - start)
        return result

    def document(self):
        return {"spinners": {"processors": len(self.pids), "turns_per_s": round(self.per_s, 1)}} if self.pids else {}

    def close(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.pids = []
