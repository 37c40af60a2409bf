"""Features of Keras Applications' own networks at every cut, on formula weights.

    KERAS_BACKEND=tensorflow python parity_keras.py ../../resources/golden/networks

Versions: requirements.txt.
"""

import pathlib
import sys

import keras
import numpy as np

import formula

def features(model, layers, inputs):
    """layers: cut -> layer's name; inputs NCHW, features too."""
    cutting = keras.Model(model.input, [model.get_layer(layer).output for layer in layers.values()])
    outputs = cutting(inputs.transpose(0, 2, 3, 1))
    arrays = [np.asarray(out)[0] for out in outputs]
    return {cut: a.transpose(2, 0, 1) if a.ndim == 3 else a for cut, a in zip(layers, arrays)}


def resnet50(size=64):
    model = keras.applications.ResNet50(weights=None, input_shape=(size, size, 3))
    layers = {"pool1_pool": "pool1_pool"}
    for stage, blocks in enumerate((3, 4, 6, 3)):
        for block in range(blocks):
            name = f"conv{stage + 2}_block{block + 1}_out"
            layers[name] = name
    return model, layers | {"avgpool": "avg_pool"}


def vgg16(size=64):
    model = keras.applications.VGG16(weights=None, input_shape=(size, size, 3))
    names = [f"block{i}_pool" for i in range(1, 6)] + ["fc1", "fc2"]
    return model, {name: name for name in names}


def on_formula_weights(model, layers):
    for layer in model.layers:
        for variable in layer.weights:
            name = f"{layer.name}/{variable.name}"
            variable.assign(formula.weights(name, variable.shape, keras=True))
    return features(model, layers, formula.golden_input(formula.SEED, (1, *formula.SHAPE)))


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    formula.write(target, "resnet50_v1.keras", on_formula_weights(*resnet50()))
    formula.write(target, "vgg16.keras", on_formula_weights(*vgg16()))
