/** The edges of a face as thin lines, for the overlay picture. Says where edges are, not whether they are strokes. */

/** Standard deviation of the smoothing, as a share of the crop's side: grain is finer, strokes are coarser. */
const SMOOTHING = 0.008;
/** Share of the face that the strongest gradients may take before they are thinned to lines. */
const STRONGEST = 0.12;
/** Edges nearer to the border of what is known than this share of the side are the border itself. */
const BORDER = 0.06;

/**
 * @param rgb size * size * 3
 * @param known size * size, 0 where nothing is known
 * @returns size * size, 255 on an edge, 0 elsewhere
 */
export function edgeLines(rgb: Uint8Array, known: Uint8Array, size: number): Uint8Array {
  const grey = new Float32Array(size * size);
  for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!;
  const radius = Math.max(1, Math.round(SMOOTHING * size));
  const smooth = boxed(boxed(grey, size, radius), size, radius);
  const inner = boxed(Float32Array.from(known, (v) => (v ? 1 : 0)), size, Math.round(BORDER * size));
  const [gx, gy, length] = [new Float32Array(grey.length), new Float32Array(grey.length), new Float32Array(grey.length)];
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const i = y * size + x;
      if (inner[i]! < 0.999) continue;
      gx[i] = smooth[i + 1]! - smooth[i - 1]!;
      gy[i] = smooth[i + size]! - smooth[i - size]!;
      length[i] = Math.hypot(gx[i]!, gy[i]!);
    }
  }
  const floor = quantile(length.filter((v) => v > 0), 1 - STRONGEST);
  const lines = new Uint8Array(grey.length);
  for (let i = size; i < grey.length - size; i++) {
    if (length[i]! <= floor || length[i] === 0) continue;
    const step = Math.round(gx[i]! / length[i]!) + size * Math.round(gy[i]! / length[i]!);
    if (length[i]! >= length[i - step]! && length[i]! >= length[i + step]!) lines[i] = 255;
  }
  return lines;
}

/** Mean over a square of 2 radius + 1 pixels, the border repeated; separable, by running sums. */
function boxed(values: Float32Array, size: number, radius: number): Float32Array {
  const along = (from: Float32Array, step: number, stride: number): Float32Array => {
    const to = new Float32Array(from.length);
    const last = size - 1;
    for (let line = 0; line < size; line++) {
      const at = (k: number): number => from[line * stride + Math.min(last, Math.max(0, k)) * step]!;
      let sum = 0;
      for (let k = -radius; k <= radius; k++) sum += at(k);
      for (let k = 0; k < size; k++) {
        to[line * stride + k * step] = sum / (2 * radius + 1);
        sum += at(k + radius + 1) - at(k - radius);
      }
    }
    return to;
  };
  return along(along(values, 1, size), size, 1);
}

function quantile(values: Float32Array, share: number): number {
  return values.length === 0 ? Infinity : values.sort()[Math.min(values.length - 1, Math.floor(share * values.length))]!;
}
