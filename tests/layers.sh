#!/usr/bin/env bash
# What layers.cmake cannot tell: the core of the world names no part, no include lines go round in a ring, and no calls do
# between folders. A stem is a .c with its .h.
# Usage: layers.sh ROOT [OBJECT...]      OBJECT: of models/ and sim/, compiled
set -euo pipefail
cd "$1"
shift
status=0

# "migration" is also a request that anybody makes, "network" what joins hosts, and "traffic" a word for what that carries
parts=$(find sim/parts -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | grep -vx 'migration\|network\|traffic' | paste -sd'|')
if grep -rnE "#include \"sim/parts/|(migration|network|traffic)_part|\b($parts|flow)(s|_[a-z]+)?\b" sim/world --include='*.[ch]'; then
  echo "layers: the core of the world names a part" >&2
  status=1
fi

if grep -nE "migration|\b($parts|flow)(s|_[a-z]+)?\b" sim/cli/summary.[ch] sim/output/trace.[ch]; then
  echo "layers: the summary or the trace names a part" >&2
  status=1
fi

# Each include line as "from to", stems only.
edges() {
  grep -rE '^#include "(models|sim)/' models sim --include='*.[ch]' |
    sed -E 's/^([^:]*)\.[ch]:#include "([^"]*)\.h".*/\1 \2/' | awk '$1 != $2' | sort -u
}
if ! edges | tsort >/dev/null; then
  echo "layers: include lines go round in a ring" >&2
  status=1
fi

# Who uses whose functions and tables, as "from to" of folders and stems. parts.c is a list: it names every part, and whoever
# goes through all parts asks it.
uses() {
  nm -A "$@" | awk '
    { file = $1; sub(/:.*/, "", file); sub(/.*[.]dir[/]/, "", file); sub(/[.]c[.]o$/, "", file) }
    $(NF - 1) ~ /^[TDRB]$/ { home[$NF] = file }
    $(NF - 1) == "U" { used[file " " $NF] = 1 }
    END {
      for (use in used) {
        split(use, pair, " ")
        to = home[pair[2]]
        if (to && to != pair[1] && (to " " pair[1]) !~ /sim[/]parts[/]parts/) print pair[1], to
      }
    }' | sort -u
}
# The stems of one folder count as one where they go round among themselves: only what leaves the folder is looked at.
folders() { sed -E 's,/[^/ ]+( |$),\1,g' | awk '$1 != $2' | sort -u; }
if [ $# -gt 0 ]; then
  calls=$(uses "$@")
  [ "$(wc -l <<<"$calls")" -gt 100 ] || { echo "layers: no calls found in the objects" >&2; status=1; }
  if ! folders <<<"$calls" | tsort >/dev/null; then
    echo "layers: calls between folders go round in a ring" >&2
    status=1
  fi
fi
exit $status
