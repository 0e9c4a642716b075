#!/usr/bin/env bash
# Chinese texts (documents, pages, figures) use the words of docs/glossary.md: none has one of its rejected synonyms.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
mapfile -t texts < <(find . -name '*.zh.md' -not -path './build/*' -not -path './.git/*'; ls sim/report/resources/*.zh.json sim/figures/label.c)
rows=0
failed=0
while IFS='|' read -r _ _ word rejected _; do
  word=${word// /}
  rows=$((rows + 1))
  for synonym in ${rejected//、/ }; do
    found=$(grep -nF -- "$synonym" "${texts[@]}" || true)
    [ -z "$found" ] || { echo "\"$synonym\" stands where docs/glossary.md says \"$word\":"; echo "$found"; failed=1; }
  done
done < <(grep -E '^\| [a-z]' docs/glossary.md)
[ "$rows" -ge 20 ] || { echo "docs/glossary.md has $rows words, expected 20 or more"; failed=1; }
[ "$failed" = 0 ] && echo "passed: $rows words, ${#texts[@]} texts"
exit "$failed"
