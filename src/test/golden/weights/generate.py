"""Small weight files, written by the libraries that write them in earnest.

pip install torch==2.15.0 safetensors==0.8.0 keras==3.15.1 tensorflow-cpu==2.21.0 tf_keras==2.21.0 h5py==3.14.0
KERAS_BACKEND=tensorflow python src/test/golden/weights/generate.py src/test/resources/golden/weights

Beside each FILE that can be read lies FILE.json: shape and values by the name that Graft gives.
"""

import collections
import json
import os
import pickle
import sys
import zipfile

import h5py
import keras
import numpy
import safetensors.torch
import tf_keras
import torch

OUT = sys.argv[1]


def path(name):
    return os.path.join(OUT, name)


def formula(*shape, seed=1, dtype=torch.float32):
    """Values that half precision and bfloat16 must round."""
    count = int(numpy.prod(shape, dtype=numpy.int64))
    index = torch.arange(1, count + 1, dtype=torch.float64)
    return torch.sin(index * seed * 1.7).mul(3).reshape(shape).to(dtype)


def expect(name, tensors):
    def entry(value):
        array = numpy.asarray(value.detach().float() if torch.is_tensor(value) else value, dtype=numpy.float32)
        return {"shape": list(array.shape), "values": [float(v) if numpy.isfinite(v) else "Infinity" for v in array.ravel()]}

    with open(path(name + ".json"), "w") as out:
        json.dump({k: entry(v) for k, v in tensors.items()}, out, indent=1)
        out.write("\n")


def tensors():
    base = formula(4, 6, seed=5)
    return collections.OrderedDict(
        [
            ("features.0.weight", formula(2, 3, 3, 3)),
            ("features.0.bias", formula(2, seed=2)),
            ("half", formula(5, 2, dtype=torch.float16)),
            ("half.special", torch.tensor([0.0, -0.0, 6e-8, 6.1e-5, 65504.0, float("inf"), -1.5], dtype=torch.float16)),
            ("brain", formula(7, dtype=torch.bfloat16)),
            ("double", formula(3, dtype=torch.float64)),
            ("bn.num_batches_tracked", torch.tensor(1234567)),
            ("int32", torch.tensor([-5, 7], dtype=torch.int32)),
            ("uint8", torch.tensor([0, 255], dtype=torch.uint8)),
            ("bool", torch.tensor([True, False])),
            ("empty", torch.zeros(0, 3)),
            ("base", base),
        ]
    )


def views(base):
    """Views into one storage, none of them contiguous, and two that are the same."""
    return {
        "transposed": base.t(),
        "columns": base[:, 1:5:2],
        "row": base[2],
        "permuted": formula(2, 3, 4, seed=3).permute(2, 0, 1),
        "channels_last": formula(2, 3, 2, 2, seed=4).contiguous(memory_format=torch.channels_last),
        "tied": base,
        "expanded": torch.tensor([2.5]).expand(3, 2),
    }


def write_torch():
    plain = tensors()
    safetensors.torch.save_file(plain, path("tiny.safetensors"), metadata={"format": "pt"})
    expect("tiny.safetensors", plain)

    strided = collections.OrderedDict(plain, **views(plain["base"]))
    torch.save(strided, path("tiny.pth"))
    expect("tiny.pth", strided)
    torch.save(strided, path("legacy.pth"), _use_new_zipfile_serialization=False)
    expect("legacy.pth", strided)

    write_zip64(path("tiny.pth"), path("zip64.pth"))
    expect("zip64.pth", strided)

    torch.manual_seed(1)
    module = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 1), torch.nn.BatchNorm2d(2))
    checkpoint = {"epoch": 3, "lr": 0.1, "best": None, "state_dict": module.state_dict(), "args": ["a", ("b", 2 ** 40)]}
    torch.save(checkpoint, path("nested.pth"))
    expect("nested.pth", module.state_dict())

    parameters = {"w": torch.nn.Parameter(formula(2, 2))}
    torch.save({"model": parameters}, path("parameter.pth"))
    expect("parameter.pth", parameters)

    torch.save(module, path("module.pth"))
    torch.save({"w": formula(2, dtype=torch.complex64)}, path("complex.pth"))
    torch.save({"w": Evil()}, path("evil.pth"))
    torch.save({"w": Evil()}, path("evil_legacy.pth"), _use_new_zipfile_serialization=False)


def write_zip64(source, target):
    """What a file of more than 4 GB looks like, without the 4 GB."""
    zipfile.ZIP64_LIMIT = 16
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            with new.open(zipfile.ZipInfo(entry.filename), "w", force_zip64=True) as out:
                out.write(old.read(entry))
    zipfile.ZIP64_LIMIT = (1 << 31) - 1


class Evil:
    def __reduce__(self):
        return os.system, ("touch graft-was-here",)


class Python2Names(pickle._Pickler):
    """Strings as Python 2 pickled them, and the rebuild function of torch 0.1: what torchvision's VGG files have."""

    def save_str(self, text):
        data = text.encode()
        self.write(pickle.SHORT_BINSTRING + bytes([len(data)]) + data)
        self.memoize(text)

    dispatch = dict(pickle._Pickler.dispatch)
    dispatch[str] = save_str


