"""Features of Keras Applications' MobileNets at every cut, on formula weights that have TF-Slim's names.

    KERAS_BACKEND=tensorflow python parity_slim.py ../../resources/golden/networks

The arithmetic is the same at even sizes; only names differ (github.com/tensorflow/models, research/slim/nets: mobilenet_v1
and mobilenet/mobilenet_v2). Versions: ../requirements.txt.
"""

import pathlib
import re
import sys

import keras

import formula
import keras_mobilenet
import parity_keras

NORM = {"gamma", "beta", "moving_mean", "moving_variance"}


def v1(layer):
    match = re.fullmatch(r"conv_(dw|pw)_(\d+)(_bn)?", layer)
    if not match:
        return "MobilenetV1/Conv2d_0"
    kind = "depthwise" if match[1] == "dw" else "pointwise"
    return f"MobilenetV1/Conv2d_{match[2]}_{kind}"


def v2(layer):
    names = {"Conv1": "Conv", "bn_Conv1": "Conv", "Conv_1": "Conv_1", "Conv_1_bn": "Conv_1"}
    if layer in names:
        return "MobilenetV2/" + names[layer]
    match = re.fullmatch(r"(?:expanded_conv|block_(\d+))_(expand|depthwise|project)(_BN)?", layer)
    return f"MobilenetV2/expanded_conv{'_' + match[1] if match[1] else ''}/{match[2]}"


def slim(scope, layer, variable):
    if variable in NORM:
        return f"{scope}/BatchNorm/{variable}"
    return f"{scope}/{'depthwise_weights' if isinstance(layer, keras.layers.DepthwiseConv2D) else 'weights'}"


def on_formula_weights(model, places, scope):
    for layer in model.layers:
        if layer.name == "predictions" or layer.name == "conv_preds":
            continue  # above the last cut
        for variable in layer.weights:
            name = slim(scope(layer.name), layer, variable.name)
            variable.assign(formula.weights(name, variable.shape, keras=True))
    inputs = formula.golden_input(formula.SEED, (1, *formula.SHAPE))
    return parity_keras.features(model, places(model), inputs)


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    for name, build, places, scope in (
        ("mobilenet_v1_tf.slim", keras_mobilenet.v1, keras_mobilenet.v1_places, v1),
        ("mobilenet_v2_tf.slim", keras_mobilenet.v2, keras_mobilenet.v2_places, v2),
    ):
        formula.write(target, name, on_formula_weights(build(64), places, scope))
