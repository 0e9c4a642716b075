#!/usr/bin/env bash
# What layers.cmake cannot tell: the core of the world names no part, and no include lines go round in a ring. A stem is a
# .c with its .h.
# Usage: layers.sh ROOT
set -euo pipefail
cd "$1"
status=0

# "migration" is also a request that anybody makes, and "traffic" a word for what a network carries
parts=$(find sim/parts -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | grep -vx 'migration\|traffic' | paste -sd'|')
if grep -rnE "#include \"sim/parts/|(migration|traffic)_part|\b($parts|flow)(s|_[a-z]+)?\b" sim/world --include='*.[ch]'; then
  echo "layers: the core of the world names a part" >&2
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
exit $status
