"""Inputs and weights by formulas that any language can repeat (see GoldenInput and FormulaTensors in Java)."""

import json
import zlib

import numpy as np

SHAPE = (3, 64, 64)
SEED = 5


def noise(seed, length):
    """float64 in [-1, 1): org.graft.backbone.GoldenInput before its rounding to float32."""
    i = np.arange(1, length + 1, dtype=np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    h = (i * np.uint64(2654435761) + np.uint64(seed * 40503)) & mask
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(2246822519)) & mask
    return h.astype(np.float64) / 2147483648.0 - 1.0


def golden_input(seed, shape):
    return noise(seed, int(np.prod(shape))).astype(np.float32).reshape(shape)


def weights(name, shape, keras=False):
    """He-like matrices; batch norm statistics that are not the identity."""
    shape = tuple(shape)
    u = noise(zlib.crc32(name.encode()), int(np.prod(shape)))
    last = name.replace("/", ".").split(".")[-1]
    if len(shape) > 1:
        values = u * np.sqrt(6.0 / (np.prod(shape) / outputs(shape, keras)))
    elif last in ("running_var", "moving_variance", "gamma") or is_torch_gamma(name, last):
        values = 1.0 + 0.5 * u
    else:
        values = 0.2 * u
    return values.astype(np.float32).reshape(shape)


def outputs(shape, keras):
    """Of depthwise kernels 1, as Keras' shape says: so deep networks do not magnify rounding."""
    depthwise = not keras and len(shape) == 4 and shape[1] == 1
    return 1 if depthwise else shape[-1 if keras else 0]


def is_torch_gamma(name, last):
    """A one-dimensional `weight` is a batch norm's."""
    return last == "weight"


def sample(array, count=64):
    """About `count` values spread over an array (no batch axis), for a small golden file."""
    flat = np.ascontiguousarray(array, dtype=np.float32).reshape(-1)
    step = max(1, flat.size // count) | 1
    return {"shape": list(array.shape), "step": step, "values": [float(f"{v:.9g}") for v in flat[::step]]}


def write(folder, name, cuts, shape=SHAPE, seed=SEED):
    golden = {"seed": seed, "input": list(shape), "cuts": {k: sample(v) for k, v in cuts.items()}}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(golden) + "\n")


def pretty(card):
    """A card with one line a field, a cut, a golden vector."""

    def value(v):
        if isinstance(v, list) and v and isinstance(v[0], dict):
            return "[\n" + ",\n".join("    " + json.dumps(item) for item in v) + "\n  ]"
        return json.dumps(v)

    return "{\n" + ",\n".join(f"  {json.dumps(k)}: {value(v)}" for k, v in card.items()) + "\n}\n"
