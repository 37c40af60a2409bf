"""ResNet and ResNetV2 in Keras Applications."""

import keras

import reference


def network(name, layers, size=32):
    """layers: Graft's cuts, all but the last of Keras' names."""
    build = getattr(keras.applications, name)
    places = {layer: layer for layer in layers} | {"avgpool": "avg_pool"}
    return reference.Network(lambda size: build(weights=None, input_shape=(size, size, 3)), lambda _: places, size=size)


def stages(*blocks):
    return [f"conv{stage + 2}_block{count}_out" for stage, count in enumerate(blocks)]


def all_blocks(*blocks):
    return [f"conv{stage + 2}_block{i + 1}_out" for stage, count in enumerate(blocks) for i in range(count)]


NETWORKS = {
    "resnet50_v1.keras": network("ResNet50", ["pool1_pool", *all_blocks(3, 4, 6, 3)], size=64),
    "resnet101_v1.keras": network("ResNet101", stages(3, 4, 23, 3)),
    "resnet152_v1.keras": network("ResNet152", stages(3, 8, 36, 3)),
    "resnet50_v2.keras": network("ResNet50V2", ["pool1_pool", *stages(3, 4, 6, 3), "post_relu"], size=64),
    "resnet101_v2.keras": network("ResNet101V2", [*stages(3, 4, 23, 3), "post_relu"]),
    "resnet152_v2.keras": network("ResNet152V2", [*stages(3, 8, 36, 3), "post_relu"]),
}
