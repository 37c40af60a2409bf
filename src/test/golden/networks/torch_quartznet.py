"""QuartzNet 15x5's encoder, of torch's layers under NeMo's names (examples/asr/conf/quartznet/quartznet_15x5.yaml).

Its state dictionary has the names of a published model_weights.ckpt: encoder.encoder.0.mconv.0.conv.weight, ...
"""

import torch
from torch import nn

import reference

GROUPS = ((256, 33), (256, 39), (512, 51), (512, 63), (512, 75))


class Convolution(nn.Module):
    def __init__(self, channels, width, kernel=1, stride=1, dilation=1, groups=1):
        super().__init__()
        padding = dilation * (kernel - 1) // 2
        self.conv = nn.Conv1d(channels, width, kernel, stride, padding, dilation, groups, bias=False)

    def forward(self, x):
        return self.conv(x)


class Block(nn.Module):
    """Maps [channels][1][time], as Graft has them."""

    def __init__(self, channels, width, kernel, repeat=1, stride=1, dilation=1, separable=True):
        super().__init__()
        parts, inner = [], channels
        for i in range(repeat):
            if separable:
                parts.append(Convolution(inner, inner, kernel, stride, dilation, groups=inner))
            parts += [Convolution(inner, width), nn.BatchNorm1d(width, eps=1e-3)]
            if i + 1 < repeat:
                parts += [nn.ReLU(), nn.Dropout(0)]
            inner = width
        self.mconv = nn.ModuleList(parts)
        shortcut = nn.ModuleList([Convolution(channels, width), nn.BatchNorm1d(width, eps=1e-3)])
        self.res = nn.ModuleList([shortcut] if repeat > 1 else [])

    def forward(self, maps):
        x = shortcut = maps.squeeze(2)
        for part in self.mconv:
            x = part(x)
        for branch in self.res:
            for part in branch:
                shortcut = part(shortcut)
            x = x + shortcut
        return torch.relu(x).unsqueeze(2)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        blocks, channels = [Block(64, 256, 33, stride=2)], 256
        for width, kernel in GROUPS:
            for _ in range(3):
                blocks.append(Block(channels, width, kernel, repeat=5))
                channels = width
        blocks += [Block(512, 512, 87, dilation=2), Block(512, 1024, 1, separable=False)]
        self.encoder = nn.ModuleDict({"encoder": nn.Sequential(*blocks)})

    def forward(self, maps):
        return self.encoder["encoder"](maps)


def places(model):
    return {f"block{i}": model.encoder["encoder"][i] for i in (0, 3, 6, 9, 12, 15, 16, 17)}


NETWORKS = {"quartznet15x5.torch": reference.Network(lambda _: Model(), places, input=(64, 1, 96))}
