#!/bin/sh
# Tells Spark which GPUs this machine has, or this container: {"name":"gpu","addresses":["0","1"]}. For
# spark.worker.resource.gpu.discoveryScript (standalone) and spark.executor.resource.gpu.discoveryScript (YARN, Kubernetes).
#
# An address is what CUDA_VISIBLE_DEVICES names, if that is set; else a card's index as nvidia-smi counts, or, where any card
# is cut into MIG instances, the UUIDs of the instances, and of the cards that are not cut.
set -eu

refuse() {
  printf 'discover-gpus.sh: %s\n' "$*" >&2
  exit 1
}

# One address a line.
visible() {
  printf '%s\n' "$CUDA_VISIBLE_DEVICES" | tr ',' '\n' | sed 's/^[[:space:]]*//; s/[[:space:]]*$//'
}

# The same, of what nvidia-smi -L lists on stdin: cards, and below each the MIG instances on it.
listed() {
  awk '
    function uuid() { sub(/^.*\(UUID: /, ""); sub(/\).*$/, ""); return $0 }
    /^GPU [0-9]+: .*\(UUID: / { split($2, index_, ":"); n++; number[n] = index_[1]; card[n] = uuid(); next }
    /^[[:space:]]+MIG .*\(UUID: / && n { cut = 1; instances[n] = instances[n] uuid() "\n" }
    END {
      for (i = 1; i <= n; i++) {
        if (!cut) print number[i]
        else if (i in instances) printf "%s", instances[i]
        else print card[i]
      }
    }'
}

if [ "${CUDA_VISIBLE_DEVICES+set}" = set ]; then
  addresses=$(visible)
  case $CUDA_VISIBLE_DEVICES in
    '' | -1* | NoDevFiles | void | none) refuse "Cannot find GPUs: CUDA_VISIBLE_DEVICES='$CUDA_VISIBLE_DEVICES' hides all of them. Unset it, or ask for no GPUs here." ;;
  esac
else
  command -v nvidia-smi >/dev/null ||
    refuse 'Cannot find GPUs: there is no nvidia-smi on the PATH. Install the NVIDIA driver (in containers: run with its runtime), or ask for no GPUs here.'
  answer=$(nvidia-smi -L 2>&1) ||
    refuse "Cannot find GPUs: nvidia-smi fails, '$answer'. Mend the driver, or ask for no GPUs here."
  addresses=$(printf '%s\n' "$answer" | listed)
  [ -n "$addresses" ] ||
    refuse "Cannot find GPUs: nvidia-smi lists none, '$answer'. Ask for no GPUs here."
fi

odd() {
  grep -v '^[A-Za-z0-9/_-]\{1,100\}$'
}
if printf '%s\n' "$addresses" | odd >/dev/null; then
  refuse "Cannot read the GPU '$(printf '%s\n' "$addresses" | odd | head -n 1)': it is no index and no UUID. Correct CUDA_VISIBLE_DEVICES."
fi

printf '{"name":"gpu","addresses":["%s"]}\n' "$(printf '%s\n' "$addresses" | awk 'NR > 1 { printf "\",\"" } { printf "%s", $0 }')"
