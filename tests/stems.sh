#!/usr/bin/env bash
# Every source file has a test of its stem, or a place in docs/developing.md's table of what holds the others; and who
# stands in that table is there, has no test of its own, and is held by tests that there are.
# Usage: stems.sh ROOT
set -euo pipefail
cd "$1"
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Each line of what comes in is somebody of whom this is to be said.
complain() { sed "s/^/stems: $1/; s/\$/$2/" >>"$work/said"; }

rows() { sed -n '/^| held by | files |$/,/^$/p' docs/developing.md | grep '^| `'; }
words() { grep -o '`[^`]*`' | tr -d '`'; }

find models sim -name '*.c' -printf '%f\n' | sed 's/\.c$//' | sort -u >"$work/stems"
# test_X is tests/**/test_X.c, or a script of that name; fuzz_X is tests/fuzz/fuzz_X.c
find tests \( -name 'test_*.c' -o -name 'test_*.sh' -o -name 'fuzz_*.c' \) -printf '%f\n' | sed 's/\..*//' | sort >"$work/tests"
sed -n 's/^test_//p' "$work/tests" | sort | comm -12 - "$work/stems" >"$work/held"
rows | cut -d'|' -f3 | words | sort >"$work/listed"
rows | cut -d'|' -f2 | words | sort -u >"$work/holders"

sort -u "$work/held" "$work/listed" | comm -23 "$work/stems" - | complain '' '.c has no test of its stem and no place in docs\/developing.md'
sort -u "$work/listed" | comm -13 "$work/stems" - | complain 'docs\/developing.md: there is no ' '.c'
comm -12 "$work/held" "$work/listed" | complain 'docs\/developing.md: ' ' has a test of its own'
uniq -d "$work/listed" | complain 'docs\/developing.md: ' ' stands twice'
grep -v / "$work/holders" | comm -23 - "$work/tests" | complain 'docs\/developing.md: there is no test ' ''
grep / "$work/holders" | while read -r path; do [ -e "$path" ] || echo "$path"; done | complain 'docs\/developing.md: there is no ' ''
cat "$work/said" >&2
[ ! -s "$work/said" ]
