#!/usr/bin/env bash
# Makes each small change of tests/mutations in a scratch copy of the tree, builds it there, and says which of the claims
# and tests that should notice it did. A claim that no change can make fail tells nothing.
# Usage: scripts/mutate.sh [NAME...]      NAME: of tests/mutations/NAME.patch (default: all of them)
#
# Claims name their mutations in configs/claims, and results/papers/claims.csv has them; tests are named in the patch, by
# lines "Test: NAME". Prints a CSV table, mutation,kind,name,verdict: "noticed", or "missed". Exit status: 0 all were
# noticed, 1 one was missed, 2 a mutation that there is not, or that does not apply.
set -euo pipefail
[[ ${1:-} != -* ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
cd "$(dirname "$0")/.."
patches=$PWD/tests/mutations
claims=$PWD/results/papers/claims.csv

names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(cd "$patches" && ls -- *.patch | sed 's/[.]patch$//')
for name in "${names[@]}"; do
  [ -f "$patches/$name.patch" ] || { echo "mutate.sh: no mutation $name in tests/mutations" >&2; exit 2; }
  patch -p1 -F0 -s --dry-run <"$patches/$name.patch" >/dev/null 2>&1 ||
    { echo "mutate.sh: mutation $name does not apply to this tree" >&2; exit 2; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tar --exclude=./build --exclude=./.git -cf - . | tar -xf - -C "$scratch"
cd "$scratch"
export TANDEM_DATA=$scratch
cmake --preset dev >/dev/null

# Lines "PAPER ID" of the claims that name the mutation: the first two columns and the last one have no commas in them.
claims_of() {
  awk -F, -v name="$1" 'NR > 1 { n = split($NF, all, " "); for (i = 1; i <= n; i++) if (all[i] == name) print $2, $1 }' "$claims"
}

# What the program says of these papers' claims; a change that makes it wait for ever is ended after half an hour.
reproduce() {
  cmake --build --preset dev --target tandem >&2 && timeout 1800 build/dev/tandem reproduce "$@" 2>/dev/null || true
}

missed=0
say() { # KIND NAME NOTICED
  local verdict=noticed
  [ "$3" = yes ] || { verdict=missed; missed=1; }
  echo "$mutation,$1,$2,$verdict"
}

try_claims() {
  local wanted papers judged id
  wanted=$(claims_of "$mutation")
  [ -n "$wanted" ] || return 0
  mapfile -t papers < <(cut -d' ' -f1 <<<"$wanted" | sort -u)
  judged=$(reproduce "${papers[@]}")
  for id in $(cut -d' ' -f2 <<<"$wanted"); do
    say claim "$id" "$(awk -v id="$id" '$2 == id && $1 == "FAIL" { print "yes" }' <<<"$judged" | head -n 1)"
  done
}

try_tests() {
  local test
  for test in $(sed -n 's/^Test: //p' "$patches/$mutation.patch"); do
    cmake --build --preset dev --target "$test" >&2
    if ctest --preset dev -R "^$test\$" >/dev/null 2>&1; then say test "$test" no; else say test "$test" yes; fi
  done
}

echo mutation,kind,name,verdict
for mutation in "${names[@]}"; do
  patch -p1 -F0 -s <"$patches/$mutation.patch"
  try_claims
  try_tests
  patch -p1 -F0 -s -R <"$patches/$mutation.patch"
done
exit "$missed"
