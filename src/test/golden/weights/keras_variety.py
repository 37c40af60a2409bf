"""Every kind of layer whose weights Keras names in its own way, and both ages of .keras archives.

pip install keras==3.15.1 tensorflow-cpu==2.21.0 tf_keras==2.21.0 numpy
KERAS_BACKEND=tensorflow python src/test/golden/weights/keras_variety.py src/test/resources/golden/weights
"""

import json
import os
import sys
import zipfile

import keras
import numpy
import tf_keras
from keras.src.applications.convnext import LayerScale

OUT = sys.argv[1]


def path(name):
    return os.path.join(OUT, name)


def expect(name, tensors):
    entries = {
        k: {"shape": list(v.shape), "values": [float(x) for x in numpy.asarray(v, dtype=numpy.float32).ravel()]}
        for k, v in tensors.items()
    }
    with open(path(name + ".json"), "w") as out:
        json.dump(entries, out, indent=1)
        out.write("\n")


def network(library):
    layers = library.layers
    image = library.Input((4, 4, 2))
    x = layers.Conv2D(2, 1, name="conv")(image)
    x = layers.DepthwiseConv2D(2, name="dw")(x)
    x = layers.SeparableConv2D(2, 1, name="sep")(x)
    x = layers.LayerNormalization(name="norm")(x)
    if library is keras:
        x = LayerScale(1e-6, 2, name="stage_0_layer_scale")(x)
        x = layers.Normalization(name="standard")(x)
        x = layers.Rescaling(2.0, name="rescale")(x)
        x = layers.PReLU(shared_axes=[1, 2], name="prelu")(x)
    return library.Model(image, x, name="inner")


def outer(library):
    image = library.Input((4, 4, 2))
    x = network(library)(image)
    x = library.layers.Conv2D(1, 1, name="second")(x)
    return library.Model(image, x, name="outer")


NAMES = {
    "sep": ["depthwise_kernel", "pointwise_kernel", "bias"],
    "norm": ["gamma", "beta"],
    "stage_0_layer_scale": ["gamma"],
    "standard": ["mean", "variance", "count"],
    "prelu": ["alpha"],
}


def fill(model):
    named = {}
    for layer in model.layers:
        if hasattr(layer, "layers"):
            named.update(fill(layer))
            continue
        values = []
        for i, w in enumerate(layer.get_weights()):
            value = numpy.sin(numpy.arange(1, w.size + 1) * (len(named) + 1) * 1.7) * 3
            values.append(value.reshape(w.shape).astype(w.dtype))
            named[layer.name + "/" + NAMES.get(layer.name, ["kernel", "bias"])[i]] = values[-1]
        layer.set_weights(values)
    return named


model = network(keras)
named = fill(model)
for name in "variety.keras", "variety.h5":
    model.save(path(name))
model.save_weights(path("variety.weights.h5"))
with zipfile.ZipFile(path("variety.keras")) as old, zipfile.ZipFile(path("variety_deflated.keras"), "w", zipfile.ZIP_DEFLATED) as new:
    for entry in old.infolist():
        new.writestr(entry.filename, old.read(entry))
for name in "variety.keras", "variety_deflated.keras", "variety.h5", "variety.weights.h5":
    expect(name, named)

model = network(tf_keras)
named = fill(model)
model.save(path("keras2_variety.h5"))
expect("keras2_variety.h5", named)
tf_keras.backend.clear_session()
model = outer(tf_keras)
named = fill(model)
model.save(path("keras2_nested.keras"))
expect("keras2_nested.keras", named)
