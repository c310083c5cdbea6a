/** Bytes that should not be trusted: damaged, mislabelled, oversized and unusual images, from one seed. */
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { seeded, type Random } from './random.ts';

export interface BadImage {
  readonly name: string;
  readonly bytes: Buffer;
  /** The media type the sender states. */
  readonly declared: string;
  /** What has to come of it; `either`: damage may or may not be noticed. */
  readonly outcome: 'admitted' | 'refused' | 'either';
}

type Format = 'jpeg' | 'progressive' | 'png' | 'palette' | 'tiff' | 'tiff-lzw' | 'tiff-tiled' | 'webp' | 'webp-lossless';
const MIME: Readonly<Record<Format, string>> = { jpeg: 'image/jpeg', progressive: 'image/jpeg', png: 'image/png', palette: 'image/png', tiff: 'image/tiff', 'tiff-lzw': 'image/tiff', 'tiff-tiled': 'image/tiff', webp: 'image/webp', 'webp-lossless': 'image/webp' };
const FORMATS = Object.keys(MIME) as Format[];

/** A disc with a groove on a ground with grain: no two alike; most are large enough to be measured. */
function scene(random: Random, width = random.whole(60, 420), height = random.whole(60, 420)): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  const radius = Math.min(width, height) * 0.35;
  const angle = random.whole(0, 314) / 100;
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [(i % width) - width / 2, Math.floor(i / width) - height / 2];
    const inside = Math.hypot(x, y) < radius;
    const groove = inside && Math.abs(x * Math.cos(angle) + y * Math.sin(angle)) < 5;
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = (groove ? 110 : inside ? 185 : 45) + random.whole(0, 18);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const encode = (picture: Sharp, format: Format): Promise<Buffer> => ({
  jpeg: () => picture.jpeg({ quality: 90 }),
  progressive: () => picture.jpeg({ progressive: true }),
  png: () => picture.png(),
  palette: () => picture.png({ palette: true }),
  tiff: () => picture.tiff({ compression: 'none' }),
  'tiff-lzw': () => picture.tiff({ compression: 'lzw' }),
  'tiff-tiled': () => picture.tiff({ compression: 'deflate', tile: true, tileWidth: 64, tileHeight: 64 }),
  webp: () => picture.webp(),
  'webp-lossless': () => picture.webp({ lossless: true }),
})[format]().toBuffer();

/** Damage to a good file: name -> what becomes of its bytes. */
const DAMAGE: Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>> = {
  truncated: (bytes, random) => bytes.subarray(0, random.whole(1, bytes.length)),
  'truncated near its end': (bytes, random) => bytes.subarray(0, bytes.length - random.whole(1, 40)),
  'one bit flipped': (bytes, random) => flipped(bytes, random, 1, bytes.length),
  'bits flipped': (bytes, random) => flipped(bytes, random, random.whole(2, 200), bytes.length),
  'bits flipped in its header': (bytes, random) => flipped(bytes, random, random.whole(1, 8), Math.min(200, bytes.length)),
  'a stretch of zeros': (bytes, random) => overwritten(bytes, random, (n) => Buffer.alloc(n)),
  'a stretch of noise': (bytes, random) => overwritten(bytes, random, (n) => random.bytes(n)),
  'a stretch missing': (bytes, random) => {
    const at = random.whole(8, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.whole(1, 500))]);
  },
  'a stretch twice': (bytes, random) => {
    const at = random.whole(8, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - random.whole(1, 500)))]);
  },
  'rubbish at its end': (bytes, random) => Buffer.concat([bytes, random.bytes(random.whole(1, 5_000))]),
};

function flipped(bytes: Buffer, random: Random, times: number, within: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = 0; i < times; i++) copy[random.whole(0, within)] ^= 1 << random.whole(0, 8);
  return copy;
}

function overwritten(bytes: Buffer, random: Random, make: (count: number) => Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = random.whole(0, copy.length);
  make(Math.min(random.whole(1, 400), copy.length - at)).copy(copy, at);
  return copy;
}

const chunk = (type: string, data: Buffer): Buffer => {
  const head = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(head.length + 8);
  framed.writeUInt32BE(data.length, 0);
  head.copy(framed, 4);
  framed.writeUInt32BE(crc32(head), head.length + 4);
  return framed;
};

