"""Small sharded, TensorFlow.js, ONNX and TensorFlow weights, written by the libraries that write them in earnest.

pip install torch==2.15.0 huggingface_hub==2.4.0 onnx==1.23.2 tensorflow-cpu==2.21.0 keras==3.15.1 tf_keras==2.21.0 cramjam==2.11.0 google-crc32c==1.7.1
pip install --no-deps tensorflowjs==4.22.0
KERAS_BACKEND=tensorflow python src/test/golden/weights/containers.py src/test/resources/golden/weights

Beside each FILE or FOLDER that can be read lies its .json: shape and values by the name that Graft gives.
"""

import collections
import importlib.util
import json
import os
import shutil
import sys
import tarfile
import types

import cramjam
import google_crc32c
import huggingface_hub
import keras
import ml_dtypes
import numpy
import onnx
import tensorflow as tf
import tf_keras
import torch
from onnx import TensorProto, helper, numpy_helper

# Only its writers are wanted; its command line needs libraries that no longer install.
tensorflowjs = types.ModuleType("tensorflowjs")
tensorflowjs.__path__ = importlib.util.find_spec("tensorflowjs").submodule_search_locations
sys.modules["tensorflowjs"] = tensorflowjs
converters = types.ModuleType("tensorflowjs.converters")
converters.__path__ = [os.path.join(list(tensorflowjs.__path__)[0], "converters")]
sys.modules["tensorflowjs.converters"] = converters
from tensorflowjs import read_weights, write_weights  # noqa: E402
from tensorflowjs.converters import keras_h5_conversion  # noqa: E402

OUT = sys.argv[1]


def path(*names):
    return os.path.join(OUT, *names)


def fresh(name):
    shutil.rmtree(path(name), ignore_errors=True)
    os.makedirs(path(name))
    return path(name)


def formula(*shape, seed=1, dtype="float32"):
    count = int(numpy.prod(shape, dtype=numpy.int64))
    return (numpy.sin(numpy.arange(1, count + 1) * seed * 1.7) * 3).reshape(shape).astype(dtype)


def expect(name, tensors):
    entries = {
        k: {"shape": list(numpy.shape(v)), "values": [float(x) for x in numpy.asarray(v).astype(numpy.float32).ravel()]}
        for k, v in tensors.items()
    }
    with open(path(name + ".json"), "w") as out:
        json.dump(entries, out, indent=1)
        out.write("\n")


def write_sharded():
    tensors = collections.OrderedDict(
        ("layer%d.weight" % i, torch.from_numpy(formula(2, 3 + i, seed=i + 1))) for i in range(4)
    )
    for name, safe in ("sharded_safetensors", True), ("sharded_torch", False):
        huggingface_hub.save_torch_state_dict(tensors, fresh(name), max_shard_size=60, safe_serialization=safe)
        assert len(os.listdir(path(name))) > 2, os.listdir(path(name))
        expect(name, {k: v.numpy() for k, v in tensors.items()})


def network():
    layers = tf_keras.layers
    image = tf_keras.Input((4, 4, 2))
    x = layers.Conv2D(3, 2, name="conv")(image)
    x = layers.BatchNormalization(name="conv_bn")(x)
    x = layers.DepthwiseConv2D(2, name="dw")(x)
    return tf_keras.Model(image, x, name="small")


def fill(model):
    model.set_weights([formula(*w.shape, seed=i + 1) for i, w in enumerate(model.get_weights())])
    return {
        layer.name + "/" + w.name.split("/")[-1].split(":")[0].replace("depthwise_", ""): w.numpy()
        for layer in model.layers
        for w in layer.weights
    }


