#!/usr/bin/env bash
# Unpacks packages of Debian 12 that hold real data, as FOLDER/PACKAGE/usr/...; nothing is installed. debian.sh FOLDER
set -euo pipefail
folder=$1

while read -r package version digest; do
  [ -e "$folder/$package" ] && continue
  if ! command -v apt-get >/dev/null; then
    echo "Cannot fetch Debian's $package $version: there is no apt-get here. Unpack it to $folder/$package." >&2
    continue
  fi
  rm -rf "$folder/.fetched"
  mkdir -p "$folder/.fetched"
  (cd "$folder/.fetched" && apt-get -q download "$package=$version") || {
    echo "Cannot fetch Debian's $package $version: see above. Call apt-get update where it is not known." >&2
    exit 1
  }
  echo "$digest  $(echo "$folder/.fetched"/*.deb)" | sha256sum --check --quiet
  dpkg-deb -x "$folder/.fetched"/*.deb "$folder/.fetched/whole"
  mv "$folder/.fetched/whole" "$folder/$package"
done <<'END'
fortunes 1:1.99.1-7.3 41d0551dc0ff52f875a2ecef7c39da2f672ab468c37e170119f7e0245a9d63c5
fortunes-min 1:1.99.1-7.3 9eed5b45064e41133dae0967cf3a17588ad77c014fcc7bf1527fa3ea48e44d07
asterisk-core-sounds-en-wav 1.6.1-1 2be3ea287d83299d143815fa804f11179a75b7affd4a758b98b55f5afc18a35d
dataset-fashion-mnist 0.0~git20200523.55506a9-1 39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0
END
rm -rf "$folder/.fetched"
