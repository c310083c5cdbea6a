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
    is measured on `inputs`; `heads` are the convolutions that begin as the file's last. A file of a
    narrower network will do: what it has not is new, and reaches none of what it has (after Chen et al. 2016, Net2Net)."""
    graph = onnx.load(path).graph
    stored = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    folded = [(stored[n.input[1]], stored[n.input[2]]) for n in graph.node if n.op_type == "Conv"]
    convolutions = [m for m in model.modules() if isinstance(m, nn.Conv2d)]  # in the order of their use; heads come last
    normalised = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    hooks = []
    before, before_here = 0, 0  # channels of the layer before, in the file and here
    for convolution, norm, (weight, bias) in zip(convolutions, normalised, folded):
        # What comes in: of the layer before, then, on the way up, of the layer beside it.
        of_before = min(before, weight.shape[1]) if before else weight.shape[1]
        channels = list(range(of_before)) + [before_here + i for i in range(weight.shape[1] - of_before)]
        convolution.weight.data[:len(weight)] = 0
        convolution.weight.data[:len(weight), channels] = weight
        before, before_here = len(weight), convolution.out_channels

        def measure(_, y, norm=norm, bias=bias):
            norm.running_mean, norm.running_var = y[0].mean((0, 2, 3)), y[0].var((0, 2, 3))
            known = slice(len(bias))
            norm.weight.data[known], norm.bias.data[known] = torch.sqrt(norm.running_var + norm.eps)[known], bias + norm.running_mean[known]
        hooks.append(norm.register_forward_pre_hook(measure))
    for head in heads:
        head.weight.data, head.bias.data = folded[len(normalised)][0].clone(), folded[len(normalised)][1].clone()
    model.eval()
    with torch.no_grad():
        model(inputs)
    for hook in hooks:
        hook.remove()
    model.train()


def save(model, path, example, inside, outside):
    """As OpenCV reads it; the names are those of what goes in and comes out."""
    torch.onnx.export(copy.deepcopy(model).eval(), example, path, input_names=[inside], output_names=[outside], opset_version=11)
