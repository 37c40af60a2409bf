"""DenseNet in Keras Applications."""

import keras

import reference


def densenet(depth, *layers, size=32):
    build = getattr(keras.applications, f"DenseNet{depth}")
    names = [f"conv{stage + 2}_block{count}_concat" for stage, count in enumerate(layers)] + ["relu"]
    places = {name: name for name in names} | {"avgpool": "avg_pool"}
    return reference.Network(lambda size: build(weights=None, input_shape=(size, size, 3)), lambda _: places, size=size)


NETWORKS = {
    "densenet121.keras": densenet(121, 6, 12, 24, size=64),
    "densenet169.keras": densenet(169, 6, 12, 32),
    "densenet201.keras": densenet(201, 6, 12, 48),
}
