"""Writes the cards of torchvision's and timm's weights: see cards.py."""

import math
import pathlib
import re
import sys

import timm
import torch
import torchvision

import cards
import reference

TORCHVISION_LICENCE = "BSD-3-Clause (torchvision); trained on ImageNet, whose terms allow research use"
INTERPOLATION = {"bilinear": "BILINEAR", "bicubic": "BICUBIC"}

# torchvision's name: Graft's architecture where it is another
TORCHVISION = {
    "alexnet": "alexnet",
    **{f"vgg{n}{bn}": f"vgg{n}{bn}" for n in (11, 13, 16, 19) for bn in ("", "_bn")},
    "resnet18": "resnet18",
    "resnet34": "resnet34",
    "resnet50": "resnet50_v1.5",
    "resnet101": "resnet101_v1.5",
    "resnet152": "resnet152_v1.5",
    "densenet121": "densenet121",
    "densenet169": "densenet169",
    "densenet201": "densenet201",
    "inception_v3": "inception_v3",
    "mobilenet_v2": "mobilenet_v2",
    "mobilenet_v3_small": "mobilenet_v3_small",
    "mobilenet_v3_large": "mobilenet_v3_large",
    **{f"efficientnet_b{n}": f"efficientnet_b{n}" for n in range(8)},
    "convnext_tiny": "convnext_tiny",
}

# timm's name with its weight set's: Graft's architecture
TIMM = {
    "resnet18.a1_in1k": "resnet18",
    "resnet34.a1_in1k": "resnet34",
    "resnet50.a1_in1k": "resnet50_v1.5",
    "resnet50.ram_in1k": "resnet50_v1.5",
    "resnet101.a1_in1k": "resnet101_v1.5",
    "densenet121.ra_in1k": "densenet121",
    "inception_v3.tf_in1k": "inception_v3",
    "inception_resnet_v2.tf_in1k": "inception_resnet_v2",
    "mobilenetv1_100.ra4_e3600_r224_in1k": "mobilenet_v1",
    "mobilenetv2_100.ra_in1k": "mobilenet_v2",
    "mobilenetv3_small_100.lamb_in1k": "mobilenet_v3_small",
    "mobilenetv3_large_100.ra_in1k": "mobilenet_v3_large",
    "efficientnet_b0.ra_in1k": "efficientnet_b0",
    "tf_efficientnet_b0.ns_jft_in1k": "efficientnet_b0_tf",
    "tf_efficientnet_b4.ns_jft_in1k": "efficientnet_b4_tf",
    "convnext_tiny.in12k_ft_in1k": "convnext_tiny",
    "convnext_tiny.fb_in22k": "convnext_tiny",
}


def shapes(network, size):
    """Of every cut for pictures of that size; on torch's meta device nothing is computed."""
    model = network.build(size).eval().to("meta")
    found = {}
    for name, module in network.places(model).items():
        module.register_forward_hook(lambda _m, _i, out, name=name: found.__setitem__(name, list(out.shape[1:])))
    model(torch.empty(1, 3, size, size, device="meta"))
    return {name: shape[:1] if shape[1:] in ([], [1, 1]) else shape for name, shape in found.items()}


def network(networks, architecture, dialects):
    return next(networks[f"{architecture}.{d}"] for d in dialects if f"{architecture}.{d}" in networks)


def torchvision_cards(networks):
    for name, architecture in TORCHVISION.items():
        sets = torchvision.models.get_model_weights(name)
        for weights in sets:
            if not weights.name.startswith("IMAGENET1K_V"):
                continue  # features only, or trained in another way
            transforms = weights.transforms()
            size = transforms.crop_size[0]
            # transform_input, which goes with InceptionV3's weights, turns ImageNet's normalisation into this one
            values = cards.HALF if name == "inception_v3" else {"mean": transforms.mean, "std": transforms.std}
            prepared = cards.preprocessing(
                {"shorterSide": transforms.resize_size[0]}, size, INTERPOLATION[transforms.interpolation.value], **values
            )
            file = weights.url.rsplit("/", 1)[1]
            version = weights.name.removeprefix("IMAGENET1K_V")
            made = cards.card(
                f"{name.replace('_', '') if name.startswith('mobilenet_v2') else name}.tv{'' if version == '1' else version}_in1k",
                architecture,
                size,
                prepared,
                shapes(network(networks, architecture, ("torch", "timm")), size),
                file,
                [weights.url],
                TORCHVISION_LICENCE,
                f"torchvision {type(weights).__name__}.{weights.name}, trained on ImageNet-1k",
                sha256=re.search(r"-([0-9a-f]{8})\.pth$", file)[1],
            )
            short = [f"torchhub:{name}/{weights.name}"]
            yield made, short + ([f"torchhub:{name}"] if weights is sets.DEFAULT else [])


def timm_cards(networks):
    for name, architecture in TIMM.items():
        config = timm.get_pretrained_cfg(name)
        if config.crop_mode != "center" or config.input_size[1] != config.input_size[2]:
            raise ValueError(f"{name}: {config}")
        size = config.input_size[1]
        prepared = cards.preprocessing(
            {"shorterSide": math.floor(size / config.crop_pct)},
            size,
            INTERPOLATION[config.interpolation],
            config.mean,
            config.std,
        )
        digest = re.search(r"-([0-9a-f]{8})\.pth$", config.url or "")
        hub = f"https://huggingface.co/{config.hf_hub_id}/resolve/main/model.safetensors"
        made = cards.card(
            name,
            architecture,
            size,
            prepared,
            shapes(network(networks, architecture, ("timm", "torch")), size),
            config.url.rsplit("/", 1)[1] if digest else f"{name}.safetensors",
            [config.url] if digest else [hub],
            f"{config.license} (timm); trained on ImageNet, whose terms allow research use",
            f"timm {name}" + (f": {config.origin_url}" if config.origin_url else ""),
            sha256=digest and digest[1],
        )
        yield made, [f"timm:{name}"]


if __name__ == "__main__":
    families = reference.families("torch", others=True)
    cards.write(pathlib.Path(sys.argv[1]), [*torchvision_cards(families), *timm_cards(families)])
