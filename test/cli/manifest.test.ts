import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/cli/import/manifest.ts';
import { exitCodeOf, importReport, reportText } from '../../src/cli/import/report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relievo-manifest-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const read = (text: string, defaults = {}) => {
  writeFileSync(join(folder, 'manifest.csv'), text);
  return readManifest(folder, defaults);
};
const HEAD = 'file,kind,face,specimen_id,seizure_id,country,date,mm_per_px,bbox_x\n';

describe('a manifest', () => {
  it('is read as the simulator and laboratories write it: mark, quotes, other columns, empty cells', () => {
    const { entries, faults } = read(`\ufeff${HEAD}"images/a, b.jpg",tablet,obverse,SP1,S-1,NL,2026-03-14,0.023,12\r\n\r\nc.png,brick,,,S-1,NL,2026-03-14,,\r\n`);
    expect(faults).toEqual([]);
    expect(entries).toMatchObject([
      { file: 'images/a, b.jpg', path: join(folder, 'images/a, b.jpg'), kind: 'tablet', side: 'obverse', specimen: 'SP1', mmPerPx: 0.023, seizure: { reference: 'S-1', country: 'NL', seizedOn: '2026-03-14' } },
      { file: 'c.png', kind: 'brick', specimen: 'c.png' },
    ]);
    expect(entries[1].side).toBeUndefined();
    expect(entries[1].mmPerPx).toBeUndefined();
    expect(entries[0].seizure).toBe(entries[1].seizure);
  });

  it('may leave to the command what is the same for all', () => {
    const { entries, faults } = read('file,kind\na.jpg,tablet\n', { country: 'CZ', date: '2025-12-31', seizure: 'X', kind: 'brick' });
    expect(faults).toEqual([]);
    expect(entries).toMatchObject([{ kind: 'tablet', seizure: { reference: 'X', country: 'CZ', seizedOn: '2025-12-31' } }]);
  });

  it.each([
    ['no seizure', 'a.jpg,tablet,,,,NL,2026-03-14,,', /seizure_id is missing/],
    ['no country', 'a.jpg,tablet,,,S,,2026-03-14,,', /country is missing/],
    ['no such country', 'a.jpg,tablet,,,S,XX,2026-03-14,,', /XX.*ISO 3166/],
    ['no such day', 'a.jpg,tablet,,,S,NL,2026-13-40,,', /date is "2026-13-40"/],
    ['another kind', 'a.jpg,pill,,,S,NL,2026-03-14,,', /kind is "pill"/],
    ['another face', 'a.jpg,tablet,top,,S,NL,2026-03-14,,', /face is "top"/],
    ['no scale', 'a.jpg,tablet,,,S,NL,2026-03-14,wide,', /mm_per_px is "wide"/],
    ['no file', ',tablet,,,S,NL,2026-03-14,,', /names no file/],
    ['a file outside the folder', '../../etc/passwd,tablet,,,S,NL,2026-03-14,,', /outside/],
  ])('has a fault, and goes on after it: %s', (_, line, reason) => {
    const { entries, faults } = read(`${HEAD}${line}\nb.jpg,tablet,,,S2,NL,2026-03-14,,\n`);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ line: 2, reason: expect.stringMatching(reason) });
    expect(entries.map(({ file }) => file)).toEqual(['b.jpg']);
  });

  it('contradicts itself: one seizure on two days, one file in two seizures', () => {
    const { faults } = read(`${HEAD}a.jpg,tablet,,,S,NL,2026-03-14,,\nb.jpg,tablet,,,S,NL,2026-03-15,,\na.jpg,tablet,,,T,NL,2026-03-14,,\n`);
    expect(faults.map(({ line }) => line)).toEqual([3, 4]);
  });

  it('names one photograph of several specimens in several lines', () => {
    const { entries } = read(`${HEAD}a.jpg,tablet,,P1,S,NL,2026-03-14,,\na.jpg,tablet,,P2,S,NL,2026-03-14,,\na.jpg,tablet,,P3,S,NL,2026-03-14,,\n`);
    expect(entries).toMatchObject([{ file: 'a.jpg', specimen: 'P1', specimens: 3 }]);
  });

  it('is missing, has no column for files, or is no CSV', () => {
    expect(() => readManifest(folder)).toThrow(/no manifest.csv/);
    expect(() => read('name,kind\na.jpg,tablet\n')).toThrow(/no column "file"/);
    expect(() => read('file,kind\n"a.jpg,tablet\n')).toThrow(/is not a CSV file/);
  });
});

describe('the report of an import', () => {
  const problem = { code: 'image-corrupt', title: 'The image cannot be decoded', detail: 'Export it again.' };
  const report = importReport('/photos', 'http://x', false, [
    { file: 'a.jpg', outcome: 'imported', faces: 1 },
    { file: 'b.jpg', outcome: 'refused', problem },
    { file: 'c.jpg', outcome: 'failed', reason: 'no such file' },
  ]);

  it('names what needs a look, and everything when asked', () => {
    expect(reportText(report, false)).toBe('refused   b.jpg  The image cannot be decoded. Export it again.\nfailed    c.jpg  no such file\n3 files: 1 imported, 0 known already, 1 refused, 1 failed.');
    expect(reportText(report, true)).toContain('imported  a.jpg  1 face');
  });

  it('tells by its exit code whether to run it again', () => {
    expect(exitCodeOf(report)).toBe(1);
    expect(exitCodeOf(importReport('', '', false, report.files.slice(0, 2)))).toBe(2);
    expect(exitCodeOf(importReport('', '', false, report.files.slice(0, 1)))).toBe(0);
  });
});
