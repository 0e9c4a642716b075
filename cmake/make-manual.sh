#!/bin/sh
# Has the program make its manual pages and what completes its commands.
# Usage: make-manual.sh PROGRAM FOLDER
set -eu
rm -rf "$2"
mkdir -p "$2"
"$1" man --out "$2/man"
"$1" completion bash >"$2/tandem"
"$1" completion zsh >"$2/_tandem"
gzip -9n "$2"/man/*.1 # -n: without the date, so that two builds are the same bytes
touch "$2/stamp"
