/** One example as train.py reads it: 256 x 256 pixels of red, green, blue and truth, plane after plane. */
import sharp from 'sharp';

const SIDE = 256;
export const EXAMPLE_BYTES = 4 * SIDE * SIDE;

/** What a pixel shows. */
export const Truth = { neither: 0, side: 1, face: 2, beyondThePhotograph: 3, noFaceButPerhapsSide: 4 } as const;

export interface LabelledPhotograph {
  readonly jpeg: Buffer;
  readonly width: number;
  readonly height: number;
  /** A Truth a pixel, for what lies outside of the faces. */
  readonly around: Uint8Array;
  /** Outlines, px. */
  readonly faces: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** The photograph, reduced to 256 px, and its truth. */
export async function example({ jpeg, width, height, around, faces }: LabelledPhotograph): Promise<Buffer> {
  const k = SIDE / Math.max(width, height);
  const [w, h] = [Math.round(width * k), Math.round(height * k)];
  const fit = { width: w, height: h, fit: 'fill' } as const;
  const rgb = await sharp(jpeg).resize({ ...fit, kernel: 'cubic' }).removeAlpha().raw().toBuffer();
  const outside = await sharp(around, { raw: { width, height, channels: 1 } }).resize({ ...fit, kernel: 'nearest' }).extractChannel(0).raw().toBuffer();
  const polygons = faces.map((points) => `<polygon points="${points.map(([x, y]) => `${(x * k).toFixed(2)},${(y * k).toFixed(2)}`).join(' ')}" fill="#fff"/>`).join('');
  const face = await sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect width="${w}" height="${h}" fill="#000"/>${polygons}</svg>`)).flatten().extractChannel(0).raw().toBuffer();
  const out = Buffer.alloc(EXAMPLE_BYTES);
  out.fill(Truth.beyondThePhotograph, 3 * SIDE * SIDE);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [from, to] = [y * w + x, y * SIDE + x];
      for (let c = 0; c < 3; c++) out[c * SIDE * SIDE + to] = rgb[3 * from + c]!;
      out[3 * SIDE * SIDE + to] = face[from]! > 127 ? Truth.face : outside[from]!;
    }
  return out;
}
