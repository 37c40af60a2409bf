#!/usr/bin/env bash
# OpenSSL 3.0: signs a manifest with the keys of RFC 8032, section 7.1, tests 2 and 3, whose secret halves everybody knows.
#   src/test/golden/bundle/sign.sh src/test/resources/golden/bundle src/test/resources/bundles/format-1/1/bundle.json
set -euo pipefail
out=$1 manifest=$2

# key NAME SEED: PKCS #8 is these 16 bytes and the seed
key() {
  printf '302e020100300506032b657004220420%s' "$2" | xxd -r -p | openssl pkey -inform DER -out "$out/$1.pem"
  openssl pkey -in "$out/$1.pem" -pubout -out "$out/$1.pub.pem"
}

key signer 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
key other c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7
openssl pkeyutl -sign -rawin -inkey "$out/signer.pem" -in "$manifest" -out "$out/bundle.json.sig"
openssl pkeyutl -verify -rawin -pubin -inkey "$out/signer.pub.pem" -in "$manifest" -sigfile "$out/bundle.json.sig"
# Of another algorithm: X25519, of the same seed.
printf '302e020100300506032b656e04220420%064d' 7 | xxd -r -p | openssl pkey -inform DER -pubout -out "$out/exchange.pub.pem"
