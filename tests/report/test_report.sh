#!/usr/bin/env bash
# Reports in a real browser: no console message, every claim in the tables, nothing wider than the page at the width of a
# phone and of a desktop, no script but the time line's and nothing from the network in the page; the time line is used
# by clicks and by keys.
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
"$tandem" run "$scenario" --set /engine/page_tiles=64 --out "$work/run" >/dev/null
"$tandem" sweep "$scenario" --out "$work/sweep" --quiet \
  --set '/sweep={"axes":[{"pointer":"/timeline/0/method","values":["vm","joint"]},{"pointer":"/guests/0/memory","values":["512MiB","256MiB"]}],"repeats":2}'
cp -r "$root/results/papers/validate" "$work/validate"
cp -r "$root/results/papers/sensitivity/vm-vtpm" "$work/sensitivity"
for kind in papers run sweep validate sensitivity; do
  case $kind in validate|sensitivity) ;; *) "$tandem" plot "$work/$kind" >/dev/null ;; esac
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
probe='<script>addEventListener("load",function(){var d=document.documentElement,w=[];document.querySelectorAll("body *").forEach(function(e){if(e.closest(".scroll,pre,svg")||!e.checkVisibility())return;var r=e.getBoundingClientRect();if(r.right>d.clientWidth+1)w.push(e.tagName)});d.setAttribute("data-probe","width "+innerWidth+" over "+(d.scrollWidth-d.clientWidth)+" wide "+w.length+" rows "+document.querySelectorAll("#claims tbody tr").length+" figures "+document.querySelectorAll("figure img").length)})</script>'
# What somebody does with the time line, and what must be seen: each failed wish is named. The page itself, with its own
# policy, says nothing on the console (browse's stderr is looked at by whoever calls).
wishes='<script>addEventListener("load",function(){
var box=document.getElementById("timeline"),said=[],span=function(){return box.dataset.to-box.dataset.from};
function wish(what,holds){if(!holds)said.push(what)}
function click(id){document.getElementById(id).click()}
function key(k){document.activeElement.dispatchEvent(new KeyboardEvent("keydown",{key:k,bubbles:true,cancelable:true}))}
var whole=span(),all=+box.dataset.shown;
wish("the time line is shown",!box.hidden&&whole>0&&all>5);
click("zoom-in");click("zoom-in");wish("zooming in halves the window twice",Math.abs(span()-whole/4)<1e-6*whole);
wish("zooming in shows fewer marks",+box.dataset.shown<all);
var a=+box.dataset.from;click("pan-right");wish("panning moves it",+box.dataset.from>a&&Math.abs(span()-whole/4)<1e-6*whole);
click("pan-left");wish("and back",Math.abs(box.dataset.from-a)<1e-6*whole);
click("zoom-out");wish("zooming out doubles it",Math.abs(span()-whole/2)<1e-6*whole);
click("zoom-all");wish("the whole run is back",span()===whole&&+box.dataset.shown===all);
var first=box.querySelector("svg [tabindex=\"0\"]");first.focus();var told=document.getElementById("told"),words=told.textContent;
wish("focus tells the mark",words===first.getAttribute("aria-label"));
key("ArrowDown");wish("down goes to another lane",told.textContent!==words&&document.activeElement.getAttribute("aria-label")===told.textContent);
words=told.textContent;key("ArrowRight");wish("right goes to another mark",told.textContent!==words);
key("+");wish("plus zooms",Math.abs(span()-whole/2)<1e-6*whole);wish("focus stays in the time line",box.contains(document.activeElement));
key("0");wish("0 shows the whole run",span()===whole);
key("End");words=told.textContent;key("Home");wish("Home and End differ",told.textContent!==words);
wish("one mark is in the order of Tab",box.querySelectorAll("svg [tabindex=\"0\"]").length===1);
wish("every button has a name",[].every.call(box.querySelectorAll("button"),function(b){return b.getAttribute("aria-label")}));
wish("tiles have a picture for each bitmap, with words",document.querySelectorAll("#tiles svg[role=img][aria-label]").length>=9);
wish("there are tables too",document.querySelectorAll("details table").length>2);
document.documentElement.setAttribute("data-wishes",said.join("; ")||"all")})</script>'
use_timeline() { # PAGE
  { sed "s/script-src 'sha256-[^']*'/script-src 'unsafe-inline'/" "$1"; echo "$wishes"; } >"$work/used.html"
  local got
  got=$(browse 1280 "$work/used.html" --force-prefers-reduced-motion --dump-dom | grep -o 'data-wishes="[^"]*"' || true)
  [ "$got" = 'data-wishes="all"' ] || fail "$(basename "$1"), time line: $got"
  browse 1280 "$1" --dump-dom | grep -q 'data-shown="[1-9]' || fail "$(basename "$1"): its own policy lets the script not run"
  ! grep -q CONSOLE "$work/stderr" || fail "$(basename "$1"): $(grep CONSOLE "$work/stderr")"
}
claims=$(grep -c '"id":' "$work/papers/claims.json")
for page in "$work"/{papers,run,sweep,validate,sensitivity}-{en,zh}.html; do
  name=$(basename "$page" .html)
  scripts=$(grep -c '<script' "$page" || true)
  case $name in run-*) [ "$scripts" = 2 ] || fail "$name: $scripts scripts, expected the time line's and its data" ;;
    *) [ "$scripts" = 0 ] || fail "$name holds a script" ;; esac
  grep -Eq '(src|href|url\()=?.?https?://' "$page" && fail "$name wants the network"
  # the probe is no script that the page's policy allows
  { sed "s/script-src 'sha256-[^']*'/script-src 'unsafe-inline'/" "$page"; echo "$probe"; } >"$work/probe.html"
  for width in 1280; do # the frame below is a phone; headless Chromium makes no window narrower than 500
    found=$(browse $width "$work/probe.html" --dump-dom | grep -o 'data-probe="[^"]*"' || true)
    case $found in *" over 0 wide 0 "*) ;; *) fail "$name at $width: $found" ;; esac
  done
  grep -q CONSOLE "$work/stderr" && fail "$name: $(grep CONSOLE "$work/stderr")"
  case $name in papers-*) case $found in *"rows $claims "*) ;; *) fail "$name: $found, expected $claims claims" ;; esac ;; esac
  case $name in run-*) use_timeline "$page" ;; esac
  case $name in validate-*|sensitivity-*) ;; *) case $found in *"figures 0"*) fail "$name shows no figure" ;; esac ;; esac
  printf '<body style="margin:0"><iframe id="f" src="probe.html" style="width:390px;height:840px;border:0"></iframe><script>onload=function(){document.body.setAttribute("data-phone",document.getElementById("f").contentDocument.documentElement.getAttribute("data-probe"))}</script>' >"$work/phone.html"
  found=$(browse 500 "$work/phone.html" --allow-file-access-from-files --dump-dom | grep -o 'data-phone="[^"]*"' || true)
  case $found in *"width 390 over 0 wide 0 "*) ;; *) fail "$name on a phone: $found" ;; esac
  if [ -n "$shots" ]; then
    browse 1280 "$page" --screenshot="$shots/$name.png" >/dev/null
    cp "$page" "$work/probe.html"
    browse 500 "$work/phone.html" --screenshot="$shots/$name-phone.png" >/dev/null
  fi
done
echo "passed: ten pages, two languages, two widths; $claims claims"
