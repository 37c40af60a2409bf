"""Xception in Keras Applications."""

import keras

import reference


def xception(size):
    keras.backend.clear_session()  # counts layers from zero again
    return keras.applications.Xception(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))


def places(model):
    sums = [layer.name for layer in model.layers if isinstance(layer, keras.layers.Add)]
    ends = {f"block{block}_out": sums[block - 2] for block in (2, 3, 4, 8, 12, 13)}
    return ends | {"block14_out": "block14_sepconv2_act", "avgpool": model.layers[-1].name}


NETWORKS = {"xception.keras": reference.Network(xception, places, 71)}
