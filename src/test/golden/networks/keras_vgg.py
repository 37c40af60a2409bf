"""VGG in Keras Applications."""

import keras

import reference

LAYERS = {name: name for name in [*(f"block{i}_pool" for i in range(1, 6)), "fc1", "fc2"]}


def vgg(depth, size):
    build = getattr(keras.applications, f"VGG{depth}")
    return reference.Network(lambda size: build(weights=None, input_shape=(size, size, 3)), lambda _: LAYERS, size=size)


NETWORKS = {"vgg16.keras": vgg(16, 64), "vgg19.keras": vgg(19, 32)}
