"""What the networks of the product have in common: a U-Net (Ronneberger et al. 2015), read from and written to ONNX."""
import copy

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn


def block(inside, outside, stride=1, size=3):
    return nn.Sequential(nn.Conv2d(inside, outside, size, stride, size // 2, bias=False), nn.BatchNorm2d(outside), nn.ReLU(inplace=True))


class UNet(nn.Module):
    """n x inside x h x w, h and w multiples of 2 to the power of len(widths) -> n x widths[0] x h/2 x w/2."""

    def __init__(self, inside, widths, middle=False):
        super().__init__()
        w = widths
        self.down = nn.ModuleList([nn.Sequential(block(inside, w[0], 2, 5), block(w[0], w[0]))])
        for a, b in zip(w, w[1:]):
            self.down.append(nn.Sequential(block(a, b, 2), block(b, b)))
        self.middle = block(w[-1], w[-1]) if middle else nn.Identity()
        self.up = nn.ModuleList([block(a + b, b) for a, b in zip(w[:0:-1], w[-2::-1])])

    def features(self, x):
        seen = []
        for down in self.down:
            x = down(x)
            seen.append(x)
        x = self.middle(x)
        for up, beside in zip(self.up, seen[-2::-1]):
            x = up(torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), beside], 1))
        return x


def load(model, path, heads, inputs):
    """Takes over the weights of an ONNX file, in which each normalisation is folded into the convolution before it: they are
    unfolded so that what goes in and comes out of each is normalised again, and the network computes the same. What goes in
    is measured on `inputs`; `heads` are the convolutions that begin as the file's last. A file of a narrower network will
    do: what it has not is new, and reaches none of what it has (after Chen et al. 2016, Net2Net). Of a wider one each layer
    keeps the channels of the largest weights (after Li et al. 2017, Pruning filters for efficient ConvNets)."""
    graph = onnx.load(path).graph
    stored = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    folded = [(stored[n.input[1]], stored[n.input[2]]) for n in graph.node if n.op_type == "Conv"]
    convolutions = [m for m in model.modules() if isinstance(m, nn.Conv2d)]  # in the order of their use; heads come last
    normalised = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    depth = len(model.down)
    first_up = 2 * depth + (not isinstance(model.middle, nn.Identity))
    taken, hooks = [], []  # of each layer: the channels of the file's that come first here

    def channels_into(layer):
        """In the file and here, of the layer before, then, on the way up, of the layer beside it."""
        sources = [layer - 1] + ([2 * (depth - 2 - (layer - first_up)) + 1] if first_up <= layer < first_up + depth - 1 else [])
        there, here, start_there, start_here = [], [], 0, 0
        for source in sources:
            there += [start_there + int(channel) for channel in taken[source]]
            here += [start_here + i for i in range(len(taken[source]))]
            start_there, start_here = start_there + len(folded[source][0]), start_here + convolutions[source].out_channels
        return there, here

    for layer, (convolution, norm, (weight, bias)) in enumerate(zip(convolutions, normalised, folded)):
        there, here = channels_into(layer) if layer else (list(range(weight.shape[1])),) * 2
        own = torch.sort(weight.abs().sum((1, 2, 3)).topk(min(len(weight), convolution.out_channels)).indices).values
        convolution.weight.data[:len(own)] = 0
        convolution.weight.data[:len(own), here] = weight[own][:, there]
        taken.append(own)

        def measure(_, y, norm=norm, bias=bias[own]):
            norm.running_mean, norm.running_var = y[0].mean((0, 2, 3)), y[0].var((0, 2, 3))
            known = slice(len(bias))
            norm.weight.data[known], norm.bias.data[known] = torch.sqrt(norm.running_var + norm.eps)[known], bias + norm.running_mean[known]
        hooks.append(norm.register_forward_pre_hook(measure))
    there, here = channels_into(len(normalised))
    weight, bias = folded[len(normalised)]
    for head in heads:
        head.weight.data.zero_()
        head.weight.data[:, here], head.bias.data = weight[:, there], bias.clone()
    model.eval()
    with torch.no_grad():
        model(inputs)
    for hook in hooks:
        hook.remove()
    model.train()


def save(model, path, example, inside, outside):
    """As OpenCV reads it; the names are those of what goes in and comes out."""
    torch.onnx.export(copy.deepcopy(model).eval(), example, path, input_names=[inside], output_names=[outside], opset_version=11)
