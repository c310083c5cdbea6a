/** The feature stage's inner results as pictures, for the trace. */
import sharp from 'sharp';

export function greyPicture(grey: Uint8Array, size: number): Promise<Uint8Array> {
  return sharp(grey, { raw: { width: size, height: size, channels: 1 } }).png().toBuffer();
}

/** The logo field: hue is the orientation of the stroke, brightness the coherence; what has no weight is grey. */
export async function fieldPicture(field: Int8Array, weight: Uint8Array): Promise<Uint8Array> {
  const side = Math.round(Math.sqrt(weight.length));
  const rgb = new Uint8Array(side * side * 3);
  for (let i = 0; i < weight.length; i++) {
    const re = field[3 * i]! / 127;
    const im = field[3 * i + 1]! / 127;
    const w = weight[i]! / 255;
    const length = Math.min(1, Math.hypot(re, im));
    const hue = Math.atan2(im, re);
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = Math.round(40 * (1 - w) + w * 255 * length * (0.5 + 0.5 * Math.cos(hue - (c * 2 * Math.PI) / 3)));
  }
  return sharp(rgb, { raw: { width: side, height: side, channels: 3 } }).resize(side * 4, side * 4, { kernel: 'nearest' }).png().toBuffer();
}
