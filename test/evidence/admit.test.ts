import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEvidence, STANDARD_LIMITS, type Evidence } from '../../src/evidence/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { openDatabase, type Database } from '../../src/platform/database/index.ts';
import { openVault, type Vault } from '../../src/platform/vault/index.ts';

let folder: string;
let database: Database;
let vault: Vault;
let evidence: Evidence;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relievo-evidence-'));
  database = openDatabase(join(folder, 'relievo.db'), { timestamp: systemClock.timestamp() });
  vault = await openVault(join(folder, 'vault'));
  evidence = await openEvidence({ database, vault, clock: systemClock, limits: { ...STANDARD_LIMITS, maxBytes: 2_000_000, maxPixels: 1_000_000, maxSidePx: 2_000 } });
});
afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

const picture = (width = 120, height = 80) => sharp({ create: { width, height, channels: 3, background: '#884422', noise: { type: 'gaussian', mean: 128, sigma: 40 } } });
async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}
const sealed = () => collect(vault.list());

/** Nothing may be left of a refused upload: no row, no sealed file, no temporary file. */
async function expectNothingKept(): Promise<void> {
  expect(evidence.images.count()).toBe(0);
  expect(await sealed()).toEqual([]);
  expect(await readdir(join(folder, 'vault', 'temporary'))).toEqual([]);
}

async function* chunks(bytes: Uint8Array, size = 1_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('what is admitted', () => {
  it.each([
    ['JPEG', (s: Sharp) => s.jpeg(), 'image/jpeg', 8],
    ['PNG', (s: Sharp) => s.png(), 'image/png', 8],
    ['16-bit PNG', (s: Sharp) => s.toColourspace('rgb16').png(), 'image/png', 16],
    ['TIFF', (s: Sharp) => s.tiff(), 'image/tiff', 8],
    ['16-bit TIFF', (s: Sharp) => s.toColourspace('rgb16').tiff({ compression: 'lzw' }), 'image/tiff', 16],
    ['WebP', (s: Sharp) => s.webp(), 'image/webp', 8],
    ['CMYK JPEG', (s: Sharp) => s.toColourspace('cmyk').jpeg(), 'image/jpeg', 8],
  ] as const)('a %s', async (_, encode, mime, bitDepth) => {
    const bytes = await encode(picture()).toBuffer();
    const { image, known } = await evidence.admit(chunks(bytes), { declaredType: mime });
    expect(known).toBe(false);
    expect(image).toMatchObject({ mime, bitDepth, width: 120, height: 80, bytes: bytes.length, orientation: 1 });
    expect(await evidence.read(image.sha256)).toEqual(bytes);
  });

  it('the same bytes once, also when they come at the same time', async () => {
    const bytes = await picture().jpeg().toBuffer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => evidence.admit(chunks(bytes))));
    expect(new Set(answers.map(({ image }) => image.id)).size).toBe(1);
    expect(answers.filter(({ known }) => !known)).toHaveLength(1);
    expect(await sealed()).toEqual([answers[0].image.sha256]);
  });

  it('nearly the same bytes as another image', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const first = await evidence.admit(jpeg);
    const second = await evidence.admit(Buffer.concat([jpeg, Buffer.from([0])]));
    expect(second.known).toBe(false);
    expect(second.image.id).not.toBe(first.image.id);
  });

  it('with the EXIF orientation honoured, its block kept and the position dropped', async () => {
    const bytes = await picture().jpeg().withExif({ IFD0: { Make: 'Lens and Sons', Orientation: '6' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 5/1 0/1' } }).withMetadata({ orientation: 6 }).toBuffer();
    const { image } = await evidence.admit(bytes);
    expect(image).toMatchObject({ orientation: 6, width: 80, height: 120 });
    expect(image.exif?.Image?.Make).toBe('Lens and Sons');
    expect(JSON.stringify(image.exif)).not.toMatch(/GPS/);
    expect(evidence.images.findById(image.id)).toEqual(image);
  });

  it('together with what the caller writes, or not at all', async () => {
    const bytes = await picture().jpeg().toBuffer();
    await expect(evidence.admit(bytes, { within: () => { throw new Error('the caller failed'); } })).rejects.toThrow('the caller failed');
    await expectNothingKept();
    const { written } = await evidence.admit(bytes, { within: (image, known) => `${known} ${image.mime}` });
    expect(written).toBe('false image/jpeg');
  });
});

describe('what is refused, leaving nothing behind', () => {
  const jpeg = () => picture().jpeg().toBuffer();
  const cases: [string, string, () => Promise<Uint8Array>, object?][] = [
    ['nothing', 'image-type-unsupported', async () => new Uint8Array()],
    ['text', 'image-type-unsupported', async () => Buffer.from('no picture here')],
    ['a GIF', 'image-type-unsupported', () => picture().gif().toBuffer()],
    ['a PNG declared as JPEG', 'image-type-mismatch', () => picture().png().toBuffer(), { declaredType: 'image/jpeg; charset=x' }],
    ['another digest than stated', 'digest-mismatch', jpeg, { expectedSha256: '0'.repeat(64) }],
    ['too many bytes', 'image-too-large', async () => Buffer.alloc(2_000_001, 0xff)],
    ['too long a side', 'image-too-large', () => picture(2_001, 4).png().toBuffer()],
    ['too many pixels', 'image-too-large', () => picture(1_100, 1_000).webp().toBuffer()],
    ['a truncated JPEG', 'image-corrupt', async () => (await picture(600, 600).jpeg().toBuffer()).subarray(0, 20_000)],
    ['a truncated PNG', 'image-corrupt', async () => (await picture(300, 300).png().toBuffer()).subarray(0, 60_000)],
    ['a truncated TIFF', 'image-corrupt', async () => (await picture(300, 300).tiff().toBuffer()).subarray(0, 5_000)],
    ['a truncated WebP', 'image-corrupt', async () => (await picture(300, 300).webp().toBuffer()).subarray(0, 5_000)],
    ['a JPEG header alone', 'image-corrupt', async () => Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['an animated WebP', 'image-animated', async () => sharp(await Promise.all([1, 2].map(() => picture(40, 40).png().toBuffer())), { join: { animated: true } }).webp().toBuffer()],
  ];
  it.each(cases)('%s', async (_, code, bytes, options) => {
    await expect(evidence.admit(chunks(await bytes()), options)).rejects.toMatchObject({ code });
    await expectNothingKept();
  });

  it('an upload that breaks off', async () => {
    const bytes = await jpeg();
    await expect(evidence.admit((async function* () { yield bytes.subarray(0, 500); throw new Error('connection lost'); })())).rejects.toThrow('connection lost');
    await expectNothingKept();
  });
});

describe('after a kill', () => {
  it('a file that was sealed without its row is cleared, one with its row stays', async () => {
    const kept = await evidence.admit(await picture().jpeg().toBuffer());
    const cut = await vault.stage(await picture(50, 50).png().toBuffer());
    await cut.seal();
    // Killed here, before the row. A second one was killed while it was still arriving, a third after its row.
    await vault.stage(Buffer.from('half a pho'));
    await (await vault.stage(await evidence.read(kept.image.sha256))).seal();
    expect(await sealed()).toHaveLength(2);
    await openEvidence({ database, vault: await openVault(join(folder, 'vault')), clock: systemClock });
    expect(await sealed()).toEqual([kept.image.sha256]);
    expect(await readdir(join(folder, 'vault', 'temporary'))).toEqual([]);
  });
});
