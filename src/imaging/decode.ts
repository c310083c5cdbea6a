/** Bytes of a JPEG, PNG, TIFF or WebP file -> upright 8-bit sRGB pixels. */
import sharp from 'sharp';
import { problem } from '../domain/index.ts';
import type { Photograph } from './types.ts';

/** Limit on width * height, checked before decoding. */
const MAX_PIXELS = 100_000_000;

/**
 * Decodes a photograph: EXIF orientation applied, embedded colour profile and CMYK turned into sRGB,
 * 16 bit reduced to 8, grey spread over three channels, transparency laid on white as a viewer shows it.
 * @throws image-corrupt with the decoder's reason
 */
export async function decode(bytes: Uint8Array): Promise<Photograph> {
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true, pages: 1 })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`decoding gave ${info.channels} channels`);
    return { width: info.width, height: info.height, rgb: data };
  } catch (error) {
    throw problem('image-corrupt', { reason: (error instanceof Error ? error.message : String(error)).split('\n')[0]! });
  }
}
