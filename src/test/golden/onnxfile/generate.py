"""Small networks as users bring them, in ONNX files, and what ONNX Runtime gives at their tensors.

Python 3.11, torch 2.15.0, onnx 1.23.2, onnxruntime 1.32.0, numpy 2.4.6. Regenerate with
    python src/test/golden/onnxfile/generate.py src/test/resources/golden/onnxfile

NAME.onnx: the network. expected.json: for each the tensors where it is cut, their shapes as
channels, height, width (tokens count as height), and their values for the input of `seed` (see
GoldenInput; pixels: floor((x + 1) * 127.5)), channels first. cnn, vit and half are checked against
torch here as well; half is computed with its weights widened to float32.
"""
import io
import json
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from torch import nn

SIZE = 32
SEED = 7
warnings.filterwarnings("ignore")


def golden_input(seed, shape):
    i = np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint64)
    h = (i * np.uint64(2654435761) + np.uint64(seed * 40503)) & np.uint64(0xFFFFFFFF)
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    return (h / 2147483648.0 - 1.0).astype(np.float32).reshape(shape)


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(i, o, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(o)
        self.conv2 = nn.Conv2d(o, o, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(o)
        self.side = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o)) if stride > 1 else nn.Identity()

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.side(x))


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
        self.layer1 = nn.Sequential(Block(8, 8, 1), Block(8, 8, 1))
        self.layer2 = Block(8, 12, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(12, 5)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.layer2(self.layer1(self.stem(x)))), 1))


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        w = ((q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5).softmax(-1)
        return self.out((w @ v).transpose(1, 2).reshape(b, n, d))


class Layer(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(dim), Attention(dim, heads)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Vit(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.patch = nn.Conv2d(3, dim, 8, 8)
        self.cls = nn.Parameter(torch.randn(1, 1, dim))
        self.position = nn.Parameter(torch.randn(1, 17, dim))
        self.layers = nn.Sequential(Layer(dim, 3), Layer(dim, 3))
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, 5)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1) + self.position
        return self.head(self.norm(self.layers(x))[:, 0])


def randomise(module, seed):
    torch.manual_seed(seed)
    for m in module.modules():
        if isinstance(m, nn.BatchNorm2d):
            nn.init.uniform_(m.weight, 0.5, 1.5)
            nn.init.normal_(m.bias, 0, 0.2)
            nn.init.normal_(m.running_mean, 0, 0.3)
            nn.init.uniform_(m.running_var, 0.5, 1.5)
    return module.eval()


def exported(module, folded, dtype=torch.float32, **more):
    out = io.BytesIO()
    torch.onnx.export(
        module,
        (torch.zeros(1, 3, SIZE, SIZE, dtype=dtype),),
        out,
        dynamo=False,
        opset_version=17,
        input_names=["pixels"],
        output_names=["logits"],
        dynamic_axes={"pixels": {0: "batch"}, "logits": {0: "batch"}},
        do_constant_folding=folded,
        training=torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE,
        **more,
    )
    return onnx.load_from_string(out.getvalue())


def constant(name, values, dtype=np.float32):
    return numpy_helper.from_array(np.asarray(values, dtype), name)


def nhwc(rng):
    """As tf2onnx writes Keras networks: NHWC outside, Transposes, Relu6, a mean over axes 1 and 2."""
    nodes = [
        helper.make_node("Sub", ["input", "mean"], ["centred"]),
        helper.make_node("Mul", ["centred", "factor"], ["scaled"]),
        helper.make_node("Transpose", ["scaled"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["nchw", "w1", "b1"], ["conv1"], strides=[2, 2], pads=[0, 0, 1, 1]),
        helper.make_node("Clip", ["conv1", "zero", "six"], ["relu1"]),
        helper.make_node("Conv", ["relu1", "w2", "b2"], ["conv2"], strides=[2, 2], pads=[0, 0, 1, 1]),
        helper.make_node("Relu", ["conv2"], ["relu2"]),
        helper.make_node("Transpose", ["relu2"], ["features"], perm=[0, 2, 3, 1]),
        helper.make_node("ReduceMean", ["features"], ["pooled"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["pooled", "w3"], ["product"]),
        helper.make_node("Add", ["product", "b3"], ["biased"]),
        helper.make_node("Softmax", ["biased"], ["probabilities"], axis=1),
    ]
    constants = [
        constant("mean", [0.1, 0.2, 0.3]),
        constant("factor", 2.0),
        constant("zero", 0.0),
        constant("six", 6.0),
        constant("w1", rng.normal(size=(8, 3, 3, 3)) * 0.4),
        constant("b1", rng.normal(size=8) * 0.1),
        constant("w2", rng.normal(size=(10, 8, 3, 3)) * 0.3),
        constant("b2", rng.normal(size=10) * 0.1),
        constant("w3", rng.normal(size=(10, 5))),
        constant("b3", rng.normal(size=5)),
    ]
    return model(
        nodes,
        constants,
        helper.make_tensor_value_info("input", TensorProto.FLOAT, ["unk__1", SIZE, SIZE, 3]),
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["unk__1", 5]),
        "tf2onnx",
    )


def pixels(rng):
    """Bytes in, one picture at a time: the batch is written into a Reshape."""
    nodes = [
        helper.make_node("Cast", ["image"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["floats"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node("Div", ["nchw", "scale"], ["unit"]),
        helper.make_node("Conv", ["unit", "w1", "b1"], ["conv1"], strides=[4, 4]),
        helper.make_node("Relu", ["conv1"], ["relu1"]),
        helper.make_node("MaxPool", ["relu1"], ["pool"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Reshape", ["pool", "shape"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w2", "b2"], ["logits"], transB=1),
    ]
    constants = [
        constant("scale", 255.0),
        constant("w1", rng.normal(size=(6, 3, 4, 4)) * 0.3),
        constant("b1", rng.normal(size=6) * 0.1),
        constant("shape", [1, -1], np.int64),
        constant("w2", rng.normal(size=(5, 6 * 16)) * 0.1),
        constant("b2", rng.normal(size=5)),
    ]
    return model(
        nodes,
        constants,
        helper.make_tensor_value_info("image", TensorProto.UINT8, [1, SIZE, SIZE, 3]),
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 5]),
        "hand",
    )


def branches(rng):
    """An If whose branches read tensors from outside."""
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
    then = helper.make_graph([helper.make_node("Relu", ["conv"], ["yes"])], "then", [], [value("yes")])
    other = helper.make_graph([helper.make_node("Mul", ["conv", "two"], ["no"])], "else", [], [value("no")])
    nodes = [
        helper.make_node("Conv", ["x", "w1"], ["conv"], strides=[4, 4]),
        helper.make_node("If", ["flag"], ["chosen"], then_branch=then, else_branch=other),
        helper.make_node("GlobalAveragePool", ["chosen"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
    ]
    constants = [
        constant("w1", rng.normal(size=(6, 3, 4, 4)) * 0.3),
        constant("two", 2.0),
        constant("flag", False, np.bool_),
    ]
    return model(
        nodes,
        constants,
        helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, "h", "w"]),
        helper.make_tensor_value_info("flat", TensorProto.FLOAT, ["n", 6]),
        "hand",
    )


def model(nodes, constants, given, result, producer):
    graph = helper.make_graph(nodes, "graph", [given], [result], constants)
    made = helper.make_model(graph, producer_name=producer, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    onnx.checker.check_model(made)
    return made


def widened(half):
    """float16 weights and casts as float32: the same numbers, computed with less rounding."""
    wide = onnx.ModelProto()
    wide.CopyFrom(half)
    for tensor in wide.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT16:
            tensor.CopyFrom(constant(tensor.name, numpy_helper.to_array(tensor)))
    for value in [*wide.graph.input, *wide.graph.output]:
        value.type.tensor_type.elem_type = TensorProto.FLOAT
    del wide.graph.value_info[:]
    return wide


class Some(CalibrationDataReader):
    def __init__(self):
        self.inputs = iter(range(8))

    def get_next(self):
        i = next(self.inputs, None)
        return None if i is None else {"pixels": golden_input(100 + i, (1, 3, SIZE, SIZE))}


def quantized(source, folder):
    plain, static, dynamic = (folder / name for name in ("plain.onnx", "static.onnx", "dynamic.onnx"))
    onnx.save(source, plain)
    quantize_static(
        plain,
        static,
        Some(),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    quantize_dynamic(plain, dynamic, weight_type=QuantType.QUInt8, op_types_to_quantize=["Conv", "MatMul", "Gemm"])
    return onnx.load(static), onnx.load(dynamic)


def at(network, tensors, given):
    """The values of any tensors, by ONNX Runtime without its optimisations."""
    exposed = onnx.ModelProto()
    exposed.CopyFrom(network)
    del exposed.graph.output[:]
    exposed.graph.output.extend(helper.make_empty_tensor_value_info(t) for t in tensors)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(exposed.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip(tensors, session.run(tensors, {session.get_inputs()[0].name: given})))


def expected(network, cuts, given=None):
    """cuts: tensor to layout of its dimensions behind the batch."""
    given = golden_input(SEED, (1, 3, SIZE, SIZE)) if given is None else given
    found = {}
    for tensor, value in at(network, list(cuts), given).items():
        value = value[0].astype(np.float32)
        if cuts[tensor] == "HWC":
            value = value.transpose(2, 0, 1)
        if cuts[tensor] == "TC":
            value = value.T
        shape = list(value.shape) + [1] * (3 - value.ndim)
        found[tensor] = {"shape": shape, "values": [float(v) for v in value.ravel()]}
    return found


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    given = torch.from_numpy(golden_input(SEED, (1, 3, SIZE, SIZE)))
    results, networks = {}, {}

    cnn = randomise(Cnn(), 1)
    networks["cnn"] = exported(cnn, folded=False)
    ends = {"/layer1/layer1.1/Relu_1_output_0": "CHW", "/layer2/Relu_1_output_0": "CHW", "/Flatten_output_0": "C"}
    results["cnn"] = expected(networks["cnn"], ends)
    with torch.no_grad():
        same = cnn.layer2(cnn.layer1(cnn.stem(given)))[0].numpy().ravel()
    assert np.abs(same - results["cnn"]["/layer2/Relu_1_output_0"]["values"]).max() < 1e-5

    torch.manual_seed(2)
    vit = Vit().eval()
    networks["vit"] = exported(vit, folded=True)
    names = [n.output[0] for n in networks["vit"].graph.node]
    results["vit"] = expected(
        networks["vit"],
        {
            "/patch/Conv_output_0": "CHW",
            "/layers/layers.1/Add_1_output_0": "TC",
            "/norm/LayerNormalization_output_0": "TC",
            [n for n in names if "Gather" in n][-1]: "C",
        },
    )
    with torch.no_grad():
        x = vit.patch(given).flatten(2).transpose(1, 2)
        x = torch.cat([vit.cls, x], 1) + vit.position
        same = vit.norm(vit.layers(x))[0].numpy().T.ravel()
    assert np.abs(same - results["vit"]["/norm/LayerNormalization_output_0"]["values"]).max() < 1e-4

    rng = np.random.default_rng(3)
    networks["nhwc"] = nhwc(rng)
    turned = golden_input(SEED, (1, 3, SIZE, SIZE)).transpose(0, 2, 3, 1)
    results["nhwc"] = expected(networks["nhwc"], {"relu1": "CHW", "features": "HWC", "pooled": "C"}, turned)

    networks["pixels"] = pixels(rng)
    bytes_ = np.floor((golden_input(SEED, (1, 3, SIZE, SIZE)) + 1) * 127.5).astype(np.uint8)
    results["pixels"] = expected(
        networks["pixels"], {"relu1": "CHW", "pool": "CHW", "flat": "C"}, bytes_.transpose(0, 2, 3, 1)
    )

    networks["branches"] = branches(rng)
    results["branches"] = expected(networks["branches"], {"chosen": "CHW", "flat": "C"})

    half = randomise(Cnn(), 4).half()
    networks["half"] = exported(half, folded=True, dtype=torch.float16)
    results["half"] = expected(widened(networks["half"]), {"/layer2/Relu_1_output_0": "CHW", "/Flatten_output_0": "C"})

    folded = exported(cnn, folded=True)
    with tempfile.TemporaryDirectory() as temp:
        static, dynamic = quantized(folded, Path(temp))
    networks["static"], networks["dynamic"] = static, dynamic
    results["static"] = expected(static, {"/layer2/Relu_1_output_0_DequantizeLinear_Output": "CHW"})
    results["dynamic"] = expected(dynamic, {"/layer2/Relu_1_output_0": "CHW"})

    for name, network in networks.items():
        onnx.save(network, folder / f"{name}.onnx")
    onnx.save(
        networks["cnn"],
        folder / "parts.onnx",
        save_as_external_data=True,
        location="parts.data",
        size_threshold=0,
    )
    (folder / "expected.json").write_text(json.dumps({"seed": SEED, "networks": results}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
