/** Looks at a file that claims to be a photograph: what it is, within which limits, and whether it decodes to its end. */
import { open } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { problem, type Problem } from '../domain/index.ts';
import { exifRecord, type ExifRecord } from './exif.ts';
import type { IntakeLimits } from './limits.ts';
import { checkDeclared, isAnimatedPng, sniff, type ImageType } from './sniff.ts';

export interface Inspection {
  readonly type: ImageType;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Bits a channel. */
  readonly bitDepth: 8 | 16;
  /** EXIF orientation as stored, 1 (upright) .. 8. */
  readonly orientation: number;
  readonly exif: ExifRecord | null;
}

/**
 * 1 type, 2 header, 3 limits, 4 one frame, 5 a full decode. Steps 1-4 read the header only, so a bomb is refused
 * before a pixel of it is unpacked; decoding runs off the main thread.
 * @throws Problem image-type-unsupported, image-type-mismatch, image-too-large, image-animated, image-corrupt
 */
export async function inspect(path: string, declared: string | undefined, limits: IntakeLimits): Promise<Inspection> {
  // 1
  const type = await typeOf(path, declared);
  // 2
  const header = await readHeader(path);
  // 3
  const { width, height } = withinLimits(header, limits);
  // 4
  oneFrame(header);
  const bitDepth = bitDepthOf(header);
  // 5
  await decodes(path, limits);
  const orientation = header.orientation ?? 1;
  const turned = orientation >= 5;
  return { type, width: turned ? height : width, height: turned ? width : height, bitDepth, orientation, exif: exifRecord(header.exif, limits.keepGps) };
}

async function typeOf(path: string, declared: string | undefined): Promise<ImageType> {
  const file = await open(path, 'r');
  try {
    const head = new Uint8Array(64);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const { type, found } = sniff(head.subarray(0, bytesRead));
    if (!type) throw problem('image-type-unsupported', { found });
    checkDeclared(declared, type);
    if (type === 'image/png' && (await isAnimatedPng(file))) throw problem('image-animated', { found: 'several' });
    return type;
  } finally {
    await file.close();
  }
}

async function readHeader(path: string): Promise<Metadata> {
  try {
    return await sharp(path, { failOn: 'error', limitInputPixels: false }).metadata();
  } catch (error) {
    throw corrupt(error, path);
  }
}

function withinLimits({ width, height, pageHeight }: Metadata, limits: IntakeLimits): { width: number; height: number } {
  const tall = pageHeight ?? height;
  if (!width || !tall) throw problem('image-corrupt', { reason: 'it has no width or height' });
  if (Math.max(width, tall) > limits.maxSidePx) throw problem('image-too-large', { limit: `${limits.maxSidePx} px a side`, found: `${width} x ${tall} px` });
  if (width * tall > limits.maxPixels) throw problem('image-too-large', { limit: `${limits.maxPixels / 1e6} megapixels`, found: `${width} x ${tall} px` });
  return { width, height: tall };
}

function oneFrame({ pages }: Metadata): void {
  if (pages !== undefined && pages > 1) throw problem('image-animated', { found: pages });
}

function bitDepthOf({ depth, format }: Metadata): 8 | 16 {
  if (depth === 'uchar') return 8;
  if (depth === 'ushort') return 16;
  throw problem('image-type-unsupported', { found: `${format ?? 'an image'} with ${depth ?? 'unknown'} samples (8 and 16 bit are read)` });
}

/**
 * Remarks of the decoders about files that whole and healthy cameras and programs write. Every other remark is a
 * refusal: libjpeg and libtiff only remark on a missing end or a damaged block, and paint it grey.
 */
const HARMLESS = /^(VipsJpeg: )?(Invalid SOS parameters for sequential JPEG|Corrupt JPEG data: \d+ extraneous bytes before marker 0xd9|Unknown Adobe color transform code|Warning: unknown JFIF revision|.*[Uu]nknown field with tag|Warning treated as error due to failOn setting|error in tile)/;

/** Every byte of the image data goes through the decoder; the small picture it makes is not kept. */
async function decodes(path: string, limits: IntakeLimits): Promise<void> {
  const decode = async (failOn: 'warning' | 'error'): Promise<unknown> => sharp(path, { failOn, limitInputPixels: limits.maxPixels, sequentialRead: true })
    .timeout({ seconds: limits.decodeTimeoutSeconds })
    .resize(64, 64, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  try {
    await decode('warning');
  } catch (remark) {
    if (!linesOf(remark).every((line) => HARMLESS.test(line))) throw corrupt(remark, path);
    await decode('error').catch((error: unknown) => {
      throw corrupt(error, path);
    });
  }
}

const linesOf = (error: unknown): string[] => (error instanceof Error ? error.message : String(error)).split('\n').map((line) => line.trim()).filter(Boolean);

/** The decoder's own words, without the path of the temporary file. */
function corrupt(error: unknown, path: string): Problem {
  const said = linesOf(error).filter((line) => !line.startsWith('Warning treated as error'));
  return problem('image-corrupt', { reason: (said[0] ?? 'nothing').replaceAll(path, 'the file').slice(0, 200) });
}
