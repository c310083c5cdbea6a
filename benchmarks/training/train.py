#!/usr/bin/env python3
"""Trains native/face-network.onnx: which pixels of a photograph are a face.

  python3 benchmarks/training/train.py EXAMPLES_DIR OUT.onnx [--minutes M] [--seed S] [--start NETWORK.onnx] [--keep SHARE]

EXAMPLES_DIR holds examples.bin as examples.ts writes it. Needs python3-torch, python3-onnx and numpy (Debian's packages do);
two cores and 8 GiB are enough. A U-Net (Ronneberger et al. 2015) of 1.3 million weights: in, the photograph with its
longer side reduced to 192 px at the top left of 1 x 3 x 192 x 192, black beyond it, 0..1; out, 1 x 4 x 96 x 96,
logits of the four pixels of each block of 2 x 2, row by row. In training there is a second map, of whole specimens
with their side walls, so that it learns to tell these from faces; it is left out of the file.
With --start it goes on from a network that was trained before (native/face-network.onnx, say), and what that one finds
hard comes more often (after Shrivastava et al. 2016, hard example mining); --keep 0.3 writes, at the
end, the mean of 30 % of the weights it started from and 70 % of those it came to (Wortsman et al. 2022, robust
fine-tuning). OUT.onnx is written after every pass over the examples, so a run that is broken off goes on with --start OUT.onnx.
So that it does not learn our simulator's taste, the examples are varied: the ground alone is tinted and textured, some
are redrawn in flat colours, light, colour, sharpness and noise change, pictures are scaled, moved, turned and mirrored.
"""
import argparse
import copy
import functools
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from network import UNet, load, save

STORED, SIDE = 256, 192
WIDTHS = (16, 32, 64, 112, 160)
BATCH = 32
EASY, HARD, MOST = 0.95, 60, 4  # photographs on which the start overlaps less than EASY come more often: at 0.9 and less, MOST times


class FaceNetwork(UNet):
    def __init__(self):
        super().__init__(3, WIDTHS, middle=True)
        self.face = nn.Conv2d(WIDTHS[0], 4, 1)
        self.specimen = nn.Conv2d(WIDTHS[0], 4, 1)

    def forward(self, x):
        x = self.features(x)
        return (self.face(x), self.specimen(x)) if self.training else self.face(x)


