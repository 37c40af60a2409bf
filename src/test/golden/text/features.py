"""Writes sentences with MiniLM's features: tokens by tokenizers, hidden states by ONNX Runtime, their mean.

python features.py all-minilm-l6-v2.onnx all-minilm-l6-v2-tokenizer.json ../../resources/golden/text/minilm.json
"""
import json
import sys

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

SENTENCES = [
    "hi",
    "The quick brown fox jumps over the lazy dog.",
    "Ein Satz mit Umlauten: Zürich, Straße, naïve café.",
    "In 1905, Einstein's papers (on the photoelectric effect, Brownian motion & relativity) changed physics!",
    "word " * 400,
]


def main(model, tokenizer, target):
    tokens = Tokenizer.from_file(tokenizer)
    tokens.no_padding()
    tokens.enable_truncation(256)
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    rows = []
    for sentence in SENTENCES:
        x = np.array([tokens.encode(sentence).ids], np.int64)
        feed = {"input_ids": x, "attention_mask": np.ones_like(x), "token_type_ids": np.zeros_like(x)}
        hidden = session.run(["output_0"], feed)[0][0].astype(np.float64)
        rows.append([float(f"{v:.7g}") for v in hidden.mean(axis=0)])
    with open(target, "w", encoding="utf-8") as f:
        json.dump({"sentences": SENTENCES, "features": rows}, f, ensure_ascii=False)
        f.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
