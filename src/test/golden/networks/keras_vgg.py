"""VGG in Keras Applications."""

import keras

import reference

LAYERS = {name: name for name in [*(f"block{i}_pool" for i in range(1, 6)), "fc1", "fc2"]}

NETWORKS = {
    "vgg16.keras": reference.Network(
        lambda size: keras.applications.VGG16(weights=None, input_shape=(size, size, 3)), lambda _: LAYERS
    ),
}
