/**
 * X3P (ISO 25178-72) -> surface.
 *
 * 1. archive    a zip; only the parts that main.xml needs are unpacked, none larger than a surface may be
 * 2. document   main.xml: axes, size, metadata
 * 3. checksum   of the heights; a file whose heights were changed is refused
 * 4. heights    in metres; what was not measured is NaN
 */
import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { unzipSync } from 'fflate';
import { type Problem, problem } from '../domain/index.ts';
import type { Surface, SurfaceRecord } from './surface.ts';

const MAX_HEIGHTS = 40_000_000;
const MAX_DOCUMENT = 4_000_000;

type Node = { readonly [name: string]: unknown };

const STORED = { I: { bytes: 2, read: (v: DataView, at: number) => v.getInt16(at, true) }, L: { bytes: 4, read: (v: DataView, at: number) => v.getInt32(at, true) }, F: { bytes: 4, read: (v: DataView, at: number) => v.getFloat32(at, true) }, D: { bytes: 8, read: (v: DataView, at: number) => v.getFloat64(at, true) } } as const;

const corrupt = (reason: string): Problem => problem('surface-corrupt', { reason });

/** True for the bytes of a zip archive, which an X3P file is. */
export const looksLikeX3p = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/**
 * @throws Problem surface-corrupt for what is no X3P file, is cut or was changed
 * @throws Problem surface-unsupported for profiles, point clouds and layers
 * @throws Problem surface-too-large
 */
