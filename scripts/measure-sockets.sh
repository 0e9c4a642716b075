#!/usr/bin/env bash
# Measures how two processes talk over shared memory, TCP and a socket pair, and writes a case for each way of talking.
#
# Compiles measure/common/ and measure/sockets/ into a temporary folder and runs it; the folder is gone when the script
# ends.
set -euo pipefail

usage() {
    cat <<'END'
usage: measure-sockets.sh --out FOLDER [options]

Two processes stand in the place of two virtual machines of one host. Each case becomes FOLDER/ID.json, with the costs of its
stages, each measured alone. Without the options that choose cases, a set of about sixty, which takes some three minutes.
Words in lists have commas between them.

The cases; every combination of what these say:
  --design LIST       ring: a ring of shared memory for each direction; tcp: TCP over the loopback interface; unix: a pair of
                      stream sockets (all three)
  --workload LIST     round-trip: a request and its answer, one under way; stream: message after message, one way (both)
  --bytes LIST        of a message: of the request and of the answer, or of each send, 1 to 1048576
                      (64,256,1024,4096,16384,65536)
  --receive LIST      that a stream's receiver asks for at a time, 1 to 1048576 (65536)
  --buffer LIST       of a ring, 64 to 16777216 (65536)
  --processors LIST   where they run: pinned: each side on its own; 1: both on one; all: anywhere (pinned)
  --poll US           how long a ring's side looks for data or room before it sleeps (0)

How they are measured:
  --seconds S         of a case, shared by its repeats, 0.05 to 600 (1.5); each repeat warms up before, at most 0.3 s
  --repeats N         1 to 99; the median counts, all are kept (3)

  --out FOLDER        where the cases go; it is made when it is not there
  --list              say which cases would be measured, and how long that takes; measures nothing
  --compile FILE      only compile, into FILE: a program that takes the other options, for who measures often
  --help

Runs without root, and wants an idle machine: a case during which others used more than 5 % of the processors says
"disturbed". Needs a C compiler (Debian: apt-get install gcc libc6-dev). docs/measuring-sockets.md explains what is measured
and what the costs mean.

Exit status: 0 all cases are written, 1 one could not be measured, 2 an option is wrong, 3 a tool is missing.
END
}

need_more() {
    :
}

name=measure-sockets
. "$(dirname "$0")/measure/common/measure.sh"
measure 'sockets -lm' "$@"
