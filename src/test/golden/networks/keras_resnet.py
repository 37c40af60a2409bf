"""ResNet in Keras Applications."""

import keras

import reference


def layers(blocks):
    names = ["pool1_pool"]
    names += [f"conv{stage + 2}_block{i + 1}_out" for stage, n in enumerate(blocks) for i in range(n)]
    return {name: name for name in names} | {"avgpool": "avg_pool"}


NETWORKS = {
    "resnet50_v1.keras": reference.Network(
        lambda size: keras.applications.ResNet50(weights=None, input_shape=(size, size, 3)), lambda _: layers((3, 4, 6, 3))
    ),
}
