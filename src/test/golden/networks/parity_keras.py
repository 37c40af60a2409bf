"""Features of Keras Applications' own networks at every cut, on formula weights.

    KERAS_BACKEND=tensorflow python parity_keras.py ../../resources/golden/networks [ARCHITECTURE.keras...]

Versions: ../requirements.txt.
"""

import pathlib
import re
import sys

import keras
import numpy as np

import formula
import reference


def features(model, layers, inputs):
    """layers: cut -> layer's name, or a tensor of the model; inputs NCHW, features too."""
    outputs = [model.get_layer(layer).output if isinstance(layer, str) else layer for layer in layers.values()]
    cutting = keras.Model(model.input, outputs)
    outputs = cutting(inputs.transpose(0, 2, 3, 1))
    arrays = [np.asarray(out)[0] for out in outputs]
    arrays = [a.transpose(2, 0, 1) if a.ndim == 3 else a for a in arrays]
    return {cut: reference.flat(cut, a) for cut, a in zip(layers, arrays)}


def tensor(variable):
    """LAYER/VARIABLE, the layer being the innermost; ConvNeXt's LayerScale leaves unnamed what Graft calls gamma."""
    return re.sub(r"layer_scale/variable(_\d+)?$", "layer_scale/gamma", "/".join(variable.path.split("/")[-2:]))


def on_formula_weights(network):
    model = network.build(network.size)
    for layer in model.layers:
        for variable in layer.weights:
            variable.assign(formula.weights(tensor(variable), variable.shape, keras=True))
    inputs = formula.golden_input(formula.SEED, (1, *network.shape))
    return features(model, network.places(model), inputs)


if __name__ == "__main__":
    target, *names = sys.argv[1:]
    for name, network in reference.chosen(reference.families("keras"), names).items():
        formula.write(pathlib.Path(target), name, on_formula_weights(network), network.shape)
