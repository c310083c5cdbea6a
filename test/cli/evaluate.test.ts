/** `relievo evaluate` on a few simulated photographs: blind, resumable, honest about what was refused. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { evaluateFolder } from '../../src/cli/evaluate.ts';
import { TOOL_PARAMETERS } from '../../src/comparison/index.ts';

const work = mkdtempSync(join(tmpdir(), 'relievo-evaluate-'));
const set = join(work, 'set');
const out = join(work, 'out');
const text = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');
const manifest = (lines: readonly string[]): void => writeFileSync(join(set, 'manifest.csv'), `${lines.join('\n')}\n`);
let labelled: string[];

beforeAll(async () => {
  await simulate({ out: set, designs: 3, tools: 1, photos: 2, seed: 5, sizePx: 420, tiltMaxDeg: 5, rulerShare: 0, grounds: ['grey-card'] });
  await sharp({ create: { width: 400, height: 300, channels: 3, background: '#777' } }).jpeg().toFile(join(set, 'images', 'nothing.jpg'));
  const [head, ...rows] = text(set, 'manifest.csv').trim().split('\n');
  const columns = head!.split(',');
  const empty = columns.map((c) => (c === 'file' ? 'images/nothing.jpg' : c === 'kind' ? 'tablet' : c === 'design_id' ? 'none' : c === 'light' ? 'ring' : '')).join(',');
  labelled = [head!, ...rows, empty];
  manifest(labelled);
  await evaluateFolder(set, out, { title: 'A <small> set' });
}, 60_000);
afterAll(() => rmSync(work, { recursive: true }));

describe('pairs.csv', () => {
  it('has every unordered pair once, scored or with the code of the problem', () => {
    const [head, ...rows] = text(out, 'pairs.csv').trim().split('\n').map((l) => l.split(','));
    expect(head!.join()).toBe('probe,reference,design_score,tool_score,log10_lr_tool,calibration,status');
    expect(rows).toHaveLength(21);
    for (const [probe, reference, score, tool, ratio, calibration, status] of rows as [string, string, string, string, string, string, string][]) {
      expect(calibration).toMatch(ratio === '' ? /^$/ : /^simulated [0-9a-f]{12}$/);
      if (`${probe}${reference}`.includes('nothing')) expect([score, tool, ratio, status]).toEqual(['', '', '', 'face-not-found']);
      else if (status === 'different-design') expect([Number(score) < TOOL_PARAMETERS.sameDesign.value, tool, ratio]).toEqual([true, '0', '']);
      else if (status === 'unsuitable' || status === 'strokes-not-registered') expect([tool, ratio]).toEqual(['0', '']);
      else if (status === 'uncalibrated') expect([Number(tool) >= 0 && tool !== '', ratio]).toEqual([true, '']);
      else expect([Number(score) >= 0 && score !== '', Number(tool) >= 0 && tool !== '', Math.abs(Number(ratio)) < 6 && ratio !== '', status]).toEqual([true, true, true, 'ok']);
    }
  });


  it('is the same when the manifest holds file, kind and scale only: labels never reach the engine', async () => {
    const columns = labelled[0]!.split(',');
    const seen = ['file', 'kind', 'mm_per_px'].map((c) => columns.indexOf(c));
    manifest(labelled.map((line) => seen.map((c) => line.split(',')[c]).join(',')));
    const blind = join(work, 'blind');
    const { designs } = await evaluateFolder(set, blind);
    manifest(labelled);
    expect(text(blind, 'pairs.csv')).toBe(text(out, 'pairs.csv'));
    expect(designs).toEqual([]);
    expect(JSON.parse(text(blind, 'metrics.json'))).toMatchObject({ design: {}, tool: {} });
    expect(text(blind, 'report.html')).toContain('no <code>design_id</code>');
  });
});

describe('a scale that cannot be right', () => {
  it('costs the marks of its photograph, never its design', async () => {
    const scale = labelled[0]!.split(',').indexOf('mm_per_px');
    const wrong = labelled[1]!.split(',').with(scale, '9').join(',');
    manifest(labelled.with(1, wrong));
    const spoilt = join(work, 'spoilt');
    await evaluateFolder(set, spoilt);
    manifest(labelled);
    const file = wrong.split(',')[0]!;
    const of = (folder: string): string[][] => text(folder, 'pairs.csv').trim().split('\n').slice(1).map((l) => l.split(',')).filter((r) => r.includes(file));
    expect(of(spoilt)).toHaveLength(6);
    for (const [k, [, , design, tool, , , status]] of of(spoilt).entries()) {
      const [, , before, , , , was] = of(out)[k]!;
      expect(design).toBe(before);
      expect([tool, status]).toEqual(['', was === 'face-not-found' ? was : 'scale-implausible']);
    }
  });
});

describe('a second run', () => {
  it('takes what is there, also after a kill in the middle of a write', async () => {
    const cache = join(out, 'cache');
    const scores = join(cache, readdirSync(cache).find((name) => name.startsWith('scores-'))!);
    const before = ['pairs.csv', 'metrics.json', 'report.html'].map((name) => text(out, name));
    truncateSync(scores, statSync(scores).size - 5);
    const face = join(cache, 'faces', readdirSync(join(cache, 'faces'))[0]!);
    truncateSync(face, 100);
    await evaluateFolder(set, out, { title: 'A <small> set' });
    expect(['pairs.csv', 'metrics.json', 'report.html'].map((name) => text(out, name))).toEqual(before);
  });
});

describe('metrics.json and report.html', () => {
  it('state counts, refusals and what made them', () => {
    const metrics = JSON.parse(text(out, 'metrics.json'));
    expect(metrics.counts).toMatchObject({ photographs: 7, measured: 6, refused: { 'face-not-found': 1 }, pairs: 21 });
    expect(metrics.design.all.counts).toMatchObject({ faces: 7, probes: 6, matches: 3, nonMatches: 18, unscored: 6 });
    for (const digest of Object.values(metrics.provenance.digests)) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });
  it('are one page that fetches nothing', () => {
    const page = text(out, 'report.html');
    expect(page).toContain('A &lt;small&gt; set');
    expect(page).toContain('No specimen was found');
    const targets = [...page.matchAll(/(?:src|href)="([^"]{0,40})/g)].map(([, to]) => to!);
    expect(targets.filter((to) => !/^(data:image\/webp;base64,|#followed)/.test(to))).toEqual([]);
    expect(page).not.toMatch(/https?:\/\/|url\(|@import|<link|fetch\(/);
  });
  it('follow one pair from photograph to LR, every picture inside the page', () => {
    const page = text(out, 'report.html');
    const articles = page.replace(/(data:image\/webp;base64,)[^"]*/g, '$1').split('<article').slice(1).map((a) => a.split('</article>')[0]!);
    expect(articles.length).toBeGreaterThan(0);
    expect(page).toContain('Nobody picked these pairs; a rule did.');
    const [first] = articles as [string];
    expect([...first.matchAll(/<h4><span>(\d)<\/span>([^<]+)/g)].map(([, n, name]) => `${n} ${name}`)).toEqual([
      '1 The two photographs, as they came', '2 The two faces, cut out, and their light', '3 The logo design', '4 The candidate laid on the probe',
      '5 The fine marks', '6 The map of cells', '7 The tool score, as a sum', '8 From the score to the likelihood ratio',
    ]);
    for (const article of articles) expect(article).not.toMatch(/NaN|undefined|Infinity/);
    // two photographs, two faces, three of the design, two to swipe, four of the marks, one of the cells
    expect(first.match(/<img src="data:image\/webp;base64,/g)).toHaveLength(14);
    expect(first.match(/class="lamp"/g)).toHaveLength(2);
    expect(first).toMatch(/Scale: 0\.\d{4} mm a pixel, told by the manifest \(true one between/);
    expect(first).toContain('Same design is not same tool.');
    expect(first).toMatch(/<input type="range"[^>]*>/);
    expect(page).toContain("classList.add('scripted')");
    const adds = [...first.split('class="sum"')[1]!.matchAll(/<td>(?:<b>)?([+−=]) (\d\.\d{4})/g)].map(([, sign, value]) => (sign === '−' ? -1 : 1) * Number(value));
    expect(adds).toHaveLength(6);
    expect(Math.abs(Math.max(0, adds.slice(0, -1).reduce((sum, part) => sum + part, 0)) - adds.at(-1)!)).toBeLessThan(3e-4);
    expect(first).toMatch(/<dt>H1<\/dt>.*<dt>H2<\/dt>.*<code>[0-9a-f]{64}<\/code>.*SIMULATED|<b>No LR\.<\/b>/s);
  });
});

describe('a manifest', () => {
  it('that names missing files is refused with one entry each', async () => {
    const bad = join(work, 'bad');
    await simulate({ out: bad, designs: 1, tools: 1, photos: 1, seed: 1, sizePx: 300 });
    writeFileSync(join(bad, 'manifest.csv'), 'file,kind\nimages/a.jpg,tablet\nimages/b.jpg,pill\n');
    await expect(evaluateFolder(bad, join(work, 'none'))).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/manifest.csv/1' }, { pointer: '/manifest.csv/2' }] });
  });
});
