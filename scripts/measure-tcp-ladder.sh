#!/usr/bin/env bash
# Measures when this machine's kernel sends again what TCP has no answer to, and writes a case for each setting.
#
# Compiles measure/common/ and measure/tcp/ into a temporary folder and runs it; the folder is gone when the script ends.
set -euo pipefail

usage() {
    cat <<'END'
usage: measure-tcp-ladder.sh --out FOLDER [options]

A client and a server talk over the loopback interface of a network namespace, so that nothing of the machine's own settings
changes. For the time of a blackout a socket filter drops all that comes to the server, and the client's kernel sends again
by its timers; a packet socket notes when. Each case becomes FOLDER/ID.json. All run side by side: the whole takes as long as
the longest, with the default cases half a minute. Words in lists have commas between them.

The cases; every combination of what these say:
  --sent LIST         segment: of a connection that is open; syn: the one that opens it (both)
  --probe LIST        of a segment, tail-loss probe (tcp_early_retrans): on, off (both)
  --linear LIST       of a SYN, tcp_syn_linear_timeouts, 0 to 20; a kernel before 6.5 has only 0 (4,0)
  --rto-min LIST      of a segment, tcp_rto_min_us in milliseconds, 10 to 10000, which kernels have from 6.11; 0: as it is (0)
  --blackout LIST     milliseconds without an answer, 1 to 120000 (500,1000,2000,3500,9000)

  --repeats N         1 to 99; the median counts, all are kept (3)
  --out FOLDER        where the cases go; it is made when it is not there
  --list              say which cases would be measured, and how long that takes; measures nothing
  --compile FILE      only compile, into FILE: a program that takes the other options, for who measures often
  --help

Runs as root, or as anybody where users may make namespaces. Needs a C compiler (Debian: apt-get install gcc libc6-dev).
docs/models/network.md explains what is measured.

Exit status: 0 all cases are written, 1 one could not be measured, 2 an option is wrong, 3 a tool is missing, 4 this machine
allows no network namespaces or packet sockets.
END
}

need_more() {
    :
}

name=measure-tcp-ladder
. "$(dirname "$0")/measure/common/measure.sh"
measure 'tcp -lm' "$@"
