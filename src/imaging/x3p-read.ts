/**
 * X3P (ISO 25178-72) -> surface.
 *
 * 1. archive    a zip; only the parts that main.xml needs are unpacked, none larger than a surface may be
 * 2. document   main.xml: axes, size, metadata
 * 3. checksum   of the heights, and of main.xml where the file states it; what was changed is refused
 * 4. heights    in metres; what was not measured is NaN
 */
import { createHash } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { unzipSync } from 'fflate';
import { type Problem, problem } from '../domain/index.ts';
import type { Surface, SurfaceRecord } from './surface.ts';

const MAX_HEIGHTS = 40_000_000;
const MAX_DOCUMENT = 4_000_000;
const MAX_PARTS = 1000;
/** No instrument of toolmarks scans more finely or more coarsely, in metres, nor with steps of such different size. */
const [LEAST_STEP, LARGEST_STEP, STEP_RATIO] = [1e-9, 1e-3, 10];

type Node = { readonly [name: string]: unknown };

const STORED = { I: { bytes: 2, read: (v: DataView, at: number) => v.getInt16(at, true) }, L: { bytes: 4, read: (v: DataView, at: number) => v.getInt32(at, true) }, F: { bytes: 4, read: (v: DataView, at: number) => v.getFloat32(at, true) }, D: { bytes: 8, read: (v: DataView, at: number) => v.getFloat64(at, true) } } as const;

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
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
  const xml = part('main.xml', MAX_DOCUMENT);
  const document = parse(xml);
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
  for (const { increment } of [x, y]) if (!(increment >= LEAST_STEP && increment <= LARGEST_STEP)) throw corrupt(`a step of the grid is ${increment} m, ${LEAST_STEP} to ${LARGEST_STEP} can be`);
  if (Math.max(x.increment, y.increment) > STEP_RATIO * Math.min(x.increment, y.increment)) throw corrupt('the steps along rows and columns differ more than tenfold');
  if (isTurned(axes)) throw problem('surface-unsupported', { found: 'a grid in a turned frame (Axes/Rotation)' });
  if (width * height > MAX_HEIGHTS) throw problem('surface-too-large', { found: width * height, limit: MAX_HEIGHTS });
  const link = child(matrix, 'DataLink');
  const name = text(link, 'PointDataLink');
  if (!name) throw problem('surface-unsupported', { found: 'heights inside main.xml' });
  const data = part(name, MAX_HEIGHTS * 8);
  // 3 checksum
  const stated = text(link, 'MD5ChecksumPointData');
  if (stated && md5(data) !== stated.toLowerCase()) throw corrupt('its heights do not have the checksum that it states');
  const own = checksumOf(document, part);
  if (own && own !== md5(xml)) throw corrupt('main.xml does not have the checksum that the file states');
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

/** The unpacker goes through as many parts as the archive says it has, so that this is looked at first. */
function countParts(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 65_535); at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const parts = view.getUint16(at + 10, true);
    if (parts > MAX_PARTS || view.getUint32(at + 16, true) === 0xffffffff) throw corrupt(`its archive says it has ${parts} parts or more`);
    return;
  }
  throw corrupt('it is no zip archive, or cut');
}

/** True for a frame that is not the grid's own: it would turn or mirror the surface. */
function isTurned(axes: Node): boolean {
  const rotation = axes['Rotation'];
  if (typeof rotation !== 'object' || rotation === null) return false;
  return Object.entries(rotation as Node).some(([name, value]) => Number(value) !== (/^r(\d)\1$/.test(name) ? 1 : 0));
}

/** Unpacks one part by its name, whatever the case and the slashes. */
function archive(bytes: Uint8Array): (name: string, limit: number) => Uint8Array {
  countParts(bytes);
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
  if (!Object.hasOwn(STORED, stored)) throw corrupt(`${name} has the unknown data type ${stored}`);
  const [increment, offset] = [Number(text(node, 'Increment') ?? (absolute ? 1 : Number.NaN)), Number(text(node, 'Offset') ?? 0)];
  if (!Number.isFinite(increment) || !Number.isFinite(offset)) throw corrupt(`${name} has no increment`);
  return { absolute, stored: stored as Axis['stored'], increment, offset };
}

/** The checksum of main.xml, where the file has one. */
function checksumOf(document: Node, part: (name: string, limit: number) => Uint8Array): string | undefined {
  const name = document['Record4'] === undefined ? undefined : text(child(document, 'Record4'), 'ChecksumFile');
  if (!name) return undefined;
  try {
    return /^[0-9a-f]{32}/i.exec(new TextDecoder().decode(part(name, MAX_DOCUMENT)))?.[0]?.toLowerCase();
  } catch {
    return undefined; // named, and not there: many writers leave it out
  }
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
