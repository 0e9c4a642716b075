#!/usr/bin/env bash
# What measure-card.sh refuses, and that a short case of each design becomes a whole file in which every request has its
# answer. No time is judged. Usage: test_measure_card.sh ROOT
set -euo pipefail
root=$1
name=measure-card
checker=check_card_cases.py
. "$(dirname "$0")/measuring.sh"

refuse_without_tools
printf '#!/bin/sh\nexit 1\n' >"$tools/bin/cc" && chmod +x "$tools/bin/cc" && ln -s "$(command -v sh)" "$tools/bin/sh"
run 3 'missing: the headers of OpenSSL 3 (Debian: apt-get install libssl-dev)' \
  env "PATH=$tools/bin" "$tools/bin/bash" "$script" --list

compile
refuse_alike
refuse '--clients needs a value' --clients
refuse '--clients: "0", expected 1 to 64' --clients 0
refuse '--clients: "1,,2", expected 1 to 64' --clients 1,,2
refuse '--clients: "65", expected 1 to 64' --clients 65
refuse '--clients: "2x", expected 1 to 64' --clients 2x
refuse '--clients: "", expected 1 to 64' --clients ''
refuse '--outstanding: "0", expected 1 to 64' --outstanding 0
refuse '--bytes: "63", expected 64 to 16384' --bytes 63
refuse '--bytes: "16385", expected 64 to 16384' --bytes 16385
refuse '--bytes: "99999999999999999999", expected 64 to 16384' --bytes 99999999999999999999
refuse '--bytes: 64, but sm2-verify needs at least 128' --bytes 64 --cipher sm2-verify
refuse '--bytes: 128, but rsa-sign needs at least 256' --bytes 128 --cipher rsa-sign
refuse '--design: "vsock", expected slots, threads, stream or host' --design vsock
refuse '--cipher: "des", expected none, sm4' --cipher des
refuse '--processors: "2", expected all, 1 or pinned' --processors 2
refuse '--slots: "0", expected 1 to 64' --slots 0

# A library that has none of it: every fetch asks for a provider that is not there.
cat >"$tools/openssl.cnf" <<'END'
openssl_conf = all
[all]
alg_section = which
[which]
default_properties = fips=yes
END
for cipher in sm4 sm3 sm2-verify aes rsa-sign; do
  run 2 "measure-card: --cipher: $cipher needs " env OPENSSL_CONF="$tools/openssl.cnf" "$tools/bench" --out made --cipher "$cipher"
done

list

# A short case of each design. More under way than there are slots; a service that polls; all on one processor.
measured 'host-sm4-1024.json slots-sm4-1024-n2-w2.json stream-sm4-1024-n2-w2.json threads-sm4-1024-n2-w2.json' \
  --clients 2 --outstanding 2 --bytes 1024
measured 'slots-sm3-64-n1-w4-s2-poll20-one.json threads-sm3-64-n1-w4-s2-poll20-one.json' \
  --design slots,threads --cipher sm3 --clients 1 --outstanding 4 --slots 2 --poll 20 --bytes 64 --processors 1 --repeats 2
measured 'slots-aes-256-n3-w1.json slots-none-256-n3-w1.json slots-rsa-sign-256-n3-w1.json slots-sm2-sign-256-n3-w1.json slots-sm2-verify-256-n3-w1.json' \
  --design slots --cipher none,sm2-verify,sm2-sign,aes,rsa-sign --clients 3 --bytes 256 --repeats 1

interrupted 2 --seconds 0.1 --outstanding 1,2,4
exit "$failed"
