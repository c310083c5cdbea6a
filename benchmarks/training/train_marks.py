#!/usr/bin/env python3
"""Trains native/mark-network.onnx: how high the marks of the tool are on a face.

  python3 benchmarks/training/train_marks.py EXAMPLES_DIR OUT.onnx [--minutes M] [--pairs M] [--labelled DIR] [--start NETWORK.onnx] [--rate R] [--seed S]

EXAMPLES_DIR holds what mark-examples.ts writes, DIR what labelled-mark-examples.ts does. Needs python3-torch, python3-onnx
and numpy (Debian's packages do); two cores and 8 GiB are enough. A U-Net of half a million weights: in, the 10 planes of
native/marks_network.h, 1 x 10 x n x n, n a multiple of 16; out, 1 x 4 x n/2 x n/2, the pixels of blocks of 2 x 2,
row by row: the heights as `target` makes them.
1. For --minutes it learns the heights: mean squared error on crops, turned and mirrored. Where a photograph shows
   nothing the best answer is nought.
2. For --pairs minutes it learns what they are for: groups of faces of one design go through what the product does with
   the marks before it compares them, each two are correlated where they truly lie on one another, and a logistic loss
   asks whether one tool made both; the first loss goes on beside it. With --labelled a share of the groups are such
   photographs, of which no heights are known.
With --start it goes on from a network that was trained before. Of the designs one in twenty is kept to be looked at on the
way; benchmarks use others still (fixtures/press-simulator/designs/held-out.ts). OUT.onnx is written every few minutes,
so a run that is broken off goes on with --start OUT.onnx.
"""
import argparse
import collections
import concurrent.futures
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from mark_faces import INSIDE, PLANES, PX_PER_MM, SPREAD, Examples, mean_inside, mirrored_planes, of_some_tools, put_back, some_crops, some_group
from network import UNet, block, load, save

WIDTHS = (24, 48, 80, 96)
# What the product does with marks (src/features/mark-parameters.ts: markCoarsest, markFloor).
COARSEST, FLOOR = 0.1 * PX_PER_MM, 0.25
KEPT = 20  # of so many designs one is kept
CHECKED_FACES, CHECKED_GROUPS, CHECK_SECONDS = 80, 30, 240


class MarkNetwork(UNet):
    def __init__(self):
        super().__init__(PLANES, WIDTHS)
        self.last = block(WIDTHS[0], WIDTHS[0])
        self.out = nn.Conv2d(WIDTHS[0], 4, 1)

    def forward(self, x):
        return self.out(self.last(self.features(x)))


def read(model, planes):
    """n x 10 x h x w -> n x h x w."""
    with torch.cpu.amp.autocast(dtype=torch.bfloat16):  # half the time where the processor knows it
        blocks = model(planes.to(memory_format=torch.channels_last))
    return F.pixel_shuffle(blocks.float(), 2)[:, 0]


def tamed(marks, inside):
    """What the product compares: without what is coarse, strong marks tamed (native/marks_field.cc)."""
    fine = (marks - mean_inside(marks, inside, COARSEST)) * inside
    return fine / torch.sqrt(mean_inside(fine * fine, inside, SPREAD).clamp(min=0) + 1e-6).clamp(min=FLOOR)


def height_loss(read_as, wanted, inside):
    return (((read_as - wanted) ** 2) * inside).sum() / ((wanted ** 2) * inside).sum().clamp(min=1)


def pair_loss(group, agreements, line):
    """Logistic, with pairs of one tool and of two weighing the same together."""
    same = group.same()
    weight = 0.5 * same / same.sum().clamp(min=1) + 0.5 * (1 - same) / (1 - same).sum().clamp(min=1)
    return (F.binary_cross_entropy_with_logits(line[0] * agreements + line[1], same, reduction="none") * weight).sum()


def area_under_curve(same, other):
    other = np.sort(other)
    return np.mean((np.searchsorted(other, same, "left") + np.searchsorted(other, same, "right")) / 2 / len(other))


def check(model, examples, designs):
    """On designs it does not learn from: correlation of what is read with what is true, and how well pairs of one tool are told."""
    model.eval()
    rng = np.random.default_rng(0)
    faces = [i for i, one in enumerate(examples.list) if one["design"] in designs]
    truth = collections.defaultdict(list)
    pairs = {0: [], 1: []}
    with torch.no_grad():
        for i in rng.permutation(faces)[:CHECKED_FACES]:
            planes, wanted = examples.part(i, examples.list[i]["side"])
            x, y = read(model, planes[None])[0][planes[INSIDE] > 0], wanted[planes[INSIDE] > 0]
            truth[examples.list[i]["light"]].append(float((x * y).sum() / torch.sqrt((x * x).sum() * (y * y).sum() + 1e-9)))
        keys = of_some_tools(examples, designs)
        for _ in range(CHECKED_GROUPS if keys else 0):
            group = some_group(examples, keys, rng)
            agreements = group.agreements(tamed(read(model, group.planes), group.planes[:, INSIDE]))
            for same, agreement in zip(group.same(), agreements):
                pairs[int(same)].append(float(agreement))
    model.train()
    told = [f"correlation with the truth, {light}: {np.mean(values):.3f} of {len(values)}" for light, values in sorted(truth.items())]
    if pairs[0] and pairs[1]:
        told.append(f"AUC {area_under_curve(pairs[1], pairs[0]):.4f} of {len(pairs[1])} pairs of one tool, {len(pairs[0])} of two")
    return "; ".join(told)


