"""Products of tokens and weights in 8 bits, each token by its own largest and least number, each column
by its own largest, for TokenQuantizerTest: in double precision.

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


def centred(tokens):
    """The same by the largest and the least number of each token, and 0: whole numbers that reach 127 to both sides of its middle."""
    top, bottom = np.maximum(tokens.max(1, keepdims=True), 0), np.minimum(tokens.min(1, keepdims=True), 0)
    steps = (top - bottom) / 254
    divisors = np.where(steps == 0, 1, steps)
    middles = np.rint((top + bottom) / 2 / divisors)
    whole = np.rint(tokens / divisors - middles)
    assert np.abs(whole).max() <= 127
    return whole + middles, steps


def main(target):
    # tokens and columns of very different size are why each has a step of its own
    tokens = random.randn(6, IN) * np.exp(random.uniform(-4, 4, (6, 1)))
    tokens[4] = 0
    tokens[5, 3] = 300
    weights = random.randn(IN, OUT) * np.exp(random.uniform(-3, 3, (1, OUT)))
    weights[:, 2] = 0
    tokens[1] = np.abs(tokens[1])  # on one side of 0, as after a GELU
    tokens[2] -= 3 * np.abs(tokens[2]).max()
    weights[:, 4] = np.abs(weights[:, 4])  # its sum takes many bytes
    tokens, weights = tokens.astype(np.float32), weights.astype(np.float32)
    bias = random.randn(OUT).astype(np.float32)
    x, steps = centred(tokens.astype(np.float64))
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
