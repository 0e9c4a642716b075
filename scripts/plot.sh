#!/usr/bin/env bash
# Draws the figures of a reproduction: every scripts/plots/PAPER/*.gp over the data in FOLDER/PAPER, as PNG and SVG;
# scripts/plots/sensitivity/*.gp over those in FOLDER/sensitivity/*, which tandem sensitivity writes.
# A figure's script is kept beside it, so that it can be edited and run again by hand.
# Usage: scripts/plot.sh [FOLDER]     (default results/papers)
set -euo pipefail
# An option would otherwise name a folder.
[[ ${1:-} != -* ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
cd "$(dirname "$0")/.."
folder=$(realpath "${1:-results/papers}")
plots=$(realpath scripts/plots)
command -v gnuplot >/dev/null || { echo "plot: gnuplot is not installed (scripts/setup.sh installs it)" >&2; exit 3; }

for script in "$plots"/*/*.gp; do
  paper=$(basename "$(dirname "$script")")
  name=$(basename "$script" .gp)
  own=("$folder/$paper")
  [ "$paper" != sensitivity ] || own=("$folder/$paper"/*)
  for data in "${own[@]}"; do
    [ -d "$data" ] || continue
    for format in png svg; do
      (cd "$data" && gnuplot -e "format='$format'; name='$name'; plots='$plots'" "$plots/style.gp" "$script")
    done
  done
done
echo "figures in $folder"
