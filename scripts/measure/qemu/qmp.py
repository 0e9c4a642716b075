"""QEMU's control socket, and how processes of a measurement are started."""
import ctypes
import json
import os
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1
NS_PER_S = 1e9


class Qmp:
    """One QMP connection: call(command, argument=value) returns its answer. Events that come meanwhile are kept."""

    def __init__(self, path):
        self.socket = connect(path, "QEMU did not open its control socket")
        self.stream = self.socket.makefile("r")  # one for both directions would forget, when it is written to, what it has read
        self.stream.readline()  # greeting
        self.events = []
        self.call("qmp_capabilities")

    def call(self, command, **arguments):
        self.socket.sendall((json.dumps({"execute": command, "arguments": arguments}) + "\n").encode())
        for line in self.stream:
            answer = json.loads(line)
            if "event" in answer:
                self.events.append(answer)
            if "error" in answer:
                raise SystemExit(f"qmp_migrate: {command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise SystemExit(f"qmp_migrate: QEMU went away during {command}")

    def event_s(self, name, since_s):
        """When the first such event after that time was, by CLOCK_MONOTONIC; None: there was none.

        QEMU stamps its events itself, with the clock of the day."""
        ahead_s = time.time() - time.monotonic()
        for event in self.events:
            stamp = event["timestamp"]
            seconds = stamp["seconds"] + 1e-6 * stamp["microseconds"] - ahead_s
            if event["event"] == name and seconds >= since_s:
                return seconds
        return None


def connect(path, complaint):
    """A connection to a socket that somebody else is about to open."""
    deadline = time.monotonic() + 20
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            if time.monotonic() > deadline:
                raise SystemExit(f"qmp_migrate: {complaint}") from None
            time.sleep(0.1)


def processors(text):
    """"0,1" as a set; None as None: anywhere."""
    return {int(number) for number in text.split(",")} if text else None


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, where=None, priority=None, **streams):
    """Starts a process that dies with this one, on those processors (a set; None: any), with that real-time priority."""

    def become():
        die_with_parent()
        if where:
            os.sched_setaffinity(0, where)
        if priority:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(priority))

    return subprocess.Popen(command, preexec_fn=become, **streams)


def end(process):
    process.kill()
    process.wait()
