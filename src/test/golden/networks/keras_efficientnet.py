"""EfficientNet in Keras Applications, less the preprocessing inside it."""

import keras

import reference


def build(size):
    def model(side):
        made = getattr(keras.applications, f"EfficientNetB{size}")(weights=None, input_shape=(side, side, 3))
        next(layer for layer in made.layers if isinstance(layer, keras.layers.Rescaling)).scale = 1.0
        return made

    return model


def places(model):
    names = {layer.name for layer in model.layers}
    found, index = {}, -1
    for stage in range(1, 8):
        block = [name for name in sorted(names) if name.startswith(f"block{stage}") and name.endswith("_dwconv")]
        index += len(block)
        last = block[-1].removesuffix("_dwconv")
        alone = len(block) == 1
        found[f"block{index}_{'project' if alone else 'add'}"] = f"{last}_{'project_bn' if alone else 'add'}"
    return found | {"conv_last": "top_activation", "avgpool": "avg_pool"}


# Sizes differ in numbers only: see torch_efficientnet.py.
NETWORKS = {f"efficientnet_b{size}_tf.keras": reference.Network(build(size), places) for size in (0, 1, 5, 7)}
OTHERS = {f"efficientnet_b{size}_tf.keras": reference.Network(build(size), places) for size in (2, 3, 4, 6)}
