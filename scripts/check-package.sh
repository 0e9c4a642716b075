#!/usr/bin/env bash
# Makes the Debian package, holds it to lintian, installs it into a root made of the distribution's packages and runs it
# there as a user without any of this tree. Needs root, lintian and mmdebstrap; takes some minutes and a mirror.
# Usage: scripts/check-package.sh [DEB]     DEB: a package that is there already, instead of making one
set -euo pipefail
[[ ${1:-} != -* && $# -le 1 ]] || { sed -n 's/^# Usage: /usage: /p' "$0"; [[ $1 == --help || $1 == -h ]] && exit 0 || exit 2; }
deb=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
for program in lintian mmdebstrap cpack; do
  command -v $program >/dev/null || { echo "check-package: no $program, expected it to be installed" >&2; exit 3; }
done
[ "$(id -u)" -eq 0 ] || { echo "check-package: not root, expected it: a root is made and entered" >&2; exit 3; }

if [ -z "$deb" ]; then
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
  export SOURCE_DATE_EPOCH
  cmake --preset package >/dev/null
  cmake --build --preset package >/dev/null
  (cd build/package && cpack >/dev/null)
  deb=$(realpath "$(ls -t build/package/tandem_*.deb | head -n 1)")
fi
echo "check-package: $(basename "$deb"), $(($(stat -c %s "$deb") / 1024)) KiB"
dpkg-deb -f "$deb" Depends

lintian --no-cfg --allow-root --fail-on error,warning "$deb"
echo "check-package: lintian has nothing to say"

root=$(mktemp -d)
trap 'rm -rf "$root" "$root.log"' EXIT
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
# The package is installed while the root is made: afterwards there are no lists of packages in it.
mmdebstrap --quiet --variant=apt --include=man-db,gnuplot-nox,fonts-dejavu-core --customize-hook="copy-in '$deb' /tmp" \
  --customize-hook="chroot \"\$1\" apt-get install -q -y --no-install-recommends '/tmp/$(basename "$deb")'" "$release" "$root" >"$root.log" 2>&1 ||
  { cat "$root.log"; exit 1; }
chmod 755 "$root"
chroot "$root" useradd -m user
chroot "$root" su - user -c 'bash -eu' <<'END'
cd
start=$(date +%s%N)
tandem new migration mine.json
tandem check mine.json
tandem run mine.json --out out
echo "check-package: the first result after $((($(date +%s%N) - start) / 1000000)) ms"
tandem run /usr/share/tandem/scenarios/examples/joint.json >/dev/null
tandem plot out >/dev/null && ls out/figures/*.png
tandem report out
tandem show links/ethernet-1000 | head -n 3
mkdir -p configs/links .config/tandem/configs/links
echo '{"profile": "ethernet-1000", "latency": "1ms"}' >configs/links/mine.json
tandem run mine.json --set /links/0/profile=mine >/dev/null
man tandem-run | head -n 5
test -s /usr/share/bash-completion/completions/tandem
END
! grep -qF "$PWD" "$root/usr/bin/tandem" || { echo "check-package: the program knows $PWD" >&2; exit 1; }
chroot "$root" apt-get purge -q -y tandem >/dev/null 2>&1
[ -z "$(find "$root/usr" -path '*tandem*')" ] || { echo "check-package: purged, and still there: $(find "$root/usr" -path '*tandem*' | head)" >&2; exit 1; }
echo "check-package: installed, ran and was removed again in a root of $release"