/** A PNG whose header says `width` x `height`; its pixels are as many zeros as `rows` rows have. */
export function zeroPng(width: number, height: number, rows: number, bits = 8, between: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  const row = Math.ceil((width * bits) / 8) + 1;
  const data = deflateSync(Buffer.alloc(Math.min(row * rows, 2 ** 30)), { level: 9 });
  return Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), chunk('IHDR', header), ...between, chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** A little-endian TIFF of one IFD with these tags; `next` is the offset of the next IFD. */
function tiff(tags: readonly (readonly [tag: number, type: 3 | 4, value: number])[], next = 0, tail = Buffer.alloc(64)): Buffer {
  const ifd = Buffer.alloc(2 + 12 * tags.length + 4);
  ifd.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, type, value], i) => {
    ifd.writeUInt16LE(tag, 2 + 12 * i);
    ifd.writeUInt16LE(type, 4 + 12 * i);
    ifd.writeUInt32LE(1, 6 + 12 * i);
    ifd.writeUInt32LE(value, 10 + 12 * i);
  });
  ifd.writeUInt32LE(next, ifd.length - 4);
  return Buffer.concat([Buffer.from('II*\0\u0008\0\0\0', 'latin1'), ifd, tail]);
}

const grey = (width: number, height: number, strip = 150): (readonly [number, 3 | 4, number])[] => [[256, 4, width], [257, 4, height], [258, 3, 8], [259, 3, 1], [262, 3, 1], [273, 4, strip], [277, 3, 1], [278, 4, height], [279, 4, Math.min(width * height, 2 ** 32 - 1)]];

type Special = readonly [name: string, declared: string, outcome: BadImage['outcome'], make: (random: Random) => Buffer | Promise<Buffer>];

const fixed = (text: string) => (): Buffer => Buffer.from(text, 'latin1');
/** The size in a JPEG's header, changed; the pixels stay as few as they are. */
const jpegSize = async (random: Random, width: number, height: number): Promise<Buffer> => {
  const bytes = await encode(scene(random), 'jpeg');
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
};
const frames = async (random: Random): Promise<Sharp> => sharp(await Promise.all([1, 2, 3].map(() => scene(random, 60, 60).png().toBuffer())), { join: { animated: true } });

