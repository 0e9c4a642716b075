#!/usr/bin/env bash
# Holds the documents to the program: runs every block of commands that follows a line `<!-- tested -->`, compares what
# it prints with the block that follows `<!-- output -->`, compares a .zh.md's blocks with its English
# document's, and looks for the files that links name.
# Usage: check_documents.sh ROOT PROGRAM
set -euo pipefail
root=$1
program=$2
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

complain() {
  echo "documents: $1" >&2
  failed=1
}

# A folder that looks like the source tree after scripts/reproduce.sh, but takes the files that commands write.
mkdir -p "$work/tree/build/release"
ln -s "$program" "$work/tree/build/release/tandem"
ln -s "$root/scenarios" "$root/configs" "$root/tests" "$work/tree/"

# Splits a document into numbered files: N.tested (commands), N.output, N.block (any other fenced block).
split() {
  awk -v to="$2" '
    /^<!-- (tested|output) -->$/ { mark = $2; next }
    /^```/ && !inside { inside = 1; n++; file = sprintf("%s/%02d.%s", to, n, mark ? mark : "block"); printf "" > file; mark = ""; next }
    /^```/ { inside = 0; close(file); next }
    inside { print > file }
    !inside && NF { mark = "" }' "$1"
}

run_blocks() {
  local document=$1 blocks=$2 commands printed=$work/printed
  for commands in "$blocks"/*.tested; do
    [ -e "$commands" ] || continue
    (cd "$work/tree" && bash -euo pipefail "$commands") >"$printed" 2>"$work/errors" ||
      complain "$document: the commands of block $(basename "$commands") fail: $(head -n 3 "$work/errors")"
    ran=$((ran + 1))
    number=$(basename "$commands" .tested)
    output=$blocks/$(printf '%02d' $((10#$number + 1))).output
    [ ! -e "$output" ] || diff -u "$output" "$printed" >&2 || complain "$document: block $number prints something else"
  done
}

check_links() {
  local document=$1 link
  grep -o '](\([^)]*\))' "$root/$document" | sed 's/^](//; s/)$//; s/#.*//' | grep -v '^https\?:' | sort -u |
    while read -r link; do
      [ -z "$link" ] || [ -e "$(dirname "$root/$document")/$link" ] || echo "$link"
    done
}

ran=0
for document in README.md README.zh.md $(cd "$root" && ls docs/*.md docs/models/*.md scenarios/labs/*.md); do
  blocks=$work/$document
  mkdir -p "$blocks"
  split "$root/$document" "$blocks"
  case $document in # X.md comes before X.zh.md
  *.zh.md) diff -ru "$work/${document%.zh.md}.md" "$blocks" >&2 || complain "$document: its blocks differ from the English ones" ;;
  *) run_blocks "$document" "$blocks" ;;
  esac
  for link in $(check_links "$document"); do complain "$document: no file $link"; done
done
[ "$ran" -ge 8 ] || complain "only $ran tested blocks found"
echo "documents: $ran blocks of commands ran"
exit "$failed"
