import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/imaging/index.ts';

/** 4 x 2 pixels: left half red, right half blue. */
const halves = (channels: 3 | 4 = 3, alpha = 255): Sharp => {
  const pixel = (x: number): number[] => [...(x < 2 ? [200, 20, 10] : [10, 20, 200]), ...(channels === 4 ? [alpha] : [])];
  return sharp(Buffer.from(Array.from({ length: 8 }, (_, i) => pixel(i % 4)).flat()), { raw: { width: 4, height: 2, channels } });
};
const pixel = (photo: { width: number; rgb: Uint8Array }, x: number, y: number): number[] => [...photo.rgb.subarray(3 * (y * photo.width + x), 3 * (y * photo.width + x) + 3)];

describe('decoding', () => {
  it('gives sRGB bytes of a PNG exactly', async () => {
    const photo = await decode(await halves().png().toBuffer());
    expect([photo.width, photo.height, photo.rgb.length]).toEqual([4, 2, 24]);
    expect(pixel(photo, 0, 0)).toEqual([200, 20, 10]);
    expect(pixel(photo, 3, 1)).toEqual([10, 20, 200]);
  });

  it('turns a photograph upright: orientation 6 is a quarter turn clockwise', async () => {
    const photo = await decode(await halves().withMetadata({ orientation: 6 }).tiff({ compression: 'none' }).toBuffer());
    expect([photo.width, photo.height]).toEqual([2, 4]);
    expect(pixel(photo, 0, 0)).toEqual([200, 20, 10]);
    expect(pixel(photo, 0, 3)).toEqual([10, 20, 200]);
  });

  it('reduces 16 bit to 8', async () => {
    const rgb16 = Uint16Array.from({ length: 24 }, (_, i) => [51400, 25700, 257][i % 3]!);
    const bytes = await sharp(rgb16, { raw: { width: 4, height: 2, channels: 3 } }).toColourspace('rgb16').tiff({ compression: 'none' }).toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    const found = pixel(await decode(bytes), 1, 1);
    [200, 100, 1].forEach((v, i) => expect(Math.abs(found[i]! - v)).toBeLessThanOrEqual(1));
  });

  it('spreads grey, also of 16 bit', async () => {
    const grey = await decode(await sharp(Buffer.alloc(8, 77), { raw: { width: 4, height: 2, channels: 1 } }).png().toBuffer());
    expect(pixel(grey, 2, 1)).toEqual([77, 77, 77]);
    const bytes = await sharp(new Uint16Array(8).fill(30840), { raw: { width: 4, height: 2, channels: 1 } }).toColourspace('grey16').png().toBuffer();
    const deep = pixel(await decode(bytes), 2, 1);
    for (const v of deep) expect(Math.abs(v - 120)).toBeLessThanOrEqual(1);
  });

  it('turns CMYK into sRGB', async () => {
    const bytes = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#c81e14' } }).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    const photo = await decode(bytes);
    expect(photo.rgb.length).toBe(16 * 16 * 3);
    const [r, g, b] = pixel(photo, 8, 8) as [number, number, number];
    expect(r).toBeGreaterThan(140);
    expect(Math.max(g, b)).toBeLessThan(90);
  });

  it('lays transparency on white', async () => {
    expect(pixel(await decode(await halves(4, 0).png().toBuffer()), 0, 0)).toEqual([255, 255, 255]);
    expect(pixel(await decode(await halves(4, 255).webp({ lossless: true }).toBuffer()), 0, 0)).toEqual([200, 20, 10]);
  });

  it.each([
    ['a text', Buffer.from('this is no picture')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s with the reason', async (_, bytes) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code: 'image-corrupt', parameters: { reason: expect.stringMatching(/./) as string } });
  });

  it('refuses a JPEG that ends half-way', async () => {
    const whole = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } }).jpeg().toBuffer();
    await expect(decode(whole.subarray(0, whole.length >> 1))).rejects.toMatchObject({ code: 'image-corrupt' });
  });
});