/** One of each kind that is more than damage. Each is used at least once in every run. */
const SPECIAL: readonly Special[] = [
  ['nothing', 'image/jpeg', 'refused', fixed('')],
  ['one byte', 'image/jpeg', 'refused', fixed('\u00ff')],
  ['a JPEG mark alone', 'image/jpeg', 'refused', fixed('\u00ff\u00d8\u00ff')],
  ['a PNG signature alone', 'image/png', 'refused', fixed('\u0089PNG\r\n\u001a\n')],
  ['a TIFF mark alone', 'image/tiff', 'refused', fixed('II*\0')],
  ['a WebP mark alone', 'image/webp', 'refused', fixed('RIFF\0\0\0\0WEBP')],
  ['text as JPEG', 'image/jpeg', 'refused', fixed('this is no picture\n'.repeat(50))],
  ['HTML as PNG', 'image/png', 'refused', fixed('<!doctype html><script>alert(1)</script>')],
  ['SVG', 'image/svg+xml', 'refused', fixed('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>')],
  ['SVG as bytes', 'application/octet-stream', 'refused', fixed('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
  ['PDF', 'application/octet-stream', 'refused', fixed('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n')],
  ['a ZIP archive as TIFF', 'image/tiff', 'refused', fixed('PK\u0003\u0004rest')],
  ['a program', 'application/octet-stream', 'refused', fixed('\u007fELF\u0002\u0001\u0001')],
  ['noise', 'image/webp', 'refused', (random) => random.bytes(20_000)],
  ['HEIC', 'image/jpeg', 'refused', fixed('\0\0\0\u0018ftypheic\0\0\0\0mif1heic')],
  ['BMP', 'application/octet-stream', 'refused', fixed('BM\u0046\0\0\0\0\0\0\0')],
  ['GIF', 'image/gif', 'refused', (random) => scene(random).gif().toBuffer()],
  ['an animated GIF as PNG', 'image/png', 'refused', async (random) => (await frames(random)).gif().toBuffer()],
  ['AVIF', 'application/octet-stream', 'refused', (random) => scene(random).avif({ effort: 0 }).toBuffer()],
  ['PNG as JPEG', 'image/jpeg', 'refused', (random) => encode(scene(random), 'png')],
  ['JPEG as TIFF', 'image/tiff', 'refused', (random) => encode(scene(random), 'jpeg')],
  ['TIFF as WebP', 'image/webp', 'refused', (random) => encode(scene(random), 'tiff')],
  ['WebP as PNG', 'image/png', 'refused', (random) => encode(scene(random), 'webp')],
  ['JPEG as text', 'text/plain', 'refused', (random) => encode(scene(random), 'jpeg')],
  ['an animated WebP', 'image/webp', 'refused', async (random) => (await frames(random)).webp().toBuffer()],
  ['an animated PNG', 'image/png', 'refused', () => zeroPng(40, 40, 40, 8, [chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))])],
  ['a TIFF of three pages', 'image/tiff', 'refused', async (random) => (await frames(random)).tiff({ compression: 'lzw' }).toBuffer()],
  ['a PNG of 30,000 x 30,000 zeros', 'image/png', 'refused', () => zeroPng(30_000, 30_000, 30_000)],
  ['a PNG that says 65,535 x 65,535', 'image/png', 'refused', () => zeroPng(65_535, 65_535, 10)],
  ['a PNG that says 2,147,483,647 x 2,147,483,647', 'image/png', 'refused', () => zeroPng(2_147_483_647, 2_147_483_647, 0)],
  ['a PNG of 16,385 x 1', 'image/png', 'refused', () => zeroPng(16_385, 1, 1)],
  ['a PNG of 0 x 0', 'image/png', 'refused', () => zeroPng(0, 0, 0)],
  ['a PNG whose pixels are missing', 'image/png', 'refused', () => zeroPng(2_000, 2_000, 3)],
  ['a PNG with a text that unpacks to 200 MB', 'image/png', 'either', () => zeroPng(64, 64, 64, 8, [chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(200_000_000))]))])],
  ['a PNG with a colour profile that unpacks to 200 MB', 'image/png', 'either', () => zeroPng(64, 64, 64, 8, [chunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(Buffer.alloc(200_000_000))]))])],
  ['a PNG with a chunk longer than itself', 'image/png', 'refused', () => Buffer.concat([zeroPng(64, 64, 64).subarray(0, 33), Buffer.from([0x7f, 0xff, 0xff, 0xff]), Buffer.from('tEXt')])],
  ['a JPEG that says 65,500 x 65,500', 'image/jpeg', 'refused', (random) => jpegSize(random, 65_500, 65_500)],
  ['a JPEG that says 16,000 x 6,000', 'image/jpeg', 'refused', (random) => jpegSize(random, 16_000, 6_000)],
  ['a JPEG that says 0 x 0', 'image/jpeg', 'refused', (random) => jpegSize(random, 0, 0)],
  ['a TIFF that says 4,000,000,000 x 4,000,000,000', 'image/tiff', 'refused', () => tiff(grey(4_000_000_000, 4_000_000_000))],
  ['a TIFF that says 100,000 x 100,000', 'image/tiff', 'refused', () => tiff(grey(100_000, 100_000))],
  ['a TIFF that says 10,000 x 10,000 and holds 64 bytes', 'image/tiff', 'refused', () => tiff(grey(10_000, 10_000))],
  ['a TIFF that says 0 x 0', 'image/tiff', 'refused', () => tiff(grey(0, 0))],
  ['a TIFF whose pages go in a circle', 'image/tiff', 'refused', () => tiff(grey(8, 8, 122), 8)],
  ['a TIFF whose strip lies beyond its end', 'image/tiff', 'refused', () => tiff(grey(64, 64, 4_000_000_000))],
  ['a TIFF without tags', 'image/tiff', 'refused', () => tiff([])],
  ['a TIFF of floating-point samples', 'image/tiff', 'refused', () => tiff([[256, 4, 4], [257, 4, 4], [258, 3, 32], [259, 3, 1], [262, 3, 1], [273, 4, 134], [277, 3, 1], [278, 4, 4], [279, 4, 64], [339, 3, 3]])],
  ['16-bit PNG', 'image/png', 'admitted', (random) => scene(random).toColourspace('rgb16').png().toBuffer()],
  ['16-bit TIFF', 'image/tiff', 'admitted', (random) => scene(random).toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer()],
  ['16-bit grey PNG', 'image/png', 'admitted', (random) => scene(random).toColourspace('grey16').png().toBuffer()],
  ['CMYK JPEG', 'image/jpeg', 'admitted', (random) => scene(random).toColourspace('cmyk').jpeg().toBuffer()],
  ['CMYK TIFF', 'image/tiff', 'admitted', (random) => scene(random).toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer()],
  ['a TIFF with a tag nobody knows', 'image/tiff', 'admitted', () => tiff([...grey(8, 8, 134), [60_000, 4, 1]])],
  ['a JPEG padded before its end', 'image/jpeg', 'admitted', async (random) => {
    const bytes = await encode(scene(random), 'jpeg');
    return Buffer.concat([bytes.subarray(0, -2), Buffer.alloc(7), bytes.subarray(-2)]);
  }],
  ['1-bit TIFF', 'image/tiff', 'admitted', (random) => scene(random).toColourspace('b-w').tiff({ bitdepth: 1, compression: 'none' }).toBuffer()],
  ['1-bit PNG', 'image/png', 'admitted', () => zeroPng(200, 200, 200, 1)],
  ['BigTIFF', 'image/tiff', 'admitted', (random) => scene(random).tiff({ bigtiff: true, compression: 'lzw' }).toBuffer()],
  ['TIFF with JPEG inside', 'image/tiff', 'admitted', (random) => scene(random).tiff({ compression: 'jpeg' }).toBuffer()],
  ['a PNG with transparency', 'image/png', 'admitted', (random) => scene(random).ensureAlpha(0.4).png().toBuffer()],
  ['a PNG of 1 x 1', 'image/png', 'admitted', () => zeroPng(1, 1, 1)],
  ['a PNG of 16,384 x 1', 'image/png', 'admitted', () => zeroPng(16_384, 1, 1)],
  ['a JPEG named as bytes', 'application/octet-stream', 'admitted', (random) => encode(scene(random), 'jpeg')],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation): Special => [`a JPEG with EXIF orientation ${orientation}`, 'image/jpeg', 'admitted', (random) => scene(random).withMetadata({ orientation }).jpeg().toBuffer()]),
  ['a JPEG with EXIF orientation 99', 'image/jpeg', 'admitted', async (random) => {
    const bytes = await scene(random).withMetadata({ orientation: 8 }).jpeg().toBuffer();
    const at = bytes.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x08]));
    if (at > 0) bytes[at + 8] = 99;
    return bytes;
  }],
  ['a JPEG with noise for EXIF', 'image/jpeg', 'admitted', async (random) => {
    const bytes = await encode(scene(random), 'jpeg');
    const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), random.bytes(600)]);
    return Buffer.concat([bytes.subarray(0, 2), Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 255]), exif, bytes.subarray(2)]);
  }],
];

/** About 98 megapixels in a file of a few kilobytes: within the limits, so it has to be worked through. Only in the long run. */
export const LARGEST_ALLOWED: Special = ['a PNG of 16,384 x 6,000', 'image/png', 'admitted', () => zeroPng(16_384, 6_000, 6_000, 1)];

/** Every special one first, then damaged files until there are `count`; the same seed gives the same bytes. */
export async function* badImages(seed: number, count: number): AsyncGenerator<BadImage> {
  for (let i = 0; i < count; i++) {
    const random = seeded(seed * 1_000_003 + i);
    if (i < SPECIAL.length) {
      const [name, declared, outcome, make] = SPECIAL[i];
      yield { name, declared, outcome, bytes: await make(random) };
    } else {
      const format = random.pick(FORMATS);
      const what = random.pick(Object.keys(DAMAGE));
      yield { name: `${format}, ${what} (${i})`, declared: MIME[format], outcome: 'either', bytes: DAMAGE[what](await encode(scene(random), format), random) };
    }
  }
}
