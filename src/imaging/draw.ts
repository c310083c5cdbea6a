/** Pictures that show what was measured: outlines and ticks on the photograph, and the crops. */
import sharp from 'sharp';
import type { Trace } from '../domain/index.ts';
import type { KernelAnswer } from './kernel.ts';
import type { MeasuredFace, Photograph } from './types.ts';

/** Pictures are at most this long, where nothing else is asked for. */
const SIDE = 1600;

/** Encoded pictures by name: `outline.jpg`, `crop-1.png`, ... `trace` is the one given to `measure`. */
export async function drawMeasured(photo: Photograph, faces: readonly Pick<MeasuredFace, 'outlinePx' | 'crop'>[], trace: Trace & { readonly taken?: ReadonlyMap<string, { readonly bytes: Uint8Array }> }, side = SIDE): Promise<Map<string, Uint8Array>> {
  const shrink = Math.min(1, side / Math.max(photo.width, photo.height));
  const [width, height] = [Math.round(photo.width * shrink), Math.round(photo.height * shrink)];
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  const found = trace.taken?.get('measure.found');
  const answer = found ? (JSON.parse(new TextDecoder().decode(found.bytes)) as KernelAnswer) : undefined;
  const shapes: string[] = [];
  if (faces.length === 0 && answer?.candidates[0]) shapes.push(polygon(answer.candidates[0].outlinePx, shrink, '#ff9d00', '6 4'));
  for (const face of faces) shapes.push(polygon(face.outlinePx, shrink, '#00e05a'));
  if (answer?.ruler.found) for (const [x, y] of points(answer.ruler.ticksPx, shrink)) shapes.push(`<circle cx="${x}" cy="${y}" r="3" fill="#ff2d55"/>`);
  const overlay = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`);
  const small = await sharp(photo.rgb, { raw }).resize(width, height, { fit: 'fill' }).png({ compressionLevel: 1 }).toBuffer();
  const pictures = new Map<string, Uint8Array>([['outline.jpg', await sharp(small).composite([{ input: overlay }]).jpeg({ quality: 88 }).toBuffer()]]);
  for (const [i, { crop }] of faces.entries()) {
    const rgba = Buffer.alloc(crop.size * crop.size * 4);
    for (let p = 0; p < crop.size * crop.size; p++) rgba.set([crop.rgb[3 * p]!, crop.rgb[3 * p + 1]!, crop.rgb[3 * p + 2]!, crop.mask[p]!], 4 * p);
    pictures.set(`crop-${i + 1}.png`, await sharp(rgba, { raw: { width: crop.size, height: crop.size, channels: 4 } }).png().toBuffer());
  }
  return pictures;
}

// A pixel's centre is half a pixel into it.
function points(flat: ArrayLike<number>, shrink: number): [string, string][] {
  const out: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) out.push([((flat[i]! + 0.5) * shrink).toFixed(1), ((flat[i + 1]! + 0.5) * shrink).toFixed(1)]);
  return out;
}

function polygon(flat: ArrayLike<number>, shrink: number, colour: string, dashes = ''): string {
  return `<polygon points="${points(flat, shrink).map((p) => p.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dashes && ` stroke-dasharray="${dashes}"`}/>`;
}
