#!/usr/bin/env bash
# Draws the figures of a reproduction, as PNG and SVG, by tandem plot: every scripts/plots/PAPER/*.gp over the data in
# FOLDER/PAPER; scripts/plots/sensitivity/*.gp over those in FOLDER/sensitivity/*, which tandem sensitivity writes.
# A figure's script is kept beside it, so that it can be edited and run again by hand.
# Usage: scripts/plot.sh [FOLDER]     (default results/papers)
set -euo pipefail
# An option would otherwise name a folder.
[[ ${1:-} != -* ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
cd "$(dirname "$0")/.."
folder=$(realpath "${1:-results/papers}")
command -v gnuplot >/dev/null || { echo "plot: gnuplot is not installed (scripts/setup.sh installs it)" >&2; exit 3; }
tandem=build/release/tandem
[ -x "$tandem" ] || tandem=build/dev/tandem
[ -x "$tandem" ] || { echo "plot: build/release/tandem is not built (cmake --build --preset release)" >&2; exit 3; }

TANDEM_DATA=$PWD "$tandem" plot "$folder" >/dev/null
echo "figures in $folder"