def write_tfjs():
    tf_keras.backend.clear_session()
    model = network()
    named = fill(model)
    model.save(path("scratch.h5"))
    topology, groups = keras_h5_conversion.h5_merged_saved_model_to_tfjs_format(path("scratch.h5"))
    os.remove(path("scratch.h5"))
    for kind in None, "uint8", "uint16", "float16":
        name = "tfjs_" + (kind or "layers")
        folder = fresh(name)
        keras_h5_conversion.write_artifacts(
            topology, groups, folder, {kind: "*"} if kind else None, weight_shard_size_bytes=90
        )
        with open(os.path.join(folder, "model.json")) as text:
            manifest = json.load(text)["weightsManifest"]
        read = read_weights.read_weights(manifest, folder, flatten=True)
        values = {w["name"].replace("depthwise_", ""): w["data"] for w in read}
        assert values.keys() == named.keys(), (values.keys(), named.keys())
        expect(name, values)

    folder = fresh("tfjs_graph")
    weights = [
        {"name": "MobilenetV1/Conv2d_0/weights", "data": formula(2, 3)},
        {"name": "text", "data": numpy.array([b"a", b"longer text"], "object")},
        {"name": "dw/depthwise_kernel", "data": formula(5, seed=2)},
        {"name": "complex", "data": numpy.ones(3, "complex64")},
        {"name": "shape", "data": numpy.array([-1, 224, 3], "int32")},
        {"name": "flag", "data": numpy.array([True, False])},
        {"name": "scalar", "data": numpy.array(2.5, "float32")},
    ]
    manifest = write_weights.write_weights([weights], folder, write_manifest=False)
    with open(os.path.join(folder, "model.json"), "w") as out:
        json.dump({"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": manifest}, out)
    expect("tfjs_graph", {w["name"]: w["data"] for w in weights if w["name"] not in ("text", "complex")})


def write_onnx():
    types_ = {
        "float": TensorProto.FLOAT,
        "double": TensorProto.DOUBLE,
        "half": TensorProto.FLOAT16,
        "brain": TensorProto.BFLOAT16,
        "int8": TensorProto.INT8,
        "uint8": TensorProto.UINT8,
        "int16": TensorProto.INT16,
        "uint16": TensorProto.UINT16,
        "int32": TensorProto.INT32,
        "int64": TensorProto.INT64,
        "bool": TensorProto.BOOL,
    }
    tensors, values = [], {}
    for name, kind in types_.items():
        dtype = helper.tensor_dtype_to_np_dtype(kind)
        value = numpy.abs(formula(2, 3, seed=3)).astype(dtype)
        if name in ("int8", "int16", "int32", "int64"):
            value = (formula(2, 3, seed=5) * 20).astype(dtype)
        raw = numpy_helper.from_array(value, "raw." + name)
        typed = helper.make_tensor("typed." + name, kind, value.shape, value.ravel())
        assert raw.HasField("raw_data") and not typed.HasField("raw_data")
        for tensor in raw, typed:
            tensors.append(tensor)
            values[tensor.name] = value
    tensors.append(numpy_helper.from_array(numpy.array(1.5, "float32"), "scalar"))
    values["scalar"] = numpy.array(1.5, "float32")
    tensors.append(numpy_helper.from_array(numpy.zeros((0, 2), "float32"), "empty"))
    values["empty"] = numpy.zeros((0, 2), "float32")

    def model(initializers):
        image = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
        graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [image], [image], initializers)
        graph.output[0].name = "y"
        made = helper.make_model(graph, producer_name="golden")
        onnx.checker.check_model(made)
        return made

    onnx.save(model(tensors), path("tiny.onnx"))
    expect("tiny.onnx", values)

    big = {"conv.weight": formula(4, 3, 2, 2), "conv.bias": formula(4, seed=2), "bn.weight": formula(300, seed=3)}
    initializers = [numpy_helper.from_array(v, k) for k, v in big.items()]
    folder = fresh("onnx_external")
    onnx.save(
        model(initializers),
        os.path.join(folder, "model.onnx"),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location="model.onnx.data",
        size_threshold=32,
    )
    expect("onnx_external", big)

    odd = [
        numpy_helper.from_array(numpy.array([1, 2 ** 63 - 1]), "huge"),
        numpy_helper.from_array(numpy.array([b"a", b"b"], "object"), "text"),
        numpy_helper.from_array(numpy.array([2 ** 24, -5]), "exact"),
    ]
    onnx.save(model(odd), path("odd.onnx"))


