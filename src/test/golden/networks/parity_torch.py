"""Features of torchvision's and timm's own networks at every cut, on formula weights.

    python parity_torch.py ../../resources/golden/networks [ARCHITECTURE.DIALECT...]

Versions: ../requirements.txt. (Apart from parity_keras.py: torch and TensorFlow do not load into one process.)
"""

import pathlib
import sys

import torch

import formula
import reference


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
    return {cut: reference.flat(cut, out) for cut, out in found.items()}


def on_formula_weights(network):
    model = network.build(network.size)
    state = {
        k: v if k.endswith("num_batches_tracked") else torch.from_numpy(formula.weights(k, v.shape))
        for k, v in model.state_dict().items()
    }
    model.load_state_dict(state)
    return features(model, network.places(model), formula.golden_input(formula.SEED, (1, *network.shape)))


if __name__ == "__main__":
    target, *names = sys.argv[1:]
    for name, network in reference.chosen(reference.families("torch"), names).items():
        formula.write(pathlib.Path(target), name, on_formula_weights(network), network.shape)
