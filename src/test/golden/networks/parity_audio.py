"""Features of VGGish, YAMNet and OpenL3 at every cut, on formula weights that have the published files' names.

    KERAS_BACKEND=tensorflow python parity_audio.py ../../resources/golden/networks

The networks are built of Keras' layers after the authors' descriptions: github.com/tensorflow/models
(research/audioset: vggish_slim.py, yamnet.py) and github.com/marl/openl3 (openl3/models.py). Versions: ../requirements.txt.
"""

import pathlib
import re
import sys

import keras
from keras import layers

import formula
import parity_keras

SLIM = {"kernel": "weights", "bias": "biases"}
YAMNET = [
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1),
]


def vggish(shape):
    x = inputs = keras.Input((*shape[1:], shape[0]))
    for block, names in enumerate((["conv1"], ["conv2"], ["conv3_1", "conv3_2"], ["conv4_1", "conv4_2"]), start=1):
        for name in names:
            x = layers.Conv2D(32 << block, 3, padding="same", activation="relu", name=name)(x)
        x = layers.MaxPooling2D(2, 2, padding="same", name=f"pool{block}")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(4096, activation="relu", name="fc1_1")(x)
    x = layers.Dense(4096, activation="relu", name="fc1_2")(x)
    return keras.Model(inputs, layers.Dense(128, name="fc2")(x))


def vggish_name(layer, variable):
    scope = re.sub(r"^(\w+?)_\d$", r"\1/\g<0>", layer)
    return f"vggish/{scope}/{SLIM[variable]}"


def yamnet(shape):
    def norm(x, name):
        x = layers.BatchNormalization(center=True, scale=False, epsilon=1e-4, name=name + "~bn")(x)
        return layers.ReLU(name=name + "~relu")(x)

    x = inputs = keras.Input((*shape[1:], shape[0]))
    x = norm(layers.Conv2D(32, 3, 2, padding="same", use_bias=False, name="layer1~conv")(x), "layer1~conv")
    for i, (width, stride) in enumerate(YAMNET, start=2):
        name = f"layer{i}~depthwise_conv"
        x = norm(layers.DepthwiseConv2D(3, stride, padding="same", use_bias=False, name=name)(x), name)
        name = f"layer{i}~pointwise_conv"
        x = norm(layers.Conv2D(width, 1, padding="same", use_bias=False, name=name)(x), name)
    return keras.Model(inputs, layers.GlobalAveragePooling2D(name="avgpool")(x))


def openl3(shape):
    def norm(x):
        return layers.BatchNormalization(name=f"batch_normalization{number('bn')}")(x)

    def number(kind):
        counts[kind] = counts.get(kind, 0) + 1
        return f"_{counts[kind] - 1}" if counts[kind] > 1 else ""

    def convolve(x, width, name):
        x = layers.Conv2D(width, 3, padding="same", name=f"conv2d{number('conv')}")(x)
        return layers.Activation("relu", name=name)(norm(x))

    counts = {}
    x = inputs = keras.Input((*shape[1:], shape[0]))
    x = norm(x)
    for block, width in enumerate((64, 128, 256), start=1):
        x = convolve(x, width, f"block{block}_1")
        x = convolve(x, width, f"block{block}_2")
        x = layers.MaxPooling2D(2, 2, name=f"block{block}_pool")(x)
    x = convolve(x, 512, "block4_1")
    x = layers.Conv2D(512, 3, padding="same", name="audio_embedding_layer")(x)
    height, width = x.shape[1:3]
    grid = layers.MaxPooling2D((height // 4, width // 3), padding="same", name="embedding6144")(x)
    largest = layers.MaxPooling2D((height, width), padding="same")(x)  # not by way of the grid
    return keras.Model(inputs, [grid, layers.Flatten(name="embedding512")(largest)])


NETWORKS = {
    "vggish.slim": (
        vggish, (1, 32, 32), vggish_name, [*(f"pool{i}" for i in range(1, 5)), "fc1_1", "fc1_2", "fc2"],
    ),
    "yamnet.keras": (
        yamnet, (1, 96, 64), lambda layer, variable: f"{layer.replace('~', '/')}/{variable}",
        [*(f"layer{i}_pointwise" for i in (2, 4, 6, 12, 14)), "avgpool"],
    ),
    "openl3.keras": (
        openl3, (1, 64, 51), lambda layer, variable: f"{layer}/{variable}",
        [*(f"block{i}_pool" for i in range(1, 4)), "audio_embedding_layer", "embedding6144", "embedding512"],
    ),
}


if __name__ == "__main__":
    for name, (build, shape, tensor, cuts) in NETWORKS.items():
        model = build(shape)
        for layer in model.layers:
            for variable in layer.weights:
                kind = variable.path.split("/")[-1]
                variable.assign(formula.weights(tensor(layer.name, kind), variable.shape, keras=True))
        places = {cut: re.sub("_pointwise$", "~pointwise_conv~relu", cut) for cut in cuts}
        values = parity_keras.features(model, places, formula.golden_input(formula.SEED, (1, *shape)))
        formula.write(pathlib.Path(sys.argv[1]), name, values, shape)
