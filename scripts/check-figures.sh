#!/usr/bin/env bash
# Looks for texts that lie on each other or reach out of the picture, in every SVG of the folders: Chromium says where each
# text stands, turned ones too. Prints a line for each finding; exit 1 when there was one, 2 for bad usage, 77 (skipped)
# without Chromium.
# Usage: scripts/check-figures.sh FILE.svg|FOLDER...
set -euo pipefail
[[ $# -gt 0 && $1 != -* ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ ${1:-} == --help || ${1:-} == -h ]] && exit 0 || exit 2; }
command -v chromium >/dev/null || { echo "skipped: no chromium (scripts/setup.sh --developer installs it)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mapfile -t figures < <(find -L "$@" -name '*.svg' | sort)
[ ${#figures[@]} -gt 0 ] || { echo "check-figures: no .svg in $*" >&2; exit 2; }

# A text is the four corners of its box on the page, a little smaller, since letters do not fill it. Two boxes lie on each
# other when no side of either parts them (separating axes).
read -r -d '' look <<'END' || true
function corners(text) {
  const b = text.getBBox(), m = text.getScreenCTM(), dx = Math.min(2, b.width / 4), dy = b.height * 0.2
  return [[b.x + dx, b.y + dy], [b.x + b.width - dx, b.y + dy], [b.x + b.width - dx, b.y + b.height - dy], [b.x + dx, b.y + b.height - dy]]
    .map(([x, y]) => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f])
}
function parts(a, b) {
  return a.some((p, i) => {
    const q = a[(i + 1) % 4], n = [p[1] - q[1], q[0] - p[0]], on = c => c.map(r => r[0] * n[0] + r[1] * n[1])
    return Math.max(...on(a)) <= Math.min(...on(b)) || Math.max(...on(b)) <= Math.min(...on(a))
  })
}
addEventListener("load", () => {
  const said = []
  let texts = 0
  document.querySelectorAll("figure").forEach(figure => {
    const svg = figure.querySelector("svg"), edge = svg.getBoundingClientRect()
    const all = [...svg.querySelectorAll("text")].filter(t => t.textContent.trim()).map(t => ({ name: t.textContent.trim().replace(/\s+/g, " "), box: corners(t) }))
    texts += all.length
    all.forEach((one, i) => {
      if (one.box.some(([x, y]) => x < edge.left - 1 || x > edge.right + 1 || y < edge.top - 1 || y > edge.bottom + 1))
        said.push(figure.id + ": \"" + one.name + "\" reaches out of the picture")
      all.slice(i + 1).forEach(other => {
        if (!parts(one.box, other.box) && !parts(other.box, one.box))
          said.push(figure.id + ": \"" + one.name + "\" lies on \"" + other.name + "\"")
      })
    })
  })
  document.body.textContent = said.join("\n") + "\nchecked " + texts + " texts"
})
END
{
  echo '<!DOCTYPE html><meta charset="utf-8"><body>'
  for figure in "${figures[@]}"; do
    echo "<figure id=\"$figure\">"
    sed -n '/<svg/,$p' "$figure" # without the XML declaration, which no page has inside
    echo '</figure>'
  done
  echo "<script>$look</script>"
} >"$work/page.html"
timeout $((600 * ${TANDEM_TEST_PATIENCE:-1})) chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
  --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$work/profile" \
  --dump-dom "file://$work/page.html" 2>/dev/null |
  sed -n '/<body>/,$p' | sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | grep -v '^$' >"$work/said"
grep -q '^checked [1-9]' "$work/said" || { echo "check-figures: no text was found; are these figures?" >&2; exit 1; }
found=$(grep -cv '^checked ' "$work/said" || true)
grep -v '^checked ' "$work/said" || true
echo "${#figures[@]} figures, $(sed -n 's/^checked //p' "$work/said"): $found findings"
[ "$found" -eq 0 ]
