/** One face as train_marks.py reads it: what the network of marks sees of it, and how high the tool's marks truly are. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lightValues } from '../../src/features/light-parameters.ts';
import { markValues } from '../../src/features/mark-parameters.ts';
import type { FaceCrop } from '../../src/imaging/index.ts';
import { callKernel } from '../../src/platform/native/index.ts';

const PICTURES = 5;  // as native/marks_network.h orders the planes: pictures, then planes of one number each
const NUMBERS = 5;
const BLOCK = 16;

/** Where a face's grid lies on its crop, px. */
export interface GridPlace {
  readonly centreX: number;
  readonly centreY: number;
  /** Px of the grid a px of the crop. */
  readonly perCrop: number;
}

/** One photograph's share in what is seen of a face. */
interface Exposure {
  readonly rgb: Uint8Array;
  /** The lamp's axis as a doubled angle. */
  readonly light: Float32Array;
  /** From the crop's right towards its bottom; NaN where it is not told. */
  readonly azimuthDeg: number;
}

export interface SeenFace {
  /** Side of the grid, px. */
  readonly size: number;
  /** Side of the planes: the next multiple of 16. */
  readonly side: number;
  /** 5 x side x side, 127 = 1. */
  readonly pictures: Int8Array;
  readonly numbers: readonly number[];
  /** What the product makes of it now, size x size. */
  readonly marks: Int8Array;
}

/** @throws Problem where the marks of such a face are not read */
export async function seeFace(crop: FaceCrop, photographs: readonly Exposure[], place: GridPlace): Promise<SeenFace> {
  const { size, planes, marks } = await callKernel<{ readonly size: number; readonly planes: Float32Array; readonly marks: Int8Array }>('marks', { photographs, mask: crop.mask, size: crop.size, ...place, ...markValues(), ...lightValues(), planes: true });
  const side = BLOCK * Math.ceil(size / BLOCK);
  const numbers = Array.from({ length: NUMBERS }, (_, i) => planes[(PICTURES + i) * side * side]!);
  return { size, side, pictures: Int8Array.from(planes.subarray(0, PICTURES * side * side), (v) => Math.round(127 * v)), numbers, marks };
}

/** Row by row. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

export interface TrueMarks {
  /** Of the tool's marks on the specimen, side x side, mm; ridges positive. */
  readonly heights: Float32Array;
  /** From the grid (middles of pixels at whole numbers) to the specimen (mm, y up). */
  readonly toSpecimen: Homography;
}

/** What is known of an example besides; faces of one set and design may be compared. */
export interface ExampleLabels {
  readonly set: string;
  readonly design: string;
  readonly tool: string;
  readonly light: string;
}

/** DIR/mark-examples.bin, for each face its pictures and, where they are known, its heights (float32, mm); DIR/mark-examples.jsonl says which lie where. */
export class MarkExamples {
  readonly #bytes: WriteStream;
  readonly #index: WriteStream;
  #at = 0;
  count = 0;

  private constructor(folder: string) {
    this.#bytes = createWriteStream(join(folder, 'mark-examples.bin'));
    this.#index = createWriteStream(join(folder, 'mark-examples.jsonl'));
  }

  static async into(folder: string): Promise<MarkExamples> {
    await mkdir(folder, { recursive: true });
    return new MarkExamples(folder);
  }

  /** Returns the number of the example, from 0. */
  async add({ side, pictures, numbers }: SeenFace, labels: ExampleLabels, truth?: TrueMarks): Promise<number> {
    const bytes = Buffer.concat([pictures, truth?.heights ?? new Float32Array(0)].map((table) => new Uint8Array(table.buffer)));
    this.#index.write(`${JSON.stringify({ at: this.#at, side, numbers, ...labels, toSpecimen: truth?.toSpecimen })}\n`);
    this.#at += bytes.length;
    const number = this.count++;
    if (!this.#bytes.write(bytes)) await new Promise<void>((done) => void this.#bytes.once('drain', done));
    return number;
  }

  /** Returns the number of bytes. */
  async close(): Promise<number> {
    for (const stream of [this.#bytes, this.#index]) await new Promise<void>((done) => void stream.end(done));
    return this.#at;
  }
}
