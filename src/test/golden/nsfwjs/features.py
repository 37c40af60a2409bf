"""Features of the genuine MobileNetV2 and InceptionV3 in npm's nsfwjs 4.4.0, by Keras.

The package (MIT, https://registry.npmjs.org/nsfwjs/-/nsfwjs-4.4.0.tgz) holds TensorFlow.js layers models with weights
in uint8, packed into JavaScript. Keras' ImageNet weights lie below what was fine-tuned; here the whole networks run.
Made with keras 3.15.1, tensorflow-cpu 2.21.0, numpy 2.4.6, Pillow 12.0.0.
Regenerate: python src/test/golden/nsfwjs/features.py NSFWJS_TGZ .
"""

import base64
import hashlib
import json
import os
import pathlib
import re
import sys
import tarfile

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

SHA256 = "585cd178f3b994337c4d10a87b080d342fc52f8b9bf0085c4d1f345a3a1c5382"
PHOTO = "src/test/resources/golden/image/decoded/photo-420.jpg.png"
MODELS = {
    "mobilenet_v2": (keras.applications.MobileNetV2, 96,
                     ["block_2_add", "block_5_add", "block_9_add", "block_10_project_BN", "out_relu"]),
    "inception_v3": (keras.applications.InceptionV3, 107, ["mixed0", "mixed2", "mixed5", "mixed10"]),
}


def exported(package, path):
    """What a browserified module exports: {1:[function(..){x.exports=VALUE},{}]},{},[1])(1)});"""
    text = package.extractfile(f"package/dist/models/{path}.min.js").read().decode()
    return re.search(r"\{1:\[function\(\w,\w,\w\)\{\w\.exports=(.*)\},\{\}\]\},\{\},\[1\]\)\(1\)\}\);\s*$",
                     text, re.S).group(1)


def as_json(literal):
    """Quotes keys, and writes numbers and booleans as JSON wants them; strings here hold no colons."""
    literal = re.sub(r"([{,])(\w+):", r'\1"\2":', literal)
    literal = literal.replace("!0", "true").replace("!1", "false")
    return json.loads(re.sub(r"([:\[,]-?)\.(\d)", r"\g<1>0.\2", literal))


def tensors(package, name):
    """Every weight as TensorFlow.js has it: uint8 * scale + min in doubles, rounded once."""
    model = as_json(exported(package, f"{name}/model"))
    found = {}
    for group in model["weightsManifest"]:
        data = b"".join(base64.b64decode(exported(package, f"{name}/{path}").strip('"'))
                        for path in group["paths"])
        at = 0
        for weight in group["weights"]:
            size = int(np.prod(weight["shape"]))
            levels = np.frombuffer(data, "u1", size, at).astype("f8").reshape(weight["shape"])
            rule = weight["quantization"]
            found[weight["name"]] = (levels * rule["scale"] + rule["min"]).astype("f4")
            at += size
        assert at == len(data)
    return model, found


def filled(build, side, found):
    """Keras 2.2.4 counted unnamed layers from 1; in the order of creation they are these."""
    keras.backend.clear_session()
    network = build(weights=None, include_top=False, input_shape=(side, side, 3))
    for layer in network.layers:
        name = re.sub(r"^(conv2d|batch_normalization)(?:_(\d+))?$",
                      lambda m: f"{m[1]}_{int(m[2] or 0) + 1}", layer.name)
        kernel = "depthwise_kernel" if isinstance(layer, keras.layers.DepthwiseConv2D) else "kernel"
        names = [kernel if weight.name == "kernel" else weight.name for weight in layer.weights]
        layer.set_weights([found.pop(f"{name}/{weight}") for weight in names])
    assert all(name.startswith("dense_") for name in found), sorted(found)[:5]
    return network


def noise(seed, side):
    """org.graft.backbone.GoldenInput, NCHW."""
    i = np.arange(3 * side * side, dtype=np.uint64) + np.uint64(1)
    mask = np.uint64(0xFFFFFFFF)
    h = (i * np.uint64(2654435761) + np.uint64(seed * 40503)) & mask
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(2246822519)) & mask
    return (h / 2**31 - 1).astype("float32").reshape(3, side, side)


def photo(root, side):
    pixels = np.asarray(Image.open(root / PHOTO).convert("RGB"))
    return (tf.image.resize(pixels, (side, side)) / 127.5 - 1).numpy().transpose(2, 0, 1)


def main():
    tgz, root = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    assert hashlib.sha256(tgz.read_bytes()).hexdigest() == SHA256
    target = root / "src/test/resources/golden/nsfwjs"
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(tgz) as package:
        for name, (build, side, cuts) in MODELS.items():
            model, found = tensors(package, name)
            sums = {key: float(f"{np.sum(value, dtype='f8'):.9g}") for key, value in found.items()}
            shapes = {key: list(value.shape) for key, value in found.items()}
            network = filled(build, side, dict(found))
            shorter = keras.Model(network.input, [network.get_layer(cut).output for cut in cuts])
            inputs = {"noise": noise(1, side), "photo": photo(root, side)}
            features = {kind: {} for kind in inputs}
            for kind, x in inputs.items():
                for cut, value in zip(cuts, shorter(x.transpose(1, 2, 0)[None])):
                    pooled = value.numpy()[0].astype("f8").mean((0, 1))
                    features[kind][cut] = [float(f"{v:.8g}") for v in pooled]
            golden = {"model": name, "side": side, "picture": PHOTO, "seed": 1,
                      "tensors": {k: {"shape": shapes[k], "sum": sums[k]} for k in sorted(sums)},
                      "features": features}
            text = json.dumps(golden).replace('"tensors"', '\n"tensors"').replace('"features"', '\n"features"')
            (target / f"{name}.json").write_text(text + "\n")
            frozen = [l["name"] for l in model["modelTopology"]["model_config"]["config"]["layers"]
                      if l["config"].get("trainable")]
            print(name, len(found), "tensors; first trained layers:", frozen[:3])


main()
