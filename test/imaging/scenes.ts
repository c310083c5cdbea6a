/** Small scenes drawn in code: a specimen on a ground, a ruler beside it. */
import type { Photograph } from '../../src/imaging/index.ts';

export type Colour = readonly [number, number, number];

/** A fixed sequence of numbers in -1..1. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  };
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly ground: Colour;
  /** Sees whether a point lies in a specimen and how it is shaded there (1: as lit as the ground). */
  readonly specimens: readonly { readonly colour: Colour; readonly holds: (x: number, y: number) => boolean; readonly shade?: (x: number, y: number) => number }[];
  /** Brightness of the ground at a point; shadows are less than 1. */
  readonly light?: (x: number, y: number) => number;
  readonly ruler?: RulerScene;
  readonly grain?: number;
}

export interface RulerScene {
  /** Left end of the base line, direction of the ruler in degrees, and pixels a division. */
  readonly x: number;
  readonly y: number;
  readonly degrees: number;
  readonly divisionPx: number;
  readonly ticks: number;
  /** Divisions that the base line falls for one along it, as under a tilted camera. */
  readonly shear?: number;
  readonly dark?: boolean;
  /** Length of tick i in divisions; every fifth and tenth is longer by default. */
  readonly lengthOf?: (i: number) => number;
}

const SUB = 3;

/** Renders a scene with 3 x 3 samples a pixel. */
export function draw(scene: Scene): Photograph {
  const { width, height } = scene;
  const rgb = new Uint8Array(width * height * 3);
  const random = noise(7);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      for (let s = 0; s < SUB * SUB; s++) {
        const colour = at(scene, x + ((s % SUB) + 0.5) / SUB - 0.5, y + (Math.floor(s / SUB) + 0.5) / SUB - 0.5);
        for (let c = 0; c < 3; c++) sum[c]! += colour[c]!;
      }
      const grain = (scene.grain ?? 3) * random();
      for (let c = 0; c < 3; c++) rgb[3 * (y * width + x) + c] = Math.max(0, Math.min(255, Math.round(sum[c]! / SUB ** 2 + grain)));
    }
  return { width, height, rgb };
}

function at(scene: Scene, x: number, y: number): Colour {
  for (const specimen of scene.specimens)
    if (specimen.holds(x, y)) {
      const shade = specimen.shade?.(x, y) ?? 1;
      return [specimen.colour[0] * shade, specimen.colour[1] * shade, specimen.colour[2] * shade];
    }
  const light = scene.light?.(x, y) ?? 1;
  const base = (scene.ruler && rulerAt(scene.ruler, x, y)) ?? scene.ground;
  return [base[0] * light, base[1] * light, base[2] * light];
}

function rulerAt(ruler: RulerScene, x: number, y: number): Colour | undefined {
  const t = (ruler.degrees * Math.PI) / 180;
  const [dx, dy] = [x - ruler.x, y - ruler.y];
  const u = (dx * Math.cos(t) + dy * Math.sin(t)) / ruler.divisionPx;
  const v = (-dx * Math.sin(t) + dy * Math.cos(t)) / ruler.divisionPx - (ruler.shear ?? 0) * u;
  if (u < -1 || u > ruler.ticks || v < 0 || v > 5) return undefined;
  const [paper, ink]: [Colour, Colour] = ruler.dark ? [[35, 35, 38], [215, 215, 215]] : [[225, 225, 220], [25, 25, 28]];
  const i = Math.round(u);
  const length = ruler.lengthOf?.(i) ?? (i % 10 === 0 ? 3 : i % 5 === 0 ? 2.3 : 1.5);
  return i >= 0 && i < ruler.ticks && Math.abs(u - i) < 0.07 && v > 0.3 && v < 0.3 + length ? ink : paper;
}

/** An ellipse with a bevel that is brighter towards `lightDegrees` (counter-clockwise from the right). */
export function tablet(cx: number, cy: number, a: number, b: number, colour: Colour, options: { readonly turn?: number; readonly lightDegrees?: number } = {}): Scene['specimens'][number] {
  const [c, s] = [Math.cos(options.turn ?? 0), Math.sin(options.turn ?? 0)];
  const radius = (x: number, y: number): number => Math.hypot((c * (x - cx) + s * (y - cy)) / a, (-s * (x - cx) + c * (y - cy)) / b);
  return {
    colour,
    holds: (x, y) => radius(x, y) <= 1,
    shade: (x, y) => {
      if (options.lightDegrees === undefined || radius(x, y) < 0.86) return 1;
      return 1 + 0.35 * Math.cos(Math.atan2(-(y - cy), x - cx) - (options.lightDegrees * Math.PI) / 180);
    },
  };
}

/** A turned rectangle, of which `share` at its right end is another colour: under tape. */
export function brick(cx: number, cy: number, halfWidth: number, halfHeight: number, turn: number, colour: Colour, wrapped: { readonly share: number; readonly colour: Colour }): Scene['specimens'] {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const along = (x: number, y: number): number => c * (x - cx) + s * (y - cy);
  const holds = (x: number, y: number): boolean => Math.abs(along(x, y)) <= halfWidth && Math.abs(-s * (x - cx) + c * (y - cy)) <= halfHeight;
  return [{ colour: wrapped.colour, holds: (x, y) => holds(x, y) && along(x, y) > halfWidth * (1 - 2 * wrapped.share) }, { colour, holds }];
}
