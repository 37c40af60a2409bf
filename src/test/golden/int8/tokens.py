"""Products of tokens and weights in 8 bits, each token and each column by its own largest number, for
TokenQuantizerTest: the formulas of ZeroQuant (arXiv:2206.01861, section 4.1) in double precision.

numpy 2.4.6. Regenerate with
    python src/test/golden/int8/tokens.py src/test/resources/golden/int8/tokens.json
"""
import json
import sys

import numpy as np

IN, OUT = 24, 7
random = np.random.RandomState(8)


def rounded(values, axis):
    """Whole numbers -127 to 127, and their steps."""
    steps = np.abs(values).max(axis=axis, keepdims=True) / 127
    return np.rint(values / np.where(steps == 0, 1, steps)), steps


def main(target):
    # tokens and columns of very different size are why each has a step of its own
    tokens = random.randn(6, IN) * np.exp(random.uniform(-4, 4, (6, 1)))
    tokens[4] = 0
    tokens[5, 3] = 300
    weights = random.randn(IN, OUT) * np.exp(random.uniform(-3, 3, (1, OUT)))
    weights[:, 2] = 0
    tokens, weights = tokens.astype(np.float32), weights.astype(np.float32)
    bias = random.randn(OUT).astype(np.float32)
    x, steps = rounded(tokens.astype(np.float64), 1)
    w, scales = rounded(weights.astype(np.float64), 0)
    golden = {
        "tokens": tokens.tolist(),
        "weights": weights.tolist(),
        "bias": bias.tolist(),
        "bytes": w.astype(int).tolist(),
        "product": ((x @ w) * steps * scales).tolist(),
    }
    with open(target, "w", encoding="utf-8") as f:
        f.write(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
