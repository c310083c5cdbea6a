/** What the bytes themselves say they are; names and declared types are only compared with it. */
import type { FileHandle } from 'node:fs/promises';
import { problem } from '../domain/index.ts';

/** The types Relievo seals. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/tiff' | 'image/webp';

export interface Sniffed {
  /** undefined: not one of the types that are read. */
  readonly type: ImageType | undefined;
  /** In words, for a message. */
  readonly found: string;
}

const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));

const OTHERS: readonly [name: string, test: (b: Uint8Array) => boolean][] = [
  ['a GIF', (b) => ascii(b, 0, 4) === 'GIF8'],
  ['a BMP', (b) => ascii(b, 0, 2) === 'BM'],
  ['a PDF', (b) => ascii(b, 0, 5) === '%PDF-'],
  ['a HEIF or AVIF file', (b) => ascii(b, 4, 8) === 'ftyp' && /^(hei|hev|mif|msf|avi)/.test(ascii(b, 8, 11))],
  ['a video', (b) => ascii(b, 4, 8) === 'ftyp'],
  ['JPEG 2000', (b) => ascii(b, 4, 8) === 'jP  '],
  ['a ZIP archive', (b) => ascii(b, 0, 4) === 'PK\u0003\u0004'],
  ['SVG, HTML or XML', (b) => /^\s*</.test(ascii(b, 0, 64))],
];

/** @param head the first 64 bytes of the file, fewer when it is shorter */
export function sniff(head: Uint8Array): Sniffed {
  if (head.length === 0) return { type: undefined, found: 'nothing (0 bytes)' };
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return { type: 'image/jpeg', found: 'image/jpeg' };
  if (ascii(head, 0, 8) === '\u0089PNG\r\n\u001a\n') return { type: 'image/png', found: 'image/png' };
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return { type: 'image/webp', found: 'image/webp' };
  // Plain TIFF is version 42, BigTIFF version 43, each in both byte orders.
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(ascii(head, 0, 4))) return { type: 'image/tiff', found: 'image/tiff' };
  return { type: undefined, found: OTHERS.find(([, test]) => test(head))?.[0] ?? 'no image' };
}

const ALIASES: Readonly<Record<string, ImageType>> = { 'image/jpg': 'image/jpeg', 'image/pjpeg': 'image/jpeg', 'image/x-png': 'image/png', 'image/tif': 'image/tiff', 'image/x-tiff': 'image/tiff' };

/** @throws Problem image-type-mismatch when a type is declared and it is another than the bytes' own */
export function checkDeclared(declared: string | undefined, found: ImageType): void {
  const stated = declaredMediaType(declared);
  if (stated !== undefined && stated !== found) throw problem('image-type-mismatch', { found, declared: stated.slice(0, 100) });
}

/** A declared media type in its one spelling; undefined when it declares nothing (absent, or "some bytes"). */
export function declaredMediaType(declared: string | undefined): string | undefined {
  const bare = declared?.replace(/;.*$/s, '').trim().toLowerCase();
  if (!bare || bare === 'application/octet-stream' || bare === 'binary/octet-stream') return undefined;
  return ALIASES[bare] ?? bare;
}

/**
 * Whether a PNG is animated: an `acTL` chunk before the first `IDAT` (PNG third edition, 11.3.6).
 * Walks the chunk headers only.
 */
export async function isAnimatedPng(file: FileHandle): Promise<boolean> {
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  for (let at = 8, chunks = 0; chunks < 1_000; chunks++) {
    const { bytesRead } = await file.read(header, 0, 8, at);
    if (bytesRead < 8) return false;
    const name = ascii(header, 4, 8);
    if (name === 'acTL') return true;
    if (name === 'IDAT' || name === 'IEND') return false;
    at += 12 + view.getUint32(0);
  }
  return false;
}
