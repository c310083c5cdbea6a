/** What `relievo demo` prints and writes, and what it refuses; the run itself is the command `npm run demo`. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EvaluatedPair, evidenceTable } from '../../src/cli/demo/evidence.ts';
import type { Answer } from '../../src/cli/demo/lookup.ts';
import { contactPage } from '../../src/cli/demo/page.ts';
import { crossCountryTable, firstCandidates } from '../../src/cli/demo/report.ts';
import { freshDataFolder, startService } from '../../src/cli/demo/service.ts';
import { readTruth, relationText } from '../../src/cli/demo/truth.ts';
import type { EvaluationView } from '../../src/cli/link.ts';

const folder = mkdtempSync(join(tmpdir(), 'relievo-demo-'));
afterAll(() => rmSync(folder, { recursive: true }));

const truthFile = join(folder, 'truth.csv');
writeFileSync(truthFile, 'seizure_id,other_seizure_id,relation,tool_id,other_tool_id,shared_batch_id\nSZ-1,SZ-2,same-tool,a-T1,a-T1,\nSZ-1,SZ-3,look-alike-design,a-T1,b-T1,B-1\nSZ-1,SZ-5,unrelated,,,B-1\nSZ-4,,stranger,c-T1,,\n');
const truth = readTruth(truthFile);

/** An answer with candidates given as [seizure, country, score]. */
const answer = (seizure: string, country: string, ...found: [string, string, number][]): Answer => ({
  probe: { seizure, seizureId: `sz_${seizure}`, country, seizedOn: '2025-01-01', file: 'x.jpg', faceId: 'fa_1' },
  search: { id: 'se_1', status: 'done', problem: null, probe: { faceId: 'fa_1', specimenId: null, faceIds: ['fa_1'] }, statement: 'Searched 3 of 4 faces.', plan: null },
  candidates: found.map(([reference, itsCountry, designScore], i) => ({
    rank: i + 1, comparisonId: `cm_${i}`, designScore, partial: { logo: designScore, outline: null, size: 0.5 }, face: { id: 'fa_2', lengthMm: null },
    tool: i === 0 ? { outcome: 'compared', toolScore: 0.321, log10Lr: { value: 0.5, simulated: true }, words: 'weak support for one tool over two', uncalibrated: null } : { outcome: 'other-design', toolScore: null, log10Lr: null, words: null, uncalibrated: null },
    specimen: { id: 'sp_1', reference: 'S', kind: 'tablet' }, pictures: [],
    seizure: { id: `sz_${reference}`, country: itsCountry, agency: 'A & B', reference, seizedOn: '2025-02-02', place: null, drugType: 'mdma' },
  })),
});

describe('the truth of the demonstration', () => {
  it('holds in both directions', () => {
    expect(truth.relation('SZ-1', 'SZ-2')).toBe('same-tool');
    expect(truth.relation('SZ-3', 'SZ-1')).toBe('look-alike-design');
  });

  it('calls everything else unrelated', () => {
    expect(truth.relation('SZ-2', 'SZ-3')).toBe('unrelated');
    expect(truth.relation('SZ-4', 'SZ-1')).toBe('unrelated');
    expect(relationText(truth, 'SZ-4', 'SZ-1')).toBe('unrelated');
  });

  it('keeps tool and batch apart', () => {
    expect(truth.sameBatch('SZ-3', 'SZ-1')).toBe(true);
    expect(truth.sameBatch('SZ-1', 'SZ-2')).toBe(false);
    expect(relationText(truth, 'SZ-1', 'SZ-2')).toBe('same tool, other batch');
    expect(relationText(truth, 'SZ-5', 'SZ-1')).toBe('unrelated tools, same batch');
  });
});

