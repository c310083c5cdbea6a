/** X3P files: read, written, and what is refused. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { asProblem } from '../../src/domain/index.ts';
import { looksLikeX3p, readX3p, type Surface, turnedOver, writeX3p } from '../../src/imaging/index.ts';

const record = {
  featureType: 'SUR', revision: 'ISO5436 - 2000', date: '2026-01-02T03:04:05', creator: 'A & B <lab>', comment: null, calibrationDate: '2025-01-01T00:00:00',
  instrument: { manufacturer: 'Maker', model: 'M-1', serial: '007', version: '1.10' }, probing: { type: 'NonContacting', identification: '10x "blue"' },
};
const surface = (heights: readonly number[], width: number, precision: Surface['precision'] = 'double'): Surface => ({ width, height: heights.length / width, stepXM: 6.25e-6, stepYM: 8.74789e-7, offsetXM: 0, offsetYM: 1e-9, heightsM: Float64Array.from(heights), precision, record });
const SMALL = surface([1e-6, Number.NaN, -2e-6, 3e-6, 4e-7, 5e-9], 3);

const parts = (bytes: Uint8Array): Record<string, Uint8Array> => unzipSync(bytes);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
/** The small surface's file with its document changed, and heights where others are given. */
function changed(edit: (xml: string) => string, data?: Uint8Array, more: Record<string, Uint8Array> = {}): Uint8Array {
  const p = parts(writeX3p(SMALL));
  const heights = data ?? p['bindata/data.bin']!;
  const xml = edit(text(p['main.xml']!)).replace(/(<MD5ChecksumPointData>)[^<]*/, `$1${createHash('md5').update(heights).digest('hex')}`);
  return zipSync({ 'main.xml': new TextEncoder().encode(xml), 'bindata/data.bin': heights, ...more });
}
function refusal(bytes: Uint8Array): { code: string; detail: string } {
  try {
    readX3p(bytes);
  } catch (thrown) {
    const { code, detail } = asProblem(thrown);
    return { code, detail };
  }
  throw new Error('it was read');
}

