"""What train_marks.py learns from: faces as the network of marks sees them, what it is to read, and pairs of one design."""
import collections
import json
import math
import os
import tempfile

import numpy as np
import torch
import torch.nn.functional as F

PX_PER_MM = 30
PICTURES, PLANES = 5, 10
INSIDE = 4  # the plane of what is inside of the bevel
# Targets.
FINE, COARSE = 0.017 * PX_PER_MM, 0.12 * PX_PER_MM  # ends of the band, sigma
WHITE = 25 / 128  # cycles a pixel from which the heights of marks fall off, about as the inverse square
SPREAD = 0.25 * PX_PER_MM  # surroundings by whose contrast marks are divided, sigma
LEAST = 0.0025  # mm: a smaller contrast is not raised to that of others
CLIP = 3
# Draws.
CROP, BATCH = 160, 24
TOOLS, FACES = 3, 2  # in a group: so many tools, so many faces of each
LARGEST = 336  # of the faces in a group, no more is seen
JITTER = 0.4  # px: no registration is better
USUAL = 30  # mm2: an agreement on more surface tells more


def blur(x, sigma):
    """n x h x w, with a Gaussian."""
    reach = int(3 * sigma + 0.5)
    kernel = torch.exp(-torch.arange(-reach, reach + 1) ** 2 / (2 * sigma * sigma))
    kernel = kernel / kernel.sum()
    x = F.pad(x[:, None], (reach, reach, reach, reach), mode="reflect")
    return F.conv2d(F.conv2d(x, kernel[None, None, None, :]), kernel[None, None, :, None])[:, 0]


def mean_inside(x, inside, sigma):
    """Gaussian mean of what is inside."""
    return blur(x * inside, sigma) / blur(inside, sigma).clamp(min=1e-3)


def target(heights, inside):
    """What is to be read: the heights (n x h x w, mm) in the band, every wavelength about equally strong, in units of the local contrast."""
    h, w = heights.shape[-2:]
    squared = torch.fft.fftfreq(h)[:, None] ** 2 + torch.fft.rfftfreq(w)[None] ** 2  # cycles a pixel
    band = torch.exp(-2 * math.pi ** 2 * FINE ** 2 * squared) - torch.exp(-2 * math.pi ** 2 * COARSE ** 2 * squared)
    even = torch.sqrt(band.clamp(min=0)) * (1 + squared / WHITE ** 2)
    marks = torch.fft.irfft2(torch.fft.rfft2(heights) * even, s=(h, w)) * inside
    contrast = torch.sqrt(mean_inside(marks * marks, inside, SPREAD).clamp(min=0))
    return (marks / contrast.clamp(min=LEAST)).clamp(-CLIP, CLIP) * inside


class Examples:
    """Faces, and what they are to be read as where that is known."""

    def __init__(self, folder):
        with open(os.path.join(folder, "mark-examples.jsonl")) as lines:
            self.list = [json.loads(line) for line in lines]
        self.bytes = np.memmap(os.path.join(folder, "mark-examples.bin"), np.uint8, "r")
        self.pairs = {}
        if os.path.exists(os.path.join(folder, "pairs.jsonl")):
            with open(os.path.join(folder, "pairs.jsonl")) as lines:
                for pair in map(json.loads, lines):
                    self.pairs[pair["a"], pair["b"]] = np.array(pair["toCandidate"] + [0, 0, 1]).reshape(3, 3)
        self.groups = collections.defaultdict(lambda: collections.defaultdict(list))  # set and design -> tool -> examples
        for i, one in enumerate(self.list):
            self.groups[one["set"], one["design"]][one["tool"]].append(i)
        self.targets = self.make_targets(folder)

    def known(self, i):
        return "toSpecimen" in self.list[i]

    def pictures(self, i):
        at, side = self.list[i]["at"], self.list[i]["side"]
        return self.bytes[at:at + PICTURES * side * side].view(np.int8).reshape(PICTURES, side, side)

    def make_targets(self, folder):
        """Of all examples, in a file that is gone when the program ends; 127 = CLIP."""
        self.where = np.cumsum([0] + [one["side"] ** 2 * self.known(i) for i, one in enumerate(self.list)])
        if self.where[-1] == 0:
            return None
        out = np.memmap(tempfile.TemporaryFile(dir=folder), np.int8, "w+", shape=(int(self.where[-1]),))
        for i, one in enumerate(self.list):
            if self.known(i):
                at, side = one["at"] + PICTURES * one["side"] ** 2, one["side"]
                heights = np.frombuffer(self.bytes[at:at + 4 * side * side].tobytes(), np.float32).reshape(1, side, side)
                inside = torch.from_numpy(self.pictures(i)[INSIDE] > 0).float()[None]
                made = target(torch.from_numpy(heights.copy()), inside)
                out[self.where[i]:self.where[i + 1]] = torch.round(made * (127 / CLIP)).to(torch.int8).numpy().ravel()
        return out

    def part(self, i, side, top=0, left=0):
        """side x side of a face, 0 beyond it: planes, 10 x side x side, and target, side x side (0 where it is not known)."""
        planes, wanted = torch.zeros(PLANES, side, side), torch.zeros(side, side)
        planes[PICTURES:] = torch.tensor(self.list[i]["numbers"])[:, None, None]
        seen = self.pictures(i)[:, top:top + side, left:left + side]
        _, h, w = seen.shape
        planes[:PICTURES, :h, :w] = torch.from_numpy(seen.astype(np.float32) / 127)
        if self.known(i):
            whole = self.targets[self.where[i]:self.where[i + 1]].reshape(self.list[i]["side"], -1)
            wanted[:h, :w] = torch.from_numpy(whole[top:top + side, left:left + side].astype(np.float32) * (CLIP / 127))
        return planes, wanted

    def between(self, a, b):
        """3 x 3, from pixels of one face to another's of the design; None where they were not registered."""
        if self.known(a):
            there, back = (np.array(self.list[i]["toSpecimen"]).reshape(3, 3) for i in (a, b))
            return np.linalg.inv(back) @ there
        if (a, b) in self.pairs:
            return self.pairs[a, b]
        return np.linalg.inv(self.pairs[b, a]) if (b, a) in self.pairs else None


