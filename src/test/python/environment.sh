#!/usr/bin/env bash
# Makes a Python environment with exactly the packages of a file, unless it is there. environment.sh FOLDER REQUIREMENTS
set -euo pipefail
folder=$1 requirements=$2

if cmp -s "$requirements" "$folder/requirements.txt"; then
  exit
fi
if ! command -v python3 >/dev/null || ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  echo "Cannot make $folder: there is no python3 with venv. Install it (Debian: python3 python3-venv)." >&2
  exit 1
fi
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install -q --no-deps -r "$requirements"
cp "$requirements" "$folder/requirements.txt" # last: it is whole
