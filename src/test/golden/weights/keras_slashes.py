"""A file whose layers have slashes in their names, as YAMNet's have: only Keras 2 allows them.

    python src/test/golden/weights/keras_slashes.py src/test/resources/golden/weights

Versions: ../requirements.txt.
"""

import json
import pathlib
import sys

import numpy
import tf_keras
from tf_keras import layers

image = tf_keras.Input((4, 4, 1))
x = layers.Conv2D(2, 1, use_bias=False, name="layer1/conv")(image)
x = layers.BatchNormalization(scale=False, name="layer1/conv/bn")(x)
x = layers.DepthwiseConv2D(2, use_bias=False, name="layer2/depthwise_conv")(x)
model = tf_keras.Model(image, layers.BatchNormalization(scale=False, name="layer2/depthwise_conv/bn")(x))

expected = {}
for layer in model.layers:
    values = [numpy.arange(1, w.size + 1, dtype="float32").reshape(w.shape) for w in layer.get_weights()]
    layer.set_weights(values)
    for variable, value in zip(layer.weights, values):
        kind = variable.name.split("/")[-1].split(":")[0].replace("depthwise_kernel", "kernel")
        expected[f"{layer.name}/{kind}"] = {"shape": list(value.shape), "values": value.ravel().tolist()}
folder = pathlib.Path(sys.argv[1])
model.save_weights(folder / "keras2_slashes.h5")
(folder / "keras2_slashes.h5.json").write_text(json.dumps(expected, indent=1) + "\n")