def ahead(make, depth=4):
    """What `make` returns, for ever, made while the last one is used."""
    with concurrent.futures.ThreadPoolExecutor(1) as worker:
        made = collections.deque(worker.submit(make) for _ in range(depth))
        while True:
            made.append(worker.submit(make))
            yield made.popleft().result()


def learn(optimiser, weights, minutes, losses, look):
    """`losses` yields the parts of a step's loss. The rate of learning is warmed up, then half a cosine."""
    start, step, recent, looked = time.time(), 0, [], time.time()
    while (done := (time.time() - start) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = group["rate"] * min(1, (step + 1) / 50) * (0.5 * (1 + math.cos(math.pi * done)) + 0.01)
        parts = next(losses)
        optimiser.zero_grad()
        sum(parts.values()).backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        step += 1
        recent.append({name: float(part) for name, part in parts.items()})
        if step % 50 == 0:
            means = ", ".join(f"{name} {np.mean([r[name] for r in recent if name in r]):.4f}" for name in sorted({n for r in recent for n in r}))
            print(f"{time.time() - start:.0f} s, step {step}, loss of {means}", flush=True)
            recent = []
        if time.time() - looked > CHECK_SECONDS:
            look()
            looked = time.time()
    look()


def learn_heights(model, examples, designs, options, look):
    which = [i for i, one in enumerate(examples.list) if one["design"] in designs]
    rng = np.random.default_rng(options.seed)

    def losses():
        for planes, wanted in ahead(lambda: some_crops(examples, which, rng)):
            yield {"heights": height_loss(read(model, planes), wanted, planes[:, INSIDE])}
    learn(torch.optim.AdamW([{"params": model.parameters(), "rate": options.rate}], weight_decay=1e-3), model.parameters(), options.minutes, losses(), look)


def learn_pairs(model, examples, designs, options, look):
    labelled = Examples(options.labelled) if options.labelled else None
    sources = [(examples, of_some_tools(examples, designs))]
    if labelled:
        sources.append((labelled, of_some_tools(labelled, {one["design"] for one in labelled.list})))
    line = nn.Parameter(torch.tensor([20.0, -1.0]))  # from agreement to log odds
    rng, ways = np.random.default_rng(options.seed + 1), np.random.default_rng(options.seed + 2)
    draw = lambda: some_group(*sources[int(labelled is not None and rng.random() < options.labelled_share)], rng)

    def losses():
        for group in ahead(draw):
            way = [int(v) for v in ways.integers(8, size=len(group.faces))]
            turned = read(model, torch.stack([mirrored_planes(x, w) for x, w in zip(group.planes, way)]))
            marks = torch.stack([put_back(y, w) for y, w in zip(turned, way)])
            inside = group.planes[:, INSIDE]
            parts = {"pairs": pair_loss(group, group.agreements(tamed(marks, inside)), line)}
            if group.known:
                parts["heights"] = height_loss(marks, group.wanted, inside)
            yield parts
    optimiser = torch.optim.AdamW([{"params": model.parameters(), "rate": options.pairs_rate, "weight_decay": 1e-3}, {"params": [line], "rate": 30 * options.pairs_rate, "weight_decay": 0}])
    learn(optimiser, model.parameters(), options.pairs, losses(), look)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=60, help="of learning heights; 0 leaves that out")
    parser.add_argument("--pairs", type=float, default=30, metavar="MINUTES", help="of learning what tells pairs of one tool; 0 leaves that out")
    parser.add_argument("--labelled", metavar="DIR")
    parser.add_argument("--labelled-share", type=float, default=0.35, metavar="SHARE", help="of the groups")
    parser.add_argument("--start", metavar="NETWORK.onnx")
    parser.add_argument("--rate", type=float, default=3e-3, help="largest rate of learning heights; 1e-3 to go on")
    parser.add_argument("--pairs-rate", type=float, default=4e-4, metavar="RATE", help="of learning pairs")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(os.cpu_count())
    examples = Examples(options.examples)
    rng = np.random.default_rng(options.seed)
    shuffled = rng.permutation(sorted({one["design"] for one in examples.list}))
    kept, used = set(shuffled[:1 + len(shuffled) // KEPT]), set(shuffled[1 + len(shuffled) // KEPT:])
    model = MarkNetwork()
    if options.start:
        every = [i for i, one in enumerate(examples.list) if one["design"] in used]
        load(model, options.start, [model.out], torch.cat([some_crops(examples, every, rng)[0] for _ in range(4)]))
        print(f"start: {check(model, examples, kept)}", flush=True)
    model = model.to(memory_format=torch.channels_last)
    print(f"{len(examples.list)} faces of {len(used)} designs, {len(kept)} designs kept; {sum(p.numel() for p in model.parameters())} weights", flush=True)

    def look():
        save(model, options.out, torch.zeros(1, PLANES, 256, 256), "planes", "marks")
        print(check(model, examples, kept), flush=True)
    if options.minutes > 0:
        learn_heights(model, examples, used, options, look)
    if options.pairs > 0:
        learn_pairs(model, examples, used, options, look)


if __name__ == "__main__":
    main()
