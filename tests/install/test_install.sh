#!/usr/bin/env bash
# What `cmake --install` puts somewhere works from there, also after it was moved, and knows nothing of where it was built.
# Usage: test_install.sh ROOT BUILD
set -euo pipefail
root=$1
build=$2
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

complain() {
  echo "install: $1" >&2
  failed=1
}

cmake --install "$build" --prefix "$work/usr" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
mkdir "$work/home"
tandem() { (cd "$work/home" && env -i PATH=/usr/bin:/bin HOME="$work/home" "$prefix/bin/tandem" "$@"); }

# Twice: where it was installed, and moved elsewhere, through a link on the way to it.
for prefix in "$work/usr" "$work/link"; do
  [ "$prefix" = "$work/usr" ] || { mv "$work/usr" "$work/moved" && ln -s moved "$work/link"; }
  rm -rf "$work/home/m.json" "$work/home/out"
  tandem new migration m.json >/dev/null || complain "tandem new fails in $prefix"
  grep -qF "$(realpath "$prefix")/share/tandem/configs/schema/scenario.schema.json" "$work/home/m.json" ||
    complain "a new scenario's schema is not that of $prefix: $(grep schema "$work/home/m.json")"
  tandem run m.json --out out >/dev/null || complain "tandem run fails in $prefix"
  tandem show links/ethernet-1000 | grep '/bandwidth *1Gbps' >/dev/null || complain "tandem show fails in $prefix"
  [ "$prefix" = "$work/usr" ] || continue
  tandem list claims | grep '^table-1-row-1 ' >/dev/null || complain "no claims in $prefix"
  if command -v gnuplot >/dev/null; then tandem plot out --format svg >/dev/null || complain "tandem plot fails in $prefix"; fi
done
installed=$work/moved

grep -qF "version: $(tandem --version | cut -d' ' -f2)" "$installed/share/doc/tandem/CITATION.cff" ||
  complain "CITATION.cff does not name the version that $(tandem --version) has"
! grep -qF "$root" "$installed/bin/tandem" || complain "the program knows $root: $(strings "$installed/bin/tandem" | grep -F "$root" | head -n 1)"
! grep -rqF "$build" "$installed/share" || complain "a file names the build folder: $(grep -rlF "$build" "$installed/share" | head -n 1)"

# A page for each verb, which man takes without a warning.
for verb in $(tandem list verbs | cut -d' ' -f1); do
  page=$installed/share/man/man1/tandem-$verb.1.gz
  [ -s "$page" ] || complain "no manual page of $verb"
done
if command -v man >/dev/null; then
  LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$installed"/share/man/man1/*.gz >/dev/null 2>"$work/man"
  [ ! -s "$work/man" ] || complain "man complains: $(head -n 1 "$work/man")"
fi
bash -n "$installed/share/bash-completion/completions/tandem" || complain "completion is no bash"
if command -v zsh >/dev/null; then zsh -n "$installed/share/zsh/site-functions/_tandem" || complain "completion is no zsh"; fi

# Links between the documents lead somewhere, but to what only the sources have.
cd "$installed/share/doc/tandem"
for document in README.md README.zh.md docs/*.md docs/models/*.md; do
  folder=${document%/*}
  [ "$folder" != "$document" ] || folder=.
  for link in $(grep -o '](\([^)]*\))' "$document" | sed 's/^](//; s/)$//; s/#.*//; /^https\?:/d' | sort -u); do
    [[ $link =~ ^(\.\./)*(tests|scripts|models|sim|LICENSE)(/|$) ]] || [ -e "$folder/$link" ] || complain "$document: no file $link"
  done
done
exit "$failed"
