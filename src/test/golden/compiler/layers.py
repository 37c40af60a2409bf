"""Layers without weights as torch computes them, for LayerGoldenTest.

Written with Python 3.11, torch 2.15.0. Again:

    python src/test/golden/compiler/layers.py > src/test/resources/golden/compiler/layers.json
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as f

sys.path.insert(0, str(Path(__file__).parent.parent / "networks"))
from formula import golden_input

SHAPE = (7, 6, 5)
SEED = 11

LAYERS = {
    # torch and ONNX divide alpha by the size, DL4J and the paper do not
    "local_response": lambda x: f.local_response_norm(x, 5, alpha=0.3 * 5, beta=0.75, k=2.0),
    "l2_normalize": lambda x: f.normalize(x.flatten(1)).reshape(x.shape),
    "max_pooling": lambda x: f.max_pool2d(x, 3, 2, 1),
    "average_pooling": lambda x: f.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
    "average_pooling_with_pads": lambda x: f.avg_pool2d(x, 3, 2, 1, count_include_pad=True),
    "p_norm_pooling": lambda x: f.lp_pool2d(x, 2, 3, 2),
    "upsampling": lambda x: f.interpolate(x, scale_factor=(2, 3), mode="nearest"),
    "class_softmax": lambda x: f.softmax(x, 1),
    "leaky_relu": lambda x: f.leaky_relu(x, 0.3),
    "elu": lambda x: f.elu(x, 0.7),
    "selu": f.selu,
    "mish": f.mish,
    "swish": f.silu,
    "softplus": f.softplus,
}


def main():
    x = torch.from_numpy(4 * golden_input(SEED, SHAPE)).double().unsqueeze(0)
    layers = {
        name: {"shape": list(layer(x).shape), "values": [round(v, 8) for v in layer(x).flatten().tolist()]}
        for name, layer in LAYERS.items()
    }
    print(json.dumps({"seed": SEED, "scale": 4, "input": SHAPE, "layers": layers}))


main()