export function readX3p(bytes: Uint8Array): Surface {
  // 1 archive
  const part = archive(bytes);
  // 2 document
  const document = parse(part('main.xml', MAX_DOCUMENT));
  const [axes, matrix] = [child(child(document, 'Record1'), 'Axes'), child(document, 'Record3')];
  const size = matrix['MatrixDimension'] === undefined ? undefined : child(matrix, 'MatrixDimension');
  if (!size) throw problem('surface-unsupported', { found: 'a list of points' });
  const [x, y, z] = [axis(axes, 'CX'), axis(axes, 'CY'), axis(axes, 'CZ')];
  const [width, height, layers] = [whole(size, 'SizeX'), whole(size, 'SizeY'), whole(size, 'SizeZ')];
  const featureType = text(child(document, 'Record1'), 'FeatureType') ?? 'SUR';
  if (featureType === 'PCL') throw problem('surface-unsupported', { found: 'a list of points' });
  if (featureType === 'PRF' || width < 2 || height < 2) throw problem('surface-unsupported', { found: 'a profile' });
  if (layers !== 1) throw problem('surface-unsupported', { found: `${layers} layers` });
  if (x.absolute || y.absolute) throw problem('surface-unsupported', { found: 'a grid of uneven steps' });
  if (!(x.increment > 0) || !(y.increment > 0)) throw corrupt('the steps of the grid are not above 0');
  if (width * height > MAX_HEIGHTS) throw problem('surface-too-large', { found: width * height, limit: MAX_HEIGHTS });
  const link = child(matrix, 'DataLink');
  const name = text(link, 'PointDataLink');
  if (!name) throw problem('surface-unsupported', { found: 'heights inside main.xml' });
  const data = part(name, MAX_HEIGHTS * 8);
  // 3 checksum
  const stated = text(link, 'MD5ChecksumPointData');
  if (stated && createHash('md5').update(data).digest('hex') !== stated.toLowerCase()) throw corrupt('its heights do not have the checksum that it states');
  // 4 heights
  const { bytes: each, read } = STORED[z.stored];
  if (data.byteLength !== width * height * each) throw corrupt(`${width} x ${height} heights take ${width * height * each} bytes, it holds ${data.byteLength}`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const valid = text(link, 'ValidPointsLink');
  const known = valid ? part(valid, MAX_HEIGHTS / 8 + 1) : undefined;
  if (known && known.length * 8 < width * height) throw corrupt('its list of valid points is too short');
  const plain = z.increment === 1 && z.offset === 0; // keeps even the sign of 0
  const heightsM = Float64Array.from({ length: width * height }, (_, i) => (known && !((known[i >> 3]! >> (i & 7)) & 1) ? Number.NaN : plain ? read(view, i * each) : read(view, i * each) * z.increment + z.offset));
  for (let i = 0; i < heightsM.length; i++) if (!Number.isFinite(heightsM[i]!)) heightsM[i] = Number.NaN;
  return { width, height, stepXM: x.increment, stepYM: y.increment, offsetXM: x.offset, offsetYM: y.offset, heightsM, precision: z.stored === 'F' && z.increment === 1 && z.offset === 0 ? 'single' : 'double', record: recordOf(document, featureType) };
}

/** Unpacks one part by its name, whatever the case and the slashes. */
function archive(bytes: Uint8Array): (name: string, limit: number) => Uint8Array {
  return (name, limit) => {
    const wanted = name.replaceAll('\\', '/').replace(/^\.?\//, '').toLowerCase();
    const found: Uint8Array[] = [];
    let size = -1;
    try {
      const parts = unzipSync(bytes, {
        filter: (entry) => {
          if (entry.name.replaceAll('\\', '/').toLowerCase() !== wanted) return false;
          size = entry.originalSize;
          return size <= limit;
        },
      });
      found.push(...Object.values(parts));
    } catch (error) {
      throw corrupt(error instanceof Error ? error.message : String(error));
    }
    if (size > limit) throw problem('surface-too-large', { found: Math.round(size / 8), limit: MAX_HEIGHTS });
    if (found.length !== 1 || found[0]!.length !== size) throw corrupt(`it has no ${wanted}, or a damaged one`);
    return found[0]!;
  };
}

function parse(bytes: Uint8Array): Node {
  const xml = new TextDecoder().decode(bytes);
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw corrupt('main.xml declares entities');
  let parsed: Node;
  try {
    parsed = new XMLParser({ removeNSPrefix: true, parseTagValue: false, ignoreAttributes: true }).parse(xml, true) as Node;
  } catch (error) {
    throw corrupt(`main.xml: ${error instanceof Error ? error.message : String(error)}`);
  }
  return child(parsed, 'ISO5436_2');
}

function child(node: Node, name: string): Node {
  const found = node[name];
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw corrupt(`main.xml has no single ${name}`);
  return found as Node;
}

const text = (node: Node, name: string): string | undefined => (typeof node[name] === 'string' ? node[name] : undefined);

function whole(node: Node, name: string): number {
  const value = Number(text(node, name));
  if (!Number.isInteger(value) || value < 1) throw corrupt(`${name} is no whole number above 0`);
  return value;
}

interface Axis {
  readonly absolute: boolean;
  readonly stored: keyof typeof STORED;
  readonly increment: number;
  readonly offset: number;
}

/** An absolute axis may leave its increment out: it is 1. */
function axis(axes: Node, name: string): Axis {
  const node = child(axes, name);
  const absolute = text(node, 'AxisType') === 'A';
  const stored = text(node, 'DataType') ?? 'D';
  if (!(stored in STORED)) throw corrupt(`${name} has the unknown data type ${stored}`);
  const [increment, offset] = [Number(text(node, 'Increment') ?? (absolute ? 1 : Number.NaN)), Number(text(node, 'Offset') ?? 0)];
  if (!Number.isFinite(increment) || !Number.isFinite(offset)) throw corrupt(`${name} has no increment`);
  return { absolute, stored: stored as Axis['stored'], increment, offset };
}

/** Metadata that a writer left out becomes an empty text, as the standard has no word for unknown. */
function recordOf(document: Node, featureType: string): SurfaceRecord {
  const optional = (node: unknown): Node => (typeof node === 'object' && node !== null && !Array.isArray(node) ? (node as Node) : {});
  const about = optional(document['Record2']);
  const [instrument, probing] = [optional(about['Instrument']), optional(about['ProbingSystem'])];
  const of = (node: Node, name: string): string => text(node, name) ?? '';
  return {
    featureType,
    revision: of(optional(document['Record1']), 'Revision'),
    date: of(about, 'Date'),
    creator: text(about, 'Creator') ?? null,
    comment: text(about, 'Comment') ?? null,
    calibrationDate: of(about, 'CalibrationDate'),
    instrument: { manufacturer: of(instrument, 'Manufacturer'), model: of(instrument, 'Model'), serial: of(instrument, 'Serial'), version: of(instrument, 'Version') },
    probing: { type: of(probing, 'Type'), identification: of(probing, 'Identification') },
  };
}