def write_torch_of_2017():
    values = {"features.0.weight": formula(2, 3), "classifier.0.bias": formula(4, seed=2)}
    storages = {}

    class Storage:
        def __init__(self, key, length):
            self.key, self.length = key, length

    class Rebuilt:
        def __init__(self, storage, tensor, offset):
            self.args = (storage, offset, tuple(tensor.shape), tuple(tensor.stride()))

        def __reduce__(self):
            return torch._utils._rebuild_tensor, self.args

    class Pickler(Python2Names):
        def persistent_id(self, obj):
            if isinstance(obj, Storage):
                view = ("9" + obj.key, 1, obj.length - 1)
                return "storage", torch.FloatStorage, obj.key, "cuda:0", obj.length, view
            return None

    # Each storage has one element in front that the view skips.
    for i, (name, tensor) in enumerate(values.items()):
        storages[name] = Storage(str(100 - i), tensor.numel() + 1)
    root = collections.OrderedDict((n, Rebuilt(storages[n], t, 0)) for n, t in values.items())
    with open(path("torch_2017.pth"), "wb") as out:
        pickle.dump(torch.serialization.MAGIC_NUMBER, out, protocol=2)
        pickle.dump(1001, out, protocol=2)
        pickle.dump({"protocol_version": 1001, "little_endian": True}, out, protocol=2)
        Pickler(out, protocol=2).dump(root)
        order = sorted(values, key=lambda n: storages[n].key)
        pickle.dump([storages[n].key for n in order], out, protocol=2)
        for n in order:
            out.write(storages[n].length.to_bytes(8, "little"))
            out.write(numpy.concatenate([[99], values[n].numpy().ravel()]).astype("<f4").tobytes())
    loaded = torch.load(path("torch_2017.pth"), map_location="cpu", weights_only=False)
    assert all(torch.equal(loaded[n], values[n]) for n in values), loaded
    expect("torch_2017.pth", values)


def network(library):
    layers = library.layers
    image = library.Input((6, 6, 3))
    x = layers.Conv2D(2, 3, name="block1_conv1")(image)
    x = layers.BatchNormalization(name="conv1_bn")(x)
    x = layers.Conv2D(2, 1, use_bias=False, name="block1_conv2")(x)
    return library.Model(image, x, name="inner")


def head(library):
    image = library.Input((6, 6, 3))
    x = network(library)(image)
    x = library.layers.Flatten()(x)
    return library.Model(image, library.layers.Dense(2, name="fc")(x), name="outer")


VARIABLES = ["kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"]


def fill(model):
    model.set_weights([formula(*w.shape, seed=i + 1).numpy() for i, w in enumerate(model.get_weights())])
    named = {}

    def collect(layers):
        for layer in layers:
            if hasattr(layer, "layers"):
                collect(layer.layers)
                continue
            for weight in layer.weights:
                variable = next(v for v in VARIABLES if weight.name.split("/")[-1].split(":")[0] == v)
                named[layer.name + "/" + variable] = weight.numpy()

    collect(model.layers)
    return named


def write_keras():
    for library, version in ((keras, 3), (tf_keras, 2)):
        for kind, build in (("flat", network), ("nested", head)):
            library.backend.clear_session()
            model = build(library)
            named = fill(model)
            stem = "keras%d_%s" % (version, kind)
            model.save(path(stem + ".h5"))
            expect(stem + ".h5", named)
            if version == 3 or kind == "flat":
                model.save_weights(path(stem + ".weights.h5"))
            if version == 3:
                expect(stem + ".weights.h5", named)


def write_keras1():
    """Keras 1 can no longer be installed; this is the layout of its keras.applications files."""
    weights = {
        "block1_conv1": {"W_1:0": ("kernel", formula(3, 3, 3, 2)), "b_1:0": ("bias", formula(2, seed=2))},
        "bn_conv1": {
            "gamma_1:0": ("gamma", formula(2, seed=3)),
            "beta_1:0": ("beta", formula(2, seed=4)),
            "running_mean_1:0": ("moving_mean", formula(2, seed=5)),
            "running_std_1:0": ("moving_variance", formula(2, seed=6)),
        },
    }
    named = {}
    with h5py.File(path("keras1.h5"), "w") as out:
        out.attrs["layer_names"] = [n.encode() for n in ["input_1", *weights]]
        out.create_group("input_1").attrs["weight_names"] = []
        for layer, variables in weights.items():
            group = out.create_group(layer)
            group.attrs["weight_names"] = [("%s_%s" % (layer, v)).encode() for v in variables]
            for variable, (name, value) in variables.items():
                group.create_dataset("%s_%s" % (layer, variable), data=value.numpy())
                named["%s/%s" % (layer, name)] = value
    expect("keras1.h5", named)


def write_hostile_h5():
    def legacy(name, create):
        with h5py.File(path(name), "w") as out:
            out.attrs["layer_names"] = [b"a"]
            group = out.create_group("a")
            group.attrs["weight_names"] = [b"kernel"]
            create(group)

    legacy("chunked.h5", lambda g: g.create_dataset("kernel", data=numpy.zeros(64, "f4"), compression="gzip"))
    legacy("external.h5", lambda g: g.__setitem__("kernel", h5py.ExternalLink("keras1.h5", "/bn_conv1/bn_conv1_b")))
    legacy("missing.h5", lambda g: None)
    legacy("half.h5", lambda g: g.create_dataset("kernel", data=formula(6).numpy().astype("f2")))
    expect("half.h5", {"a/kernel": formula(6, dtype=torch.float16)})
    with h5py.File(path("cycle.h5"), "w") as out:
        layers = out.create_group("layers")
        for name in "abcdefgh":
            layers[name] = layers
    with h5py.File(path("other.h5"), "w") as out:
        out["values"] = numpy.arange(3)


write_torch()
write_torch_of_2017()
write_keras()
write_keras1()
write_hostile_h5()
