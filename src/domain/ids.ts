/**
 * Identifiers: a prefix that names the kind of thing, then a ULID (48 bits of time, 80 of entropy,
 * Crockford base 32), so that ids sort by the time they were made: `sp_01J9Z3K4M5N6P7Q8R9S0T1V2W3`.
 */

/** Prefix -> what it names. Every id in the database and the API begins with one of these. */
export const ID_PREFIXES = {
  sz: 'seizure',
  ex: 'exhibit',
  sp: 'specimen',
  im: 'image',
  fa: 'face',
  se: 'search',
  cm: 'comparison',
  ln: 'link',
  de: 'decision',
  jb: 'job',
  rk: 'key',
  ph: 'photograph',
  rq: 'request',
  ev: 'event',
  pr: 'profile',
  ps: 'profile search',
  el: 'evaluation',
  ls: 'search for links',
} as const;

export type IdPrefix = keyof typeof ID_PREFIXES;

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LAST_TIME_MS = 2 ** 48 - 1;

/** Bytes of entropy in an id. */
export const ID_ENTROPY_BYTES = 10;

/**
 * @param timeMs milliseconds since 1970, 0 .. 2^48 - 1
 * @param entropy exactly 10 bytes; equal time and entropy give the equal id
 * @throws RangeError when either is out of range
 */
export function makeId(prefix: IdPrefix, timeMs: number, entropy: Uint8Array): string {
  if (!Number.isInteger(timeMs) || timeMs < 0 || timeMs > LAST_TIME_MS) throw new RangeError(`an id needs a time in milliseconds, not ${timeMs}`);
  if (entropy.length !== ID_ENTROPY_BYTES) throw new RangeError(`an id needs ${ID_ENTROPY_BYTES} bytes of entropy, not ${entropy.length}`);
  let text = '';
  for (let rest = timeMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) text = CROCKFORD[rest % 32]! + text;
  let bits = 0;
  let held = 0;
  for (const byte of entropy) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += CROCKFORD[(held >> (bits - 5)) & 31]!;
    held &= (1 << bits) - 1;
  }
  return `${prefix}_${text}`;
}

const SHAPE = /^([a-z]{2})_([0-7][0-9A-HJKMNP-TV-Z]{25})$/;

/** True when the text is an id with this prefix (with any known prefix when none is named). */
export function isId(text: string, prefix?: IdPrefix): boolean {
  const found = SHAPE.exec(text)?.[1];
  return found !== undefined && (prefix === undefined ? found in ID_PREFIXES : found === prefix);
}

/** The time an id was made, in milliseconds since 1970. @throws RangeError when the text is no id */
export function idTimeMs(id: string): number {
  if (!isId(id)) throw new RangeError(`${id} is no id`);
  return [...id.slice(3, 13)].reduce((time, letter) => time * 32 + CROCKFORD.indexOf(letter), 0);
}