describe('the cross-country table', () => {
  it('names a probe once, then its candidates with the truth under its own heading', () => {
    const lines = crossCountryTable([answer('SZ-1', 'NL', ['SZ-3', 'DE', 0.7], ['SZ-2', 'BE', 0.6], ['SZ-4', 'FR', 0.2])], truth, 2).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('TRUTH (simulated)');
    expect(lines[2]).toMatch(/^SZ-1 .*SZ-3 +DE .*0\.700.*look-alike design, same batch$/);
    expect(lines[2]).toMatch(/0\.321 +3\.2 \(SIMULATED\) /);
    expect(lines[3]).toContain('other design');
    expect(lines[3]).toMatch(/^ +2 +SZ-2 +BE .*same tool, other batch$/);
  });

  it('shows a probe without candidates', () => {
    expect(crossCountryTable([answer('SZ-4', 'FR')], truth, 3)).toMatch(/SZ-4.*none/);
  });

  it('counts first candidates only among seizures whose design was seized abroad', () => {
    const answers = [answer('SZ-1', 'NL', ['SZ-2', 'BE', 0.9]), answer('SZ-2', 'BE', ['SZ-3', 'DE', 0.9]), answer('SZ-4', 'FR', ['SZ-1', 'NL', 0.4])];
    expect(firstCandidates(answers, truth)).toMatch(/^1 of 2 seizures .* The other 1 /);
  });

  it('does not count a counterpart at home', () => {
    expect(firstCandidates([answer('SZ-1', 'NL'), answer('SZ-2', 'NL')], truth)).toMatch(/^0 of 0 /);
  });
});

describe('the table of evidence', () => {
  const figure = (value: number | null, bounded = false) => ({ hypotheses: ['one', 'two'] as const, log10Lr: value === null ? null : { value, low: value, high: value, bounded, simulated: true }, words: null, uncalibrated: value === null ? 'none' : null });
  const evaluated = (first: string, second: string, lines: readonly (number | null)[], link: number | null): EvaluatedPair => {
    const [design, tool, batch] = lines.map((value) => figure(value));
    return { first: answer(first, 'NL').probe, second: answer(second, 'BE').probe, evaluation: { lines: { design, tool, batch }, link: figure(link, true) } as unknown as EvaluationView };
  };

  it('has a row for each pair, the strongest link first, with the truth under its own heading', () => {
    const lines = evidenceTable([evaluated('SZ-1', 'SZ-3', [-1, null, 2], null), evaluated('SZ-1', 'SZ-2', [2, 1, -1], 1)], truth).split('\n');
    expect(lines[0]).toContain('TRUTH (simulated)');
    expect(lines[2]).toMatch(/^SZ-1, SZ-2 +NL, BE +100 +10 +1\/10 +10 \(bound\) +same tool, other batch$/);
    expect(lines[3]).toMatch(/^SZ-1, SZ-3 +NL, BE +1\/10 +- +100 +- +look-alike design, same batch$/);
  });

  it('knows which pairs have something in common, and no stranger', () => {
    expect(truth.pairs).toEqual([['SZ-1', 'SZ-2'], ['SZ-1', 'SZ-3'], ['SZ-1', 'SZ-5']]);
  });
});

describe('the contact page', () => {
  it('shows the pictures, says that data are simulated, and escapes what it prints', () => {
    const page = contactPage([{ ...answer('SZ-1', 'NL', ['SZ-2', 'BE', 0.9]), files: { 'side-by-side': 's.png', overlay: 'o.png' } }], truth);
    expect(page).toContain('<img src="s.png"');
    expect(page).toContain('Tool score 0.321; LR of one tool over two 3.2 (SIMULATED): weak support for one tool over two.');
    expect(page).toContain('Simulated data');
    expect(page).toContain('A &amp; B');
    expect(page).toContain('no evidence that one tool made both');
  });
});

describe('the data folder of the demonstration', () => {
  it('is emptied when the demonstration made it, and left alone otherwise', () => {
    const own = join(folder, 'own');
    freshDataFolder(own);
    writeFileSync(join(own, 'old'), 'x');
    freshDataFolder(own);
    expect(existsSync(join(own, 'old'))).toBe(false);
    expect(() => freshDataFolder(folder)).toThrow(/left alone/);
    expect(existsSync(truthFile)).toBe(true);
  });

  it('says why a service did not start', async () => {
    const data = join(folder, 'not-a-folder');
    writeFileSync(data, 'a file');
    await expect(startService(data, join(folder, 'service.log'), new AbortController().signal)).rejects.toThrow(/did not start: it ended with code 1/);
  });
});
