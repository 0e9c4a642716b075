"""Runs the clients of measure-qemu.sh against a server that drops every fifth datagram, and looks at what they noted.
Usage: check_qemu_clients.py CLIENTS, where port 7000 of 127.0.0.1 is free."""
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

BYTES = 64
DROPPED = 5


def serve_datagrams():
    while True:
        data, sender = datagrams.recvfrom(BYTES)
        if int.from_bytes(data[:8], sys.byteorder) % DROPPED != DROPPED - 1:
            datagrams.sendto(data, sender)


def echo(connection):
    try:
        while data := connection.recv(BYTES):
            connection.sendall(data)
    except OSError:
        pass  # the clients have gone
    connection.close()


def serve_connections():
    while True:
        threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()


def fail(text):
    print(f"measure_qemu: clients: {text}", file=sys.stderr)
    sys.exit(1)


datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener = socket.socket()
for one in (datagrams, listener):
    one.bind(("127.0.0.1", 7000))
listener.listen()
for work in (serve_datagrams, serve_connections):
    threading.Thread(target=work, daemon=True).start()

table = os.path.join(tempfile.mkdtemp(), "exchanges")
words = "ask 300 poisson 1 100 1 20 50 0.5".split()
process = subprocess.Popen([sys.argv[1], "127.0.0.1", *words, table], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
if process.stdout.readline() != "READY\n":
    fail("they do not start")
for word in ("start\n", "after\n"):
    time.sleep(0.5)
    process.stdin.write(word)
    process.stdin.flush()
said = process.stdout.read()
if process.wait() != 0 or [line.split()[0] for line in said.splitlines()] != ["start", "end"]:
    fail(f"status {process.returncode}, {said}")

streams = {}
for line in open(table):
    name, sent, answered = line.rstrip("\n").split(",")
    streams.setdefault(name, []).append((int(sent), int(answered) if answered else None))
os.remove(table)
os.rmdir(os.path.dirname(table))
if sorted(name for name in streams if name != "resent") != ["connect", "ping", "tcp", "udp"]:
    fail(f"streams {sorted(streams)}")
for name, exchanges in streams.items():
    lost = [i for i, (_, answered) in enumerate(exchanges) if answered is None]
    expected = [i for i in range(len(exchanges)) if name == "udp" and i % DROPPED == DROPPED - 1]
    if name != "resent" and lost != expected:
        fail(f"{name}: of {len(exchanges)} were lost {lost[:9]}, expected {expected[:9]} (the first nine)")
    if any(answered is not None and answered < sent for sent, answered in exchanges):
        fail(f"{name}: an answer before its request")
    if [sent for sent, _ in exchanges] != sorted(sent for sent, _ in exchanges):
        fail(f"{name}: not in the order of sending")
if any(after[0] < before[1] for before, after in zip(streams["tcp"], streams["tcp"][1:])):
    fail("a request over TCP did not wait for the one before")
gaps = [after[0] - before[0] for before, after in zip(streams["udp"], streams["udp"][1:])]
mean = sum(gaps) / len(gaps)
if sum(1 for gap in gaps if gap < mean / 4) < len(gaps) / 10:  # of exponential gaps 22 % are as short, of even ones none
    fail("poisson arrivals are evenly spaced")

said = subprocess.run([sys.argv[1], "127.0.0.1", "saturate", "0.5", "4"], stdout=subprocess.PIPE, text=True, check=False)
if said.returncode != 0 or float(said.stdout.split("=")[1]) <= 0:
    fail(f"saturate: {said}")
offered = subprocess.run([sys.argv[1], "127.0.0.1", "offer", "1", "400", "1", "20"], stdout=subprocess.PIPE, text=True,
                         check=False)
if offered.returncode != 0 or not 240 < float(offered.stdout.split("=")[1]) < 400:  # 320 of 400 are answered, Poisson
    fail(f"offer: {offered}")
ended = subprocess.run([sys.argv[1], "127.0.0.1", *words, "/dev/null"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, text=True, check=False)
if ended.returncode != 1 or "nobody wants to know" not in ended.stderr:
    fail(f"input that ended: {ended}")