def write_tensorflow():
    v1 = tf.compat.v1
    values = {
        "MobilenetV1/Conv2d_0/weights": formula(2, 2, 3, 2),
        "MobilenetV1/Conv2d_0/BatchNorm/gamma": formula(2, seed=2),
        "half": formula(7, seed=3, dtype="float16"),
        "brain": formula(5, seed=4).astype(ml_dtypes.bfloat16),
        "double": formula(3, seed=5, dtype="float64"),
        "global_step": numpy.int64(12345),
        "z": formula(20, 20, seed=6),
    }
    for name, sharded in ("tf1", False), ("tf1_sharded", True):
        folder = fresh(name)
        with tf.Graph().as_default():
            variables = []
            for i, (k, v) in enumerate(values.items()):
                with tf.device("/cpu:%d" % (i % 2 if sharded else 0)):
                    variables.append(v1.get_variable(k, initializer=v, use_resource=False))
            with v1.Session(config=v1.ConfigProto(device_count={"CPU": 2})) as session:
                session.run(v1.global_variables_initializer())
                saver = v1.train.Saver(variables, sharded=sharded)
                saver.save(session, os.path.join(folder, "model.ckpt"), write_meta_graph=False, write_state=False)
        expect(name, {k: values[k] for k in sorted(values)})
    assert any(n.endswith("of-00002") for n in os.listdir(path("tf1_sharded"))), os.listdir(path("tf1_sharded"))

    # many names, so that the index has several blocks and its keys share prefixes
    folder = fresh("tf1_many")
    many = {"block_%02d/unit_%d/weights" % (i // 5, i % 5): formula(1, seed=i + 1) for i in range(250)}
    with tf.Graph().as_default(), v1.Session() as session:
        variables = [v1.get_variable(k, initializer=v, use_resource=False) for k, v in many.items()]
        session.run(v1.global_variables_initializer())
        v1.train.Saver(variables).save(session, os.path.join(folder, "m"), write_meta_graph=False, write_state=False)
    expect("tf1_many", many)

    compress_index(path("tf1_many", "m"), os.path.join(fresh("tf1_snappy"), "m"))
    expect("tf1_snappy", many)

    folder = fresh("tf1_partitioned")
    with tf.Graph().as_default(), v1.Session() as session:
        v1.get_variable("w", [4, 2], partitioner=v1.fixed_size_partitioner(2), use_resource=False)
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, os.path.join(folder, "m"), write_meta_graph=False, write_state=False)

    tf_keras.backend.clear_session()
    model = network()
    model.compile(tf_keras.optimizers.legacy.Adam(), "mse")
    model.fit(formula(1, 4, 4, 2), formula(1, 2, 2, 3), verbose=0)
    named = fill(model)
    folder = fresh("tf2")
    model.save_weights(os.path.join(folder, "weights"), save_format="tf")
    os.remove(os.path.join(folder, "checkpoint"))
    expect("tf2", named)

    tf_keras.backend.clear_session()
    model = network()
    named = fill(model)
    folder = fresh("saved_model")
    tf.saved_model.save(model, folder, options=tf.saved_model.SaveOptions(save_debug_info=False))
    pack(folder)
    expect("saved_model", named)

    layers = keras.layers
    image = keras.Input((4, 4, 2))
    x = layers.Conv2D(2, 2, name="conv")(image)
    model = keras.Model(image, layers.DepthwiseConv2D(2, name="dw")(x))
    model.set_weights([formula(*w.shape, seed=i + 1) for i, w in enumerate(model.get_weights())])
    folder = fresh("saved_model_keras3")
    model.export(folder, verbose=False)
    os.remove(os.path.join(folder, "fingerprint.pb"))
    expect("saved_model_keras3", {w.path: w.numpy() for w in model.weights})

    write_frozen()


def compress_index(source, target):
    """TensorFlow writes its tables without compression, but reads them with Snappy."""

    def varint(data, at):
        value, shift = 0, 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value, at

    def number(value):
        out = bytearray()
        while value > 127:
            out.append(value & 127 | 128)
            value >>= 7
        return bytes(out + bytes([value]))

    def masked(data):
        crc = google_crc32c.value(data)
        return ((crc >> 15 | crc << 17) + 0xA282EAD8 & 0xFFFFFFFF).to_bytes(4, "little")

    with open(source + ".index", "rb") as file:
        data = file.read()
    footer = data[-48:]
    meta, at = varint(footer, 0)
    _, at = varint(footer, at)
    index, at = varint(footer, at)
    size, at = varint(footer, at)
    out = bytearray()

    def block(contents):
        packed = bytes(cramjam.snappy.compress_raw(contents))
        handle = number(len(out)) + number(len(packed))
        out.extend(packed + b"\1" + masked(packed + b"\1"))
        return handle

    entries, at = bytearray(), index
    key, restarts = b"", []
    end = index + size - 4 - 4 * int.from_bytes(data[index + size - 4 : index + size], "little")
    while at < end:
        shared, at = varint(data, at)
        rest, at = varint(data, at)
        length, at = varint(data, at)
        key, at = key[:shared] + data[at : at + rest], at + rest
        offset, after = varint(data, at)
        count, after = varint(data, after)
        at += length
        handle = block(data[offset : offset + count])
        restarts.append(len(entries))
        entries += number(0) + number(len(key)) + number(len(handle)) + key + handle
    words = restarts + [len(restarts)]
    handle = block(bytes(entries) + b"".join(w.to_bytes(4, "little") for w in words))
    empty = block(b"\0\0\0\0\1\0\0\0")
    with open(target + ".index", "wb") as file:
        file.write(bytes(out) + (empty + handle).ljust(40, b"\0") + data[-8:])
    shutil.copy(source + ".data-00000-of-00001", target + ".data-00000-of-00001")
    reader = tf.train.load_checkpoint(target)
    assert len(reader.get_variable_to_shape_map()) == 250


def pack(folder):
    """As tfhub.dev serves it."""
    os.remove(os.path.join(folder, "fingerprint.pb"))
    shutil.rmtree(os.path.join(folder, "assets"), ignore_errors=True)

    def plain(entry):
        entry.uid = entry.gid = entry.mtime = 0
        entry.uname = entry.gname = ""
        return entry

    with tarfile.open(folder + ".tar.gz", "w:gz", format=tarfile.GNU_FORMAT) as tar:
        tar.add(folder, arcname=".", filter=plain)


def write_frozen():
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    kernel = tf.Variable(formula(2, 2, 2, 3), name="conv/weights")
    bias = tf.Variable(formula(3, seed=2), name="conv/biases")

    @tf.function(input_signature=[tf.TensorSpec([1, 4, 4, 2])])
    def run(x):
        return tf.nn.conv2d(x, kernel, 1, "SAME") + bias + tf.fill([3], tf.constant(0.5, tf.float32, [], "half"))

    frozen = convert_variables_to_constants_v2(run.get_concrete_function())
    with open(path("frozen.pb"), "wb") as out:
        out.write(frozen.graph.as_graph_def().SerializeToString())
    expect(
        "frozen.pb",
        {
            n.name: tf.make_ndarray(n.attr["value"].tensor)
            for n in frozen.graph.as_graph_def().node
            if n.op == "Const" and n.attr["dtype"].type in (1, 3)
        },
    )


write_sharded()
write_tfjs()
write_onnx()
write_tensorflow()
