"""The phases of a migration by the host's clock, and what was seen in each.

Stamps are seconds of CLOCK_MONOTONIC; None is a date that never came. A migration has the phases before its start,
during (until the guest is stopped), stopped (until it runs at the destination), postcopy (pages are still pulled; only
where there is such a time), and after.
"""
from dataclasses import dataclass
from typing import Optional

POSTCOPY_LEAST_S = 0.5  # chosen: a pre-copy ends within a few milliseconds of the guest's resuming


@dataclass
class Stamps:
    start: float
    stop: Optional[float]  # the guest stopped at the source
    resume: Optional[float]  # it runs at the destination
    end: float  # QEMU says that it has completed, or was cancelled

    def phases(self):
        """[(name, from, to)], in order."""
        if self.stop is None or self.resume is None:
            return [("before", float("-inf"), self.start), ("during", self.start, self.end),
                    ("after", self.end, float("inf"))]
        phases = [("before", float("-inf"), self.start), ("during", self.start, self.stop),
                  ("stopped", self.stop, self.resume)]
        after = self.resume
        if self.end - self.resume > POSTCOPY_LEAST_S:
            phases.append(("postcopy", self.resume, self.end))
            after = self.end
        return phases + [("after", after, float("inf"))]

    def back(self):
        """When everything was over: the guest runs, and with all its pages."""
        return self.end if self.resume is None else max(self.resume, self.end)

    def document(self):
        since = {"start_s": self.start, "stop_s": self.stop, "resume_s": self.resume, "end_s": self.end}
        stopped = self.stop is not None and self.resume is not None
        return {**{name: relative(value, self.start) for name, value in since.items()},
                "stopped_ms": milliseconds(self.resume - self.stop) if stopped else None}


def relative(value, start):
    return None if value is None else round(value - start, 6)


def milliseconds(seconds):
    return None if seconds is None else round(1000 * seconds, 3)


def quantile(ordered, share):
    """The nearest rank; None of nothing."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def waits(exchanges):
    """Of [(sent, answered or None)]: how many there were, were lost, and how long the others took."""
    took = sorted(answered - sent for sent, answered in exchanges if answered is not None)
    summary = {"count": len(exchanges), "lost": len(exchanges) - len(took)}
    for name, value in (("median", quantile(took, 0.5)), ("p95", quantile(took, 0.95)), ("p99", quantile(took, 0.99)),
                        ("longest", took[-1] if took else None)):
        summary[f"{name}_ms"] = milliseconds(value)
    return summary


def by_phase(stamps, exchanges):
    """waits() of those that were answered in each phase, or lost when they had been sent in it, and of all."""
    parts = {name: waits([e for e in exchanges if begin <= (e[0] if e[1] is None else e[1]) < end])
             for name, begin, end in stamps.phases()}
    return {**parts, "all": waits(exchanges)}


def gaps(answers):
    """The times between answers that follow one another, the longest first: [(seconds, from when)]."""
    ordered = sorted(answers)
    return sorted(((b - a, a) for a, b in zip(ordered, ordered[1:])), reverse=True)


def write_rows(path, header, rows):
    """A table; None is an empty cell."""
    with open(path, "w") as file:
        file.write(header + "\n")
        for one in rows:
            file.write(",".join("" if cell is None else str(cell) for cell in one) + "\n")


def microseconds(value, start):
    return None if value is None else round(1e6 * (value - start))