def mirrored(x, way):
    """One of eight ways to turn and mirror the last two dimensions."""
    x = x.flip(-1) if way & 1 else x
    x = x.flip(-2) if way & 2 else x
    return x.transpose(-1, -2) if way & 4 else x


def put_back(x, way):
    x = x.transpose(-1, -2) if way & 4 else x
    x = x.flip(-2) if way & 2 else x
    return x.flip(-1) if way & 1 else x


def mirrored_planes(planes, way):
    """10 x h x w: the lamps' azimuths are mirrored too."""
    contrast, cos, sin, cos_twice, sin_twice = planes[PICTURES:]
    if way & 1:
        cos, sin_twice = -cos, -sin_twice
    if way & 2:
        sin, sin_twice = -sin, -sin_twice
    if way & 4:
        cos, sin, cos_twice = sin, cos, -cos_twice
    return mirrored(torch.cat([planes[:PICTURES], torch.stack([contrast, cos, sin, cos_twice, sin_twice])]), way)


def some_crops(examples, which, rng):
    planes, wanted = [], []
    for i in rng.choice(which, BATCH):
        top, left = rng.integers(max(1, examples.list[i]["side"] - CROP + 1), size=2)
        x, t = examples.part(i, CROP, top, left)
        way = int(rng.integers(8))
        planes.append(mirrored_planes(x, way))
        wanted.append(mirrored(t, way))
    return torch.stack(planes), torch.stack(wanted)


class Group:
    """Faces of a few tools of one design."""

    def __init__(self, examples, keys, rng, jitter=JITTER):
        tools = list(examples.groups[keys[rng.integers(len(keys))]].values())
        self.faces = [(tool, i) for tool in rng.permutation(len(tools))[:TOOLS] for i in rng.permutation(tools[tool])[:FACES]]
        self.known = examples.known(self.faces[0][1])
        side = min(LARGEST, max(examples.list[i]["side"] for _, i in self.faces))
        self.planes, self.wanted = (torch.stack(parts) for parts in zip(*(examples.part(i, side) for _, i in self.faces)))
        self.pairs = []  # of faces, whether one tool made both, and where each pixel of the first lies on the second
        for a, (tool, i) in enumerate(self.faces):
            for b, (other, j) in enumerate(self.faces[:a]):
                mapping = examples.between(i, j)
                if mapping is not None:
                    self.pairs.append((a, b, tool == other, places(mapping, side, rng.normal(0, jitter, 2))))

    def agreements(self, marks):
        """Correlation of the marks of each pair, in units of what so much surface tells."""
        inside = self.planes[:, INSIDE]
        out = []
        for a, b, _, where in self.pairs:
            there, known = F.grid_sample(torch.stack([marks[b], inside[b]])[None], where, align_corners=False)[0]
            both = inside[a] * (known > 0.95)
            x, y = marks[a] * both, there * both
            surface = (both.sum() / PX_PER_MM ** 2).clamp(min=1)
            out.append((x * y).sum() / torch.sqrt((x * x).sum() * (y * y).sum() + 1e-3) * torch.sqrt(surface / USUAL))
        return torch.stack(out)

    def same(self):
        return torch.tensor([float(same) for _, _, same, _ in self.pairs])


def places(mapping, side, shift):
    """As grid_sample wants it: where each pixel lies on another grid."""
    y, x = np.mgrid[:side, :side]
    u, v, w = np.einsum("ij,jyx->iyx", mapping, np.stack([x, y, np.ones_like(x)]))
    at = np.stack([u / w + shift[0], v / w + shift[1]], -1)
    return torch.from_numpy(((at + 0.5) * 2 / side - 1).astype(np.float32))[None]


def some_group(examples, keys, rng, jitter=JITTER):
    """One in which there are pairs."""
    while True:
        group = Group(examples, keys, rng, jitter)
        if group.pairs:
            return group


def of_some_tools(examples, designs):
    """Sets and designs of which there are several tools."""
    return [key for key, tools in examples.groups.items() if key[1] in designs and len(tools) > 1]
