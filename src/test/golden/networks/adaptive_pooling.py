"""torch's AdaptiveAvgPool2d on formula inputs, where its windows are all of one size.

    python adaptive_pooling.py ../../resources/golden/adaptive-pooling.json

Versions: ../requirements.txt.
"""

import json
import pathlib
import sys

import torch

import formula

CASES = [((2, 7, 7), 7), ((2, 8, 15), 7), ((2, 14, 21), 7), ((3, 7, 6), 6), ((3, 13, 12), 6)]


def case(shape, size):
    maps = torch.from_numpy(formula.golden_input(formula.SEED, shape))
    pooled = torch.nn.AdaptiveAvgPool2d(size)(maps)
    return {"input": list(shape), "size": size, "values": [float(f"{v:.9g}") for v in pooled.flatten().tolist()]}


if __name__ == "__main__":
    golden = {"seed": formula.SEED, "cases": [case(*c) for c in CASES]}
    pathlib.Path(sys.argv[1]).write_text(json.dumps(golden) + "\n")
