"""Inception in torchvision and timm."""

import timm
import torch
import torchvision

import reference

V3 = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")


def v3(_):
    model = torchvision.models.inception_v3(weights=None, aux_logits=False, transform_input=False, init_weights=False)
    assert_timms_is_the_same(model)
    return model


def assert_timms_is_the_same(model):
    """Names and arithmetic: so timm's weights, tf_in1k among them, are read as torchvision's."""
    other = timm.create_model("inception_v3", aux_logits=False)
    state = other.state_dict()
    assert state.keys() == model.state_dict().keys()
    ours = torchvision.models.inception_v3(weights=None, aux_logits=False, transform_input=False, init_weights=False)
    ours.load_state_dict(state)
    picture = torch.linspace(-1, 1, 3 * 75 * 75).sin().reshape(1, 3, 75, 75)
    with torch.no_grad():
        assert torch.equal(ours.eval()(picture), other.eval()(picture))


def v3_places(model):
    return {f"mixed{i}": getattr(model, f"Mixed_{name}") for i, name in enumerate(V3)} | {"avgpool": model.avgpool}


def resnet_places(model):
    return {
        "mixed_5b": model.mixed_5b,
        "block35_10": model.repeat,
        "mixed_6a": model.mixed_6a,
        "block17_20": model.repeat_1,
        "mixed_7a": model.mixed_7a,
        "block8_10": model.block8,
        "conv_7b": model.conv2d_7b,
        "avgpool": model.global_pool,
    }


NETWORKS = {
    "inception_v3.torch": reference.Network(v3, v3_places, 75),
    "inception_resnet_v2.timm": reference.Network(lambda _: timm.create_model("inception_resnet_v2"), resnet_places, 75),
}
