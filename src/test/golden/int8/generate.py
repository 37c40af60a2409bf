"""A small network quantised by ONNX Runtime's own tool, for QuantizerGoldenTest.

onnxruntime 1.32.0, onnx 1.23.2, numpy 2.4.6. Regenerate with
    python src/test/golden/int8/generate.py src/test/resources/golden/int8

small.onnx: float32, written as OnnxNetwork writes. small.json: what `quantize_static` (QDQ,
per channel, unsigned activations, signed weights, MinMax) makes of it after the calibration
inputs: ranges, scales, zero points, integer weights and biases, and features of other inputs.
Inputs are GoldenInput's, by seed. Where the tool quantises the network's last result, that pair
of nodes is taken out: Graft's features are float32.
"""
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    create_calibrator,
    quantize_static,
)

SHAPE = (3, 8, 8)
CALIBRATION, TEST = range(1, 9), range(21, 25)
random = np.random.RandomState(3)


def golden_input(seed):
    """As in org.graft.backbone.GoldenInput."""
    i = np.arange(np.prod(SHAPE), dtype=np.uint64) + np.uint64(1)
    h = (i * np.uint64(2654435761) + np.uint64(seed * 40503)) & np.uint64(0xFFFFFFFF)
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    return (h.astype(np.float64) / 2**31 - 1).astype(np.float32).reshape(1, *SHAPE)


class Inputs(CalibrationDataReader):
    def __init__(self):
        self.left = iter(CALIBRATION)

    def get_next(self):
        seed = next(self.left, None)
        return None if seed is None else {"input": golden_input(seed)}


def network():
    nodes, constants = [], []

    def constant(name, array):
        constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(op, output, inputs, **attributes):
        nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def weighted(op, output, tensor, shape, **attributes):
        fan = np.prod(shape[1:])
        # channels of very different size are why scales go by channel
        size = np.exp(random.uniform(-2, 2, (shape[0],) + (1,) * (len(shape) - 1)))
        weights = (size * random.randn(*shape) / np.sqrt(fan)).astype(np.float32)
        bias = (0.3 * random.randn(shape[0])).astype(np.float32)
        inputs = [tensor, constant(output + ".weight", weights), constant(output + ".bias", bias)]
        return node(op, output, inputs, **attributes)

    def relu6(output, tensor):
        low = constant(output + ".min", np.float32(0))
        return node("Clip", output, [tensor, low, constant(output + ".max", np.float32(6))])

    same = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    x = node("Relu", "/stem", [weighted("Conv", "/stem:c", "input", (8, 3, 3, 3), **same)])
    x = node("MaxPool", "/pool", [x], kernel_shape=[2, 2], strides=[2, 2])
    depthwise = weighted("Conv", "/depthwise:c", x, (8, 1, 3, 3), group=8, **same)
    y = relu6("/depthwise", depthwise)
    y = weighted("Conv", "/project", y, (8, 8, 1, 1), kernel_shape=[1, 1])
    x = node("Add", "/add", [x, y])
    wide = {"kernel_shape": [3, 3], "pads": [2, 2, 2, 2], "dilations": [2, 2]}
    x = node("Relu", "/dilated", [weighted("Conv", "/dilated:c", x, (6, 8, 3, 3), **wide)])
    x = node("Flatten", "/fc1:flat", [x])
    x = node("Relu", "/fc1", [weighted("Gemm", "/fc1:d", x, (10, 96), transB=1)])
    x = weighted("Gemm", "/fc2:d", x, (12, 10), transB=1)
    node("Identity", "features", [x])
    graph = helper.make_graph(
        nodes,
        "graft",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", *SHAPE])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", 12])],
        constants,
    )
    opset = [helper.make_opsetid("", 13)]
    return helper.make_model(graph, opset_imports=opset, ir_version=7)


def ranges(path):
    calibrator = create_calibrator(path, calibrate_method=CalibrationMethod.MinMax)
    calibrator.collect_data(Inputs())
    found = calibrator.compute_data()
    return {name: [v.item() for v in found[name].range_value] for name in found.keys()}


def float_features(model):
    """Takes the quantisation of the last result out."""
    producer = {n.output[0]: n for n in model.graph.node}
    identity = producer["features"]
    dequantize = producer[identity.input[0]]
    quantize = producer[dequantize.input[0]]
    identity.input[0] = quantize.input[0]
    model.graph.node.remove(dequantize)
    model.graph.node.remove(quantize)
    return model


def run(model):
    options = ort.SessionOptions()
    options.add_session_config_entry("session.x64quantprecision", "1")
    session = ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return [session.run(None, {"input": golden_input(s)})[0][0].tolist() for s in TEST]


def read(model):
    """Scales and integers out of the quantised model."""
    constants = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}
    activations, weights, biases = {}, {}, {}
    for node in model.graph.node:
        if node.op_type == "QuantizeLinear":
            scale, zero = (constants[name] for name in node.input[1:3])
            activations[node.input[0]] = [float(scale), int(zero)]
        elif node.op_type == "DequantizeLinear" and node.input[0] in constants:
            values = constants[node.input[0]]
            name = node.input[0].removesuffix("_quantized")
            if values.dtype == np.int8:
                scales = constants[node.input[1]].tolist()
                weights[name] = {"scales": scales, "values": values.flatten().tolist()}
            else:
                biases[name] = values.tolist()
    return {"activations": activations, "weights": weights, "biases": biases}


def main(folder):
    model = network()
    onnx.save(model, folder / "small.onnx")
    with tempfile.TemporaryDirectory() as scratch:
        quantised = str(Path(scratch) / "int8.onnx")
        quantize_static(
            str(folder / "small.onnx"),
            quantised,
            Inputs(),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
        int8 = float_features(onnx.load(quantised))
    golden = {
        "calibration": list(CALIBRATION),
        "test": list(TEST),
        "ranges": ranges(str(folder / "small.onnx")),
        **read(int8),
        "fp32": run(model),
        "int8": run(int8),
    }
    (folder / "small.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
