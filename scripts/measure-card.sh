#!/usr/bin/env bash
# Measures how N client processes share one crypto service, and writes a case for each way of sharing.
#
# Compiles measure/common/ and measure/card/ into a temporary folder and runs it; the folder is gone when the script ends.
set -euo pipefail

usage() {
    cat <<'END'
usage: measure-card.sh --out FOLDER [options]

Client processes stand in the place of virtual machines that share a crypto card, OpenSSL in the place of the card. Each case
becomes FOLDER/ID.json, with the costs of its stages, each measured alone. Without the options that choose cases, a set of
about seventy, which takes some three minutes. Words in lists have commas between them.

The cases; every combination of what these say:
  --design LIST       slots: shared memory, one service thread for all; threads: shared memory, a thread per client;
                      stream: a stream socket per client, a thread per request; host: one process, no service (all four)
  --cipher LIST       none, sm4, sm3, sm2-verify, sm2-sign, aes, rsa-sign (sm4)
  --bytes LIST        of a request, 64 to 16384 (4096)
  --clients LIST      1 to 64 (1,2,4,8,16)
  --outstanding LIST  requests that a client has under way, 1 to 64 (1)
  --processors LIST   where they run: all: anywhere; pinned: the service on the first processor, clients on the others;
                      1: all on one (all)
  --slots S           of each client in shared memory, 1 to 64 (as many as it has requests under way)
  --poll US           how long a service thread looks for work before it sleeps (0)

How they are measured:
  --seconds S         of a case, shared by its repeats, 0.05 to 600 (1.5); each repeat warms up before, at most 0.3 s
  --repeats N         1 to 99; the median counts, all are kept (3)

  --out FOLDER        where the cases go; it is made when it is not there
  --list              say which cases would be measured, and how long that takes; measures nothing
  --compile FILE      only compile, into FILE: a program that takes the other options, for who measures often
  --help

Runs without root, and wants an idle machine: a case during which others used more than 5 % of the processors says
"disturbed". Needs a C compiler and OpenSSL 3 with its headers (Debian: apt-get install gcc libc6-dev libssl-dev).
docs/measuring-card.md explains what is measured and what the costs mean.

Exit status: 0 all cases are written, 1 one could not be measured, 2 an option is wrong, 3 a tool is missing.
END
}

need_more() {
    echo '#include <openssl/core.h>' | cc -E - >/dev/null 2>&1 ||
        lack "missing: the headers of OpenSSL 3 (Debian: apt-get install libssl-dev)"
}

name=measure-card
. "$(dirname "$0")/measure/common/measure.sh"
measure 'card -lcrypto -lpthread -lm' "$@"
