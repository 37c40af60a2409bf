"""Features of Keras Applications' own networks at every cut, on formula weights.

    KERAS_BACKEND=tensorflow python parity_keras.py ../../resources/golden/networks [ARCHITECTURE.keras...]

Versions: requirements.txt.
"""

import pathlib
import sys

import keras
import numpy as np

import formula
import reference


def features(model, layers, inputs):
    """layers: cut -> layer's name; inputs NCHW, features too."""
    cutting = keras.Model(model.input, [model.get_layer(layer).output for layer in layers.values()])
    outputs = cutting(inputs.transpose(0, 2, 3, 1))
    arrays = [np.asarray(out)[0] for out in outputs]
    arrays = [a.transpose(2, 0, 1) if a.ndim == 3 else a for a in arrays]
    return {cut: reference.flat(cut, a) for cut, a in zip(layers, arrays)}


def on_formula_weights(network):
    model = network.build(network.size)
    for layer in model.layers:
        for variable in layer.weights:
            name = f"{layer.name}/{variable.name}"
            variable.assign(formula.weights(name, variable.shape, keras=True))
    inputs = formula.golden_input(formula.SEED, (1, *network.shape))
    return features(model, network.places(model), inputs)


if __name__ == "__main__":
    target, *names = sys.argv[1:]
    for name, network in reference.chosen(reference.families("keras"), names).items():
        formula.write(pathlib.Path(target), name, on_formula_weights(network), network.shape)
