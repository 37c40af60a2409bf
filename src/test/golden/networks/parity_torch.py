"""Features of torchvision's own networks at every cut, on formula weights.

    python parity_torch.py ../../resources/golden/networks

Versions: requirements.txt. (Apart from parity_keras.py: torch and TensorFlow do not load into one process.)
"""

import pathlib
import sys

import torch
import torchvision

import formula

def features(model, places, inputs):
    """places: cut -> module."""
    found = {}
    hooks = [
        module.register_forward_hook(lambda _m, _i, out, cut=cut: found.__setitem__(cut, out[0].numpy().copy()))
        for cut, module in places.items()
    ]
    with torch.no_grad():
        model.eval()(torch.from_numpy(inputs))
    for hook in hooks:
        hook.remove()
    return {cut: out.reshape(-1) if cut == "avgpool" else out for cut, out in found.items()}


def resnet50(stride_on_first=False):
    model = torchvision.models.resnet50(weights=None)
    places = {"pool1_pool": model.maxpool}
    for stage in range(1, 5):
        for index, block in enumerate(getattr(model, f"layer{stage}")):
            if stride_on_first:
                block.conv1.stride, block.conv2.stride = block.conv2.stride, block.conv1.stride
            places[f"conv{stage + 1}_block{index + 1}_out"] = block
    return model, places | {"avgpool": model.avgpool}


def vgg16():
    model = torchvision.models.vgg16(weights=None)
    pools = [m for m in model.features if isinstance(m, torch.nn.MaxPool2d)]
    places = {f"block{i + 1}_pool": pool for i, pool in enumerate(pools)}
    return model, places | {"fc1": model.classifier[1], "fc2": model.classifier[4]}


def small_vgg16():
    model, places = vgg16()
    model.avgpool = torch.nn.Identity()  # at 224 x 224 it is one
    model.classifier[0] = torch.nn.Linear(512 * 2 * 2, 4096)
    return model, places


def on_formula_weights(model, places):
    state = {
        k: v if k.endswith("num_batches_tracked") else torch.from_numpy(formula.weights(k, v.shape))
        for k, v in model.state_dict().items()
    }
    model.load_state_dict(state)
    return features(model, places, formula.golden_input(formula.SEED, (1, *formula.SHAPE)))


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    formula.write(target, "resnet50_v1.5.torch", on_formula_weights(*resnet50()))
    formula.write(target, "resnet50_v1.torch", on_formula_weights(*resnet50(stride_on_first=True)))
    formula.write(target, "vgg16.torch", on_formula_weights(*small_vgg16()))
