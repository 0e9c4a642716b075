#!/usr/bin/env bash
# Builds what is committed in two folders of different names and lengths, and compares all that would be installed.
# Usage: scripts/check-reproducible.sh
set -euo pipefail
[[ $# -eq 0 ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
cd "$(dirname "$0")/.."
export CCACHE_DISABLE=1 # a cache may name files as another build did
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for folder in one/tree another-and-longer/folder/tree; do
  mkdir -p "$work/$folder"
  git archive HEAD | tar -x -C "$work/$folder"
  cmake -S "$work/$folder" -B "$work/$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DCMAKE_INSTALL_PREFIX=/usr >/dev/null
  cmake --build "$work/$folder/build" >/dev/null
  DESTDIR=$work/$folder/root cmake --install "$work/$folder/build" >/dev/null
done
diff -r "$work/one/tree/root" "$work/another-and-longer/folder/tree/root"
echo "reproducible: two builds in two folders installed the same $(find "$work/one/tree/root" -type f | wc -l) files, byte by byte: tandem is $(
  sha256sum "$work/one/tree/root/usr/bin/tandem" | cut -d' ' -f1)"
