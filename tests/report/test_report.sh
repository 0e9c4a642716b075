#!/usr/bin/env bash
# Reports in a real browser: no console message, every claim in the table, nothing wider than the page at the width of a
# phone and of a desktop, no script and nothing from the network in the page.
# Usage: test_report.sh TANDEM [SCREENSHOTS]      Exit 77 (skipped) when Chromium or gnuplot is not installed.
set -euo pipefail
tandem=$1
shots=${2:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
for program in chromium gnuplot; do
  command -v $program >/dev/null || { echo "skipped: no $program (scripts/setup.sh --developer installs it)"; exit 77; }
done
work=$(mktemp -d /tmp/tandem-report-XXXXXX)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

scenario=$root/scenarios/papers/vm-vtpm/testbed.json
"$tandem" reproduce vm-vtpm --out "$work/papers" -j 2 >/dev/null 2>&1 || [ $? -eq 1 ]
"$tandem" run "$scenario" --out "$work/run" >/dev/null
"$tandem" sweep "$scenario" --out "$work/sweep" --quiet \
  --set '/sweep={"axes":[{"pointer":"/timeline/0/method","values":["vm","joint"]},{"pointer":"/guests/0/memory","values":["512MiB","256MiB"]}],"repeats":2}'
for kind in papers run sweep; do
  "$tandem" plot "$work/$kind" >/dev/null
  "$tandem" report "$work/$kind" --out "$work/$kind-en.html" >/dev/null
  "$tandem" report "$work/$kind" --out "$work/$kind-zh.html" --lang zh >/dev/null
done

browse() { # WIDTH PAGE OPTION...
  local width=$1 page=$2; shift 2
  rm -rf "$work/profile"
  timeout $((600 * ${TANDEM_TEST_PATIENCE:-1})) chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$work/profile" \
    --hide-scrollbars --enable-logging=stderr --window-size="$width,900" "$@" "file://$page" 2>"$work/stderr"
}

# A copy with a probe: the page in a frame of the width to test, and how much wider its content is.
probe='<script>addEventListener("load",function(){var d=document.documentElement,w=[];document.querySelectorAll("body *").forEach(function(e){if(e.closest(".scroll,pre,svg"))return;var r=e.getBoundingClientRect();if(r.right>d.clientWidth+1)w.push(e.tagName)});d.setAttribute("data-probe","width "+innerWidth+" over "+(d.scrollWidth-d.clientWidth)+" wide "+w.length+" rows "+document.querySelectorAll("#claims tbody tr").length+" figures "+document.querySelectorAll("figure img").length)})</script>'
claims=$(grep -c '"id":' "$work/papers/claims.json")
for page in "$work"/{papers,run,sweep}-{en,zh}.html; do
  name=$(basename "$page" .html)
  grep -q '<script' "$page" && fail "$name holds a script"
  grep -Eq '(src|href|url\()=?.?https?://' "$page" && fail "$name wants the network"
  { cat "$page"; echo "$probe"; } >"$work/probe.html"
  for width in 500 1280; do # 500: the narrowest window that headless Chromium makes; the frame below is a phone's
    found=$(browse $width "$work/probe.html" --dump-dom | grep -o 'data-probe="[^"]*"' || true)
    case $found in *" over 0 wide 0 "*) ;; *) fail "$name at $width: $found" ;; esac
  done
  grep -q CONSOLE "$work/stderr" && fail "$name: $(grep CONSOLE "$work/stderr")"
  case $name in papers-*) case $found in *"rows $claims "*) ;; *) fail "$name: $found, expected $claims claims" ;; esac ;; esac
  case $found in *"figures 0"*) fail "$name shows no figure" ;; esac
  printf '<body style="margin:0"><iframe id="f" src="probe.html" style="width:390px;height:840px;border:0"></iframe><script>onload=function(){document.body.setAttribute("data-phone",document.getElementById("f").contentDocument.documentElement.getAttribute("data-probe"))}</script>' >"$work/phone.html"
  found=$(browse 500 "$work/phone.html" --allow-file-access-from-files --dump-dom | grep -o 'data-phone="[^"]*"' || true)
  case $found in *"width 390 over 0 wide 0 "*) ;; *) fail "$name on a phone: $found" ;; esac
  if [ -n "$shots" ]; then
    browse 1280 "$page" --screenshot="$shots/$name.png" >/dev/null
    cp "$page" "$work/probe.html"
    browse 500 "$work/phone.html" --screenshot="$shots/$name-phone.png" >/dev/null
  fi
done
echo "passed: six pages, two languages, three widths; $claims claims"