describe('X3P', () => {
  it('gives back the surface and its metadata to the bit', () => {
    expect(looksLikeX3p(writeX3p(SMALL))).toBe(true);
    expect(readX3p(writeX3p(SMALL))).toEqual(SMALL);
    const single = surface([Math.fround(1.1e-6), Number.NaN, Math.fround(-7e-3), 0], 2, 'single');
    expect(readX3p(writeX3p(single))).toEqual(single);
    const height = fc.oneof(fc.double({ min: -1e-2, max: 1e-2, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(fc.property(fc.array(height, { minLength: 4, maxLength: 40 }).map((h) => h.slice(0, h.length - (h.length % 2))), (heights) => {
      const s = surface(heights, heights.length / 2);
      expect(readX3p(writeX3p(s))).toEqual(s);
    }));
  });

  it('writes the same bytes for the same surface', () => {
    expect(Buffer.compare(writeX3p(SMALL), writeX3p(SMALL))).toBe(0);
  });

  it('scales whole numbers, and leaves out what a list of valid points leaves out', () => {
    const data = new Uint8Array(new Int16Array([100, 200, -300, 4, 5, 6]).buffer);
    const file = changed((xml) => xml.replace(/<CZ>.*?<\/CZ>/s, '<CZ><AxisType>A</AxisType><DataType>I</DataType><Increment>1e-9</Increment><Offset>1e-6</Offset></CZ>').replace('</PointDataLink>', '</PointDataLink><ValidPointsLink>bindata/valid.bin</ValidPointsLink>'), data, { 'bindata/valid.bin': Uint8Array.of(0b111101) });
    expect([...readX3p(file).heightsM].map((v) => (Number.isNaN(v) ? null : Number((v * 1e9).toFixed(6))))).toEqual([1100, null, 700, 1004, 1005, 1006]);
  });

  it('turns over: negated, mirrored, both, and back', () => {
    expect([...turnedOver(SMALL, true, false).heightsM]).toEqual([-1e-6, Number.NaN, 2e-6, -3e-6, -4e-7, -5e-9]);
    expect([...turnedOver(SMALL, false, true).heightsM]).toEqual([-2e-6, Number.NaN, 1e-6, 5e-9, 4e-7, 3e-6]);
    expect(turnedOver(turnedOver(SMALL, true, true), true, true)).toEqual(SMALL);
  });

  it.each([
    ['no zip', Uint8Array.of(1, 2, 3), 'surface-corrupt', ''],
    ['a zip of something else', zipSync({ 'a.txt': Uint8Array.of(1) }), 'surface-corrupt', 'no main.xml'],
    ['a cut file', writeX3p(SMALL).subarray(0, 200), 'surface-corrupt', ''],
    ['no XML', changed(() => 'x'), 'surface-corrupt', 'main.xml'],
    ['entities', changed((xml) => xml.replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>')), 'surface-corrupt', 'entities'],
    ['a size that the heights have not', changed((xml) => xml.replace('<SizeX>3', '<SizeX>4')), 'surface-corrupt', 'take'],
    ['a huge size', changed((xml) => xml.replace('<SizeX>3', '<SizeX>300000').replace('<SizeY>2', '<SizeY>300000')), 'surface-too-large', ''],
    ['no step', changed((xml) => xml.replace('6.25e-6', '0').replace('0.00000625', '0')), 'surface-corrupt', 'step of the grid is 0'],
    ['a step no instrument has', changed((xml) => xml.replace(/<Increment>[^<]*/, '<Increment>1e300')), 'surface-corrupt', 'step of the grid'],
    ['steps that differ too much', changed((xml) => xml.replace(/<Increment>[^<]*/, '<Increment>1e-4')), 'surface-corrupt', 'tenfold'],
    ['a mirrored frame', changed((xml) => xml.replace('</Axes>', '<Rotation><r11>-1</r11><r12>0</r12><r13>0</r13><r21>0</r21><r22>1</r22><r23>0</r23><r31>0</r31><r32>0</r32><r33>1</r33></Rotation></Axes>')), 'surface-unsupported', 'Rotation'],
    ['a step that is no number', changed((xml) => xml.replace(/<Increment>[^<]*/, '<Increment>wide')), 'surface-corrupt', 'increment'],
    ['several layers', changed((xml) => xml.replace('<SizeZ>1', '<SizeZ>2')), 'surface-unsupported', '2 layers'],
    ['a profile', changed((xml) => xml.replace('>SUR<', '>PRF<')), 'surface-unsupported', 'a profile'],
    ['points', changed((xml) => xml.replace(/<MatrixDimension>.*<\/MatrixDimension>/s, '<ListDimension>6</ListDimension>')), 'surface-unsupported', 'a list of points'],
    ['an uneven grid', changed((xml) => xml.replace('<AxisType>I', '<AxisType>A')), 'surface-unsupported', 'uneven'],
    ['an unknown number', changed((xml) => xml.replaceAll('<DataType>D', '<DataType>Q')), 'surface-corrupt', 'data type'],
    ['a link to nothing', changed((xml) => xml.replace('bindata/data.bin', '../../etc/passwd')), 'surface-corrupt', 'etc/passwd'],
  ])('refuses %s with what to do', (_, bytes, code, words) => {
    expect(refusal(bytes)).toMatchObject({ code, detail: expect.stringContaining(words) });
  });

  it('reads a frame that is the grid\'s own', () => {
    expect(readX3p(changed((xml) => xml.replace('</Axes>', '<Rotation><r11>1</r11><r12>0</r12><r21>0</r21><r22>1.0</r22><r33>1</r33></Rotation></Axes>')))).toEqual(SMALL);
  });

  it('refuses a document that was changed after it was written, and an archive that claims endless parts', () => {
    const p = parts(writeX3p(SMALL));
    p['main.xml'] = new TextEncoder().encode(text(p['main.xml']!).replace('<Model>M-1', '<Model>M-2'));
    expect(refusal(zipSync(p))).toMatchObject({ code: 'surface-corrupt', detail: expect.stringContaining('main.xml does not have the checksum') });
    const endless = writeX3p(SMALL);
    new DataView(endless.buffer).setUint16(endless.length - 12, 0xffff, true);
    expect(refusal(endless)).toMatchObject({ code: 'surface-corrupt', detail: expect.stringContaining('parts') });
  });

  it('refuses heights that were changed after they were written', () => {
    const p = parts(writeX3p(SMALL));
    p['bindata/data.bin']![3]! ^= 1;
    expect(refusal(zipSync(p))).toMatchObject({ code: 'surface-corrupt', detail: expect.stringContaining('checksum') });
  });
});
