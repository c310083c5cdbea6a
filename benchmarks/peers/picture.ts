/** The picture every peer reads: grey, 8 bit, with the face's mask. */
export interface GrayPicture {
  readonly width: number;
  readonly height: number;
  /** width * height, Rec. 601 luma. */
  readonly gray: Uint8Array;
  /** width * height, 255 inside the face. */
  readonly mask: Uint8Array;
}

/** Scores of a list of pairs, in its order, and what each took. */
export interface PairScores {
  readonly scores: Float64Array;
  /** Seconds of one core a pair; features are made before and not counted. */
  readonly seconds: Float64Array;
}

/** @param rgb width * height * 3, sRGB; without a mask the whole picture counts */
export function grayOf(rgb: Uint8Array, width: number, height: number, mask?: Uint8Array): GrayPicture {
  const gray = new Uint8Array(width * height);
  for (let i = 0; i < gray.length; i++) gray[i] = (77 * rgb[3 * i] + 150 * rgb[3 * i + 1] + 29 * rgb[3 * i + 2] + 128) >> 8;
  return { width, height, gray, mask: mask ?? new Uint8Array(width * height).fill(255) };
}

/** Every unordered pair of n items, [i, j, i, j, ...] with i < j. */
export function everyPair(n: number): Uint32Array {
  const pairs = new Uint32Array(n * (n - 1));
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) (pairs[at++] = i), (pairs[at++] = j);
  return pairs;
}
