/** One example as train.py reads it: 256 x 256 pixels of red, green, blue and truth, plane after plane. */
import sharp from 'sharp';

const SIDE = 256;
export const EXAMPLE_BYTES = 4 * SIDE * SIDE;

/** What a pixel shows. */
export const Truth = { neither: 0, side: 1, face: 2, beyondThePhotograph: 3, noFaceButPerhapsSide: 4, perhapsFace: 5 } as const;

export interface LabelledPhotograph {
  readonly jpeg: Buffer;
  readonly width: number;
  readonly height: number;
  /** A Truth a pixel, for what lies outside of the faces. */
  readonly around: Uint8Array;
  /** Outlines, px. */
  readonly faces: readonly Outline[];
  /** Of other faces, mostly cut off by the part, of which nothing is to be learnt. */
  readonly others?: readonly Outline[];
}

/** Points, px. */
export type Outline = readonly (readonly [x: number, y: number])[];

/** Px of the photograph. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A part of the photograph (all of it), reduced to 256 px, and its truth. */
export async function example(photo: LabelledPhotograph, part: Part = { left: 0, top: 0, width: photo.width, height: photo.height }): Promise<Buffer> {
  const k = SIDE / Math.max(part.width, part.height);
  const [w, h] = [Math.max(1, Math.round(part.width * k)), Math.max(1, Math.round(part.height * k))];
  const fit = { width: w, height: h, fit: 'fill' } as const;
  const rgb = await sharp(photo.jpeg).extract(part).resize({ ...fit, kernel: 'cubic' }).removeAlpha().raw().toBuffer();
  const outside = await sharp(photo.around, { raw: { width: photo.width, height: photo.height, channels: 1 } }).extract(part).resize({ ...fit, kernel: 'nearest' }).extractChannel(0).raw().toBuffer();
  const polygon = (points: Outline, colour: string): string => `<polygon points="${points.map(([x, y]) => `${((x - part.left) * k).toFixed(2)},${((y - part.top) * k).toFixed(2)}`).join(' ')}" fill="${colour}"/>`;
  const polygons = [...(photo.others ?? []).map((o) => polygon(o, '#0f0')), ...photo.faces.map((o) => polygon(o, '#f00'))].join('');
  const face = await sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect width="${w}" height="${h}" fill="#000"/>${polygons}</svg>`)).removeAlpha().raw().toBuffer();
  const out = Buffer.alloc(EXAMPLE_BYTES);
  out.fill(Truth.beyondThePhotograph, 3 * SIDE * SIDE);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [from, to] = [y * w + x, y * SIDE + x];
      for (let c = 0; c < 3; c++) out[c * SIDE * SIDE + to] = rgb[3 * from + c]!;
      out[3 * SIDE * SIDE + to] = face[3 * from]! > 127 ? Truth.face : face[3 * from + 1]! > 127 ? Truth.perhapsFace : outside[from]!;
    }
  return out;
}

const CLOSER = 1.8;   // side of what is seen of a face from close by, of its size
const WORTH_IT = 0.8; // of the photograph's side: what is larger is not seen from close by

/** What the product looks at a second time, of one face: a square around it, cut at the frame. None where it is nearly the whole photograph. */
export function closer({ width, height }: LabelledPhotograph, outline: Outline): Part | undefined {
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = CLOSER * Math.max(x1 - x0, y1 - y0);
  if (side > WORTH_IT * Math.max(width, height)) return undefined;
  const left = Math.max(0, Math.round((x0 + x1 - side) / 2));
  const top = Math.max(0, Math.round((y0 + y1 - side) / 2));
  return { left, top, width: Math.min(width, Math.round((x0 + x1 + side) / 2)) - left, height: Math.min(height, Math.round((y0 + y1 + side) / 2)) - top };
}
