#!/usr/bin/env bash
# Every mutation applies to the tree as it is and is named by a claim or names a test that there is; every mutation that a
# claim names is there; and results/papers/mutations.csv says of each of these pairs that it was noticed.
# Usage: tests/mutations/check.sh TREE
set -euo pipefail
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "$1" >&2; failed=1; }

# "MUTATION,KIND,NAME", of claims (the id is their first column, mutations the last one) and of the patches' tests.
awk -F, 'NR > 1 { n = split($NF, all, " "); for (i = 1; i <= n; i++) print all[i] ",claim," $1 }' \
  results/papers/claims.csv >"$work/wanted"
for patch in tests/mutations/*.patch; do
  name=$(basename "$patch" .patch)
  patch -p1 -F0 -s --dry-run <"$patch" >/dev/null 2>&1 || complain "$patch does not apply"
  for test in $(sed -n 's/^Test: //p' "$patch"); do
    echo "$name,test,$test" >>"$work/wanted"
    [ -n "$(find tests -name "$test.c")" ] || complain "$patch: there is no test $test"
  done
  grep -q "^$name," "$work/wanted" || complain "$patch is named by no claim, and names no test"
done
while IFS=, read -r name _; do
  [ -f "tests/mutations/$name.patch" ] || complain "a claim names $name, which is not in tests/mutations"
done <"$work/wanted"

sed 's/$/,noticed/' "$work/wanted" | sort >"$work/expected"
tail -n +2 results/papers/mutations.csv | sort >"$work/found"
diff "$work/expected" "$work/found" >"$work/differs" ||
  complain "results/papers/mutations.csv (>) is not that each of these (<) was noticed:
$(cat "$work/differs")"
exit "$failed"