def drawn(truth, generator):
    """The same specimens as a hand would draw them: flat colours, a shaded bevel or none, some half under tape, some
    beside a ruler, some with a flat shadow. n x 256 x 256 truths -> float n x 3 x 256 x 256."""
    n = len(truth)
    r = lambda *size: torch.rand(*size, generator=generator)
    colour = lambda least, most: (least + (most - least) * r(n, 1, 1, 1)) * torch.exp(0.25 * (r(n, 3, 1, 1) - 0.5))
    y, x = torch.meshgrid(torch.linspace(-1, 1, STORED), torch.linspace(-1, 1, STORED), indexing="ij")
    place = lambda: (a := 2 * math.pi * r(n, 1, 1, 1), torch.cos(a) * x + torch.sin(a) * y, torch.cos(a) * y - torch.sin(a) * x)
    face, side = (truth == 2).float()[:, None], (truth == 1).float()[:, None]
    out = colour(0.04, 0.9).expand(n, 3, STORED, STORED)
    # A ruler: a strip with ticks, every fifth and tenth of them longer.
    _, u, v = place()
    v = v + 0.35 + 0.5 * r(n, 1, 1, 1)
    division = 0.03 + 0.1 * r(n, 1, 1, 1)
    k = torch.round(u / division)
    length = torch.where(k % 10 == 0, 3.0, torch.where(k % 5 == 0, 2.3, 1.5))
    strip = ((v > 0) & (v < 5 * division) & (u.abs() < 0.4 + r(n, 1, 1, 1)) & (r(n, 1, 1, 1) < 0.5)).float()
    tick = ((u / division - k).abs() < 0.08) & (v / division > 0.3) & (v / division < 0.3 + length)
    dark = r(n, 1, 1, 1) < 0.4
    paper, ink = torch.where(dark, 0.13, 0.88), torch.where(dark, 0.85, 0.1)
    out = out + strip * (torch.where(tick, ink, paper) - out)
    # A shadow: what lies beside a specimen as far as it was moved.
    dx, dy = (int(v) for v in torch.randint(-24, 25, (2,), generator=generator))
    below = torch.maximum(F.max_pool2d(torch.roll(face + side, (dy, dx), (2, 3)), 3, 1, 1), torch.roll(face + side, (dy // 2, dx // 2), (2, 3)))
    out = out * torch.where((below > 0) & (r(n, 1, 1, 1) < 0.4), 0.15 + 0.6 * r(n, 1, 1, 1), 1.0)
    # Specimens: the rim shaded by where it faces or not at all, one end under tape, the side darker.
    body = colour(0.15, 0.95)
    _, along, _ = place()
    tape = (along > 0.1 + 0.3 * r(n, 1, 1, 1)) & (r(n, 1, 1, 1) < 0.3)
    width = 5 + 2 * int(6 * torch.rand(1, generator=generator).item())
    rim = face - (1 - F.max_pool2d(1 - face, width, 1, width // 2))
    low = F.avg_pool2d(face, 15, 1, 7)
    gx, gy = F.pad(low[..., 2:] - low[..., :-2], (1, 1)), F.pad(low[..., 2:, :] - low[..., :-2, :], (0, 0, 1, 1))
    a = 2 * math.pi * r(n, 1, 1, 1)
    facing = (torch.cos(a) * gx + torch.sin(a) * gy) / (torch.hypot(gx, gy) + 1e-3)
    body = torch.where(tape, colour(0.03, 0.7), body) * (1 + rim * facing * 0.5 * r(n, 1, 1, 1) * (r(n, 1, 1, 1) < 0.6))
    out = out + face * (body - out)
    out = out + side * (body * (0.3 + 0.4 * r(n, 1, 1, 1)) - out)
    return F.avg_pool2d(out.clamp(0, 1), 3, 1, 1)


def vary(stored, generator):
    """Photographs and truths of one batch, varied: uint8 n x 4 x 256 x 256 -> float n x 3 x 192 x 192, long n x 192 x 192."""
    n = len(stored)
    r = lambda *size: torch.rand(*size, generator=generator)
    g = lambda *size: torch.randn(*size, generator=generator)
    rgb, truth = stored[:, :3].float() / 255, stored[:, 3].float()
    few = n // 8
    rgb[:few] = drawn(truth[:few], generator)
    # The view.
    angle = math.pi / 2 * torch.floor(4 * r(n)) + 0.15 * g(n)
    size = torch.exp(torch.log(torch.tensor(0.8)) + r(n) * math.log(1.5 / 0.8))
    flip = torch.where(r(n) < 0.5, -torch.ones(n), torch.ones(n))
    theta = torch.stack([torch.stack([size * flip * torch.cos(angle), -size * torch.sin(angle), 0.15 * g(n)], 1),
                         torch.stack([size * flip * torch.sin(angle), size * torch.cos(angle), 0.15 * g(n)], 1)], 1)
    where = F.affine_grid(theta, (n, 1, SIDE, SIDE), align_corners=False)
    rgb = F.grid_sample(rgb, where, mode="bilinear", padding_mode="zeros", align_corners=False)
    truth = (F.grid_sample(truth[:, None] - 3, where, mode="nearest", padding_mode="zeros", align_corners=False)[:, 0] + 3).round()
    # Some lose relief, texture and shadow.
    plain = (0.4 + 0.6 * r(n, 1, 1, 1)) * (r(n, 1, 1, 1) < 0.06)
    for part in range(3):
        here = (truth == part).float()[:, None]
        mean = (rgb * here).sum((2, 3), keepdim=True) / here.sum((2, 3), keepdim=True).clamp(min=1)
        rgb = rgb + here * plain * (mean - rgb)
    # The side alone: its tone, which in some is that of the face's rim.
    face, side = (truth == 2).float()[:, None], (truth == 1).float()[:, None]
    rim = face * F.interpolate(F.max_pool2d(side[..., ::4, ::4], 3, 1, 1), scale_factor=4.0, mode="nearest")
    tone = lambda part: (rgb * part).sum((1, 2, 3)) / part.sum((1, 2, 3)).clamp(min=1)
    alike = ((tone(rim) + 0.01) / (tone(side) + 0.01)).clamp(0.3, 4)[:, None, None, None]
    chosen = r(n, 1, 1, 1)
    gain = torch.where(chosen < 0.15, alike * torch.exp(0.1 * g(n, 1, 1, 1)), torch.where(chosen < 0.4, torch.exp(0.35 * g(n, 1, 1, 1)), torch.ones(n, 1, 1, 1)))
    rgb = rgb * (1 + F.avg_pool2d(side, 3, 1, 1) * (gain - 1))
    # The ground alone: its colour, its texture.
    ground = F.avg_pool2d((truth == 0).float()[:, None], 3, 1, 1)
    gain = torch.exp(0.35 * g(n, 1, 1, 1) + 0.12 * g(n, 3, 1, 1)) * (r(n, 1, 1, 1) < 0.5)
    gain = torch.where(gain > 0, gain, torch.ones_like(gain))
    cells = int(2 ** (2 + 5 * torch.rand(1, generator=generator).item()))
    texture = F.interpolate(g(n, 3, cells, cells) * 0.5 + g(n, 1, cells, cells), size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    gain = gain * torch.exp(texture * 0.25 * r(n, 1, 1, 1) * (r(n, 1, 1, 1) < 0.35))
    rgb = rgb * (1 + ground * (gain - 1))
    # The camera: exposure, contrast, white balance, grey, and a fall of light over the frame.
    rgb = rgb.clamp(1e-4, 4) ** torch.exp(0.25 * g(n, 1, 1, 1)) * torch.exp(0.2 * g(n, 1, 1, 1) + 0.07 * g(n, 3, 1, 1))
    slope = torch.linspace(-1, 1, SIDE)
    rgb = rgb * torch.exp(0.25 * (g(n, 1, 1, 1) * slope[None, None, :, None] + g(n, 1, 1, 1) * slope[None, None, None, :]))
    grey = (r(n, 1, 1, 1) < 0.12).float()
    rgb = rgb * (1 - grey) + rgb.mean(1, keepdim=True) * grey
    soft = (r(n, 1, 1, 1) < 0.3).float()
    rgb = rgb * (1 - soft) + F.avg_pool2d(rgb, 3, 1, 1) * soft
    rgb = (rgb + 0.05 * r(n, 1, 1, 1) ** 2 * g(n, 3, SIDE, SIDE)).clamp(0, 1)
    rgb = rgb * (truth != 3)[:, None]
    return rgb, truth.long()


def blocks(truth):
    """n x 192 x 192 -> n x 4 x 96 x 96, as the network writes it."""
    n = len(truth)
    return truth.reshape(n, SIDE // 2, 2, SIDE // 2, 2).permute(0, 2, 4, 1, 3).reshape(n, 4, SIDE // 2, SIDE // 2)


def grown(mask, reach):
    """A mask and whatever is at most `reach` pixels from it in rows and columns. (max_pool2d takes twenty times as long.)"""
    for d in (2, 3):
        size = mask.shape[d]
        padded = F.pad(mask, (reach, reach, 0, 0) if d == 3 else (0, 0, reach, reach))
        mask = functools.reduce(torch.logical_or, (padded.narrow(d, k, size) for k in range(2 * reach + 1)))
    return mask


def loss_of(face, specimen, truth):
    is_face = (truth == 2)[:, None]
    near = (grown(is_face, 4) & grown(~is_face, 4)).float()  # four pixels to both sides of an outline
    weight = blocks(((1 + 4 * near) * ((truth != 3) & (truth != 5))[:, None])[:, 0])
    known = blocks((truth != 4).float())  # whether it is a specimen
    both = [F.binary_cross_entropy_with_logits(out, blocks(t.float()), w, reduction="sum") / weight.sum() for out, t, w in ((face, truth == 2, weight), (specimen, (truth == 1) | (truth == 2), weight * known))]
    return both[0] + 0.5 * both[1]


def whole(stored):
    """Photographs as the product shows them to the network: their longer side at 192 px."""
    rgb = F.interpolate(stored[:, :3].float() / 255, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    return rgb, F.interpolate(stored[:, 3:].float(), size=(SIDE, SIDE), mode="nearest")[:, 0].long()


def overlaps(model, examples, which):
    """IoU of the face of each of these photographs with its truth, pixel by pixel; and, where there is no face, how many
    pixels are taken for one (else -1)."""
    model.eval()
    ious, alarms = np.ones(len(which)), np.full(len(which), -1)
    order = np.argsort(which)
    with torch.no_grad():
        for i in range(0, len(which), BATCH):
            rows = order[i:i + BATCH]
            rgb, truth = whole(torch.from_numpy(examples[which[rows]]))
            known = (blocks(truth) != 3) & (blocks(truth) != 5)
            found, is_face = (model(rgb) > 0) & known, (blocks(truth) == 2) & known
            count = lambda mask: mask.flatten(1).sum(1).numpy()
            either, empty = count(found | is_face), count(is_face) == 0
            ious[rows] = np.where(empty, 1 - (either > 50), count(found & is_face) / np.maximum(either, 1))
            alarms[rows] = np.where(empty, either, -1)
    model.train()
    return ious, alarms


def check(model, examples, kept):
    """Share of the kept photographs whose face is found with IoU >= .9 and >= .95; false alarms on empty ones."""
    ious, alarms = overlaps(model, examples, kept)
    faces, empty = ious[alarms < 0], alarms[alarms >= 0]
    return f"IoU >= .9: {np.mean(faces >= .9):.4f}, >= .95: {np.mean(faces >= .95):.4f}, median {np.median(faces):.4f} of {len(faces)}; {np.sum(empty > 50)} of {len(empty)} empty ones alarmed"


def some(examples, used, generator, n):
    """Batches of n of the examples, varied."""
    for i in np.linspace(0, len(used) - BATCH, n // BATCH).astype(int):
        yield vary(torch.from_numpy(examples[np.sort(used[i:i + BATCH])]), generator)[0]


def blend(model, start, share, examples, used, generator):
    """The mean of two networks' weights, its normalisation measured anew."""
    for mine, theirs in zip(model.parameters(), start.parameters()):
        mine.data.lerp_(theirs.data, share)
    for norm in model.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.reset_running_stats()
            norm.momentum = None
    with torch.no_grad():
        for batch in some(examples, used, generator, 960):
            model(batch)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=4e-3, help="largest rate of learning; 2e-3 to go on")
    parser.add_argument("--start", metavar="NETWORK.onnx")
    parser.add_argument("--keep", type=float, default=0, metavar="SHARE")
    options = parser.parse_args()
    if options.keep and not options.start:
        parser.error("--keep needs --start: a network whose weights are kept")
    torch.manual_seed(options.seed)
    torch.set_num_threads(os.cpu_count())
    generator = torch.Generator().manual_seed(options.seed)
    order = np.random.default_rng(options.seed)
    size = os.path.getsize(os.path.join(options.examples, "examples.bin")) // (4 * STORED * STORED)
    examples = np.memmap(os.path.join(options.examples, "examples.bin"), np.uint8, "r", shape=(size, 4, STORED, STORED))
    shuffled = order.permutation(size)
    kept, used = shuffled[:size // 25], shuffled[size // 25:]
    model = FaceNetwork()
    often = np.ones(len(used))
    if options.start:
        load(model, options.start, [model.face, model.specimen], torch.cat(list(some(examples, used, generator, 256))))
        print(f"start: {check(model, examples, kept)}", flush=True)
        often = np.clip(1 + HARD * (EASY - overlaps(model, examples, used)[0]), 1, MOST)
    start_model = copy.deepcopy(model)
    model = model.to(memory_format=torch.channels_last)
    print(f"{size} photographs, {sum(p.numel() for p in model.parameters())} weights", flush=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-4)
    start, step, epoch = time.time(), 0, 0
    spent = lambda: (time.time() - start) / (60 * options.minutes)
    while spent() < 1:
        mixed = order.choice(used, len(used), p=often / often.sum())
        losses = []
        for i in range(0, len(mixed) - BATCH + 1, BATCH):
            done = spent()
            if done >= 1:
                break
            for group in optimiser.param_groups:  # warm up, then half a cosine
                group["lr"] = options.rate * min(1, step / 100) * 0.5 * (1 + math.cos(math.pi * done)) + 1e-6
            rgb, truth = vary(torch.from_numpy(examples[np.sort(mixed[i:i + BATCH])]), generator)
            with torch.cpu.amp.autocast(dtype=torch.bfloat16):  # half the time where the processor knows it
                out = model(rgb.to(memory_format=torch.channels_last))
            loss = loss_of(*(o.float() for o in out), truth)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
            step += 1
            if step % 50 == 0:
                print(f"{60 * options.minutes * spent():.0f} s, step {step}, loss {np.mean(losses[-50:]):.4f}", flush=True)
        epoch += 1
        print(f"epoch {epoch}: {check(model, examples, kept)}", flush=True)
        save(model, options.out, torch.zeros(1, 3, SIDE, SIDE), "photograph", "face")
    if options.keep:
        blend(model, start_model, options.keep, examples, used, generator)
        print(f"mean of both: {check(model, examples, kept)}", flush=True)
        save(model, options.out, torch.zeros(1, 3, SIDE, SIDE), "photograph", "face")


if __name__ == "__main__":
    main()
