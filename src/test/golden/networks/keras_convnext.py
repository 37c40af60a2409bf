"""ConvNeXt in Keras Applications, without the preprocessing that it brings (the card has that)."""

import keras

import reference


def tiny(size):
    return keras.applications.ConvNeXtTiny(weights=None, include_preprocessing=False, input_shape=(size, size, 3))


def places(model):
    """A block ends in a sum, which is no layer: the next layer takes it in."""
    after = [f"convnext_tiny_downsampling_block_{i}" for i in range(3)] + ["convnext_tiny_head_gap"]
    ends = {f"stage{i + 1}_out": model.get_layer(layer).input for i, layer in enumerate(after)}
    return ends | {"avgpool": "convnext_tiny_head_layernorm"}


NETWORKS = {"convnext_tiny.keras": reference.Network(tiny, places)}
