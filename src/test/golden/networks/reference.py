"""What a publisher's own code says about a network; `torch_*.py` and `keras_*.py` hold one family each.

A module has NETWORKS: `ARCHITECTURE.DIALECT` -> Network. Dialects are torch (torchvision), timm and keras.
"""

import dataclasses
import importlib
import pathlib
import typing


@dataclasses.dataclass(frozen=True)
class Network:
    """build(size) makes the model, with any weights, for pictures of size x size; places(model) says for every cut
    of Graft's where it is: a module of torch's (whose output it is), or the name of a Keras layer. size is that of
    the golden input, unless input tells its channels, height and width."""

    build: typing.Callable
    places: typing.Callable
    size: int = 64
    input: tuple = None

    @property
    def shape(self):
        return self.input or (3, self.size, self.size)


def flat(cut, array):
    """What publishers keep as 1x1 behind the pooling is flat to Graft."""
    return array.reshape(-1) if cut in ("avgpool", "fc1") else array


def families(kind, others=False):
    """NETWORKS of all modules called `KIND_*.py`; with others, too, OTHERS, which have no golden values."""
    found = {}
    for path in sorted(pathlib.Path(__file__).parent.glob(f"{kind}_*.py")):
        module = importlib.import_module(path.stem)
        found |= module.NETWORKS | (getattr(module, "OTHERS", {}) if others else {})
    return found


def chosen(networks, names):
    """Those of names; all where there are none."""
    return {name: networks[name] for name in names or networks}
