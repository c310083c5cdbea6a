/** Evaluations from end to end: simulated photographs and profiles of the demonstration, the real engine, a real database. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { productionEngine } from '../../src/casework/index.ts';
import { buildProgram } from '../../src/cli/index.ts';
import { type BatchCalibration, type DesignCalibration, LINK_ASSUMPTION, type LinkCalibration, linkRatio } from '../../src/likelihood/index.ts';
import { photoForm, startService, type TestService } from '../api/service.ts';
import { drawnBatches, drawnDesigns, drawnLinks } from './drawn-calibrations.ts';

const OPERATION = new URL('../../fixtures/demonstration/', import.meta.url);
const rowsOf = (name: string): Record<string, string>[] => {
  const [head, ...rows] = readFileSync(new URL(name, OPERATION), 'utf8').trim().split('\n').map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(head!.map((column, k) => [column, row[k]!])));
};
const MANIFEST = rowsOf('manifest.csv');
const [PROFILE_HEAD, ...PROFILES] = readFileSync(new URL('profiles.csv', OPERATION), 'utf8').trim().split('\n');

let service: TestService;
let designs: DesignCalibration;
let batches: BatchCalibration[];
let links: LinkCalibration;
/** Id of every seizure and specimen by its reference. */
const ids: Record<string, string> = {};

async function register(seizure: string): Promise<void> {
  const rows = MANIFEST.filter((row) => row['seizure_id'] === seizure);
  const { country, date, drug_type: drugType } = rows[0]!;
  ids[seizure] = (await service.call('POST', '/v1/seizures', { json: { country, seizedOn: date, drugType, reference: seizure } })).body.id;
  for (const specimen of new Set(rows.map((row) => row['specimen_id']!))) {
    ids[specimen] = await specimenOf(ids[seizure], specimen);
    for (const { file, mm_per_px: mmPerPx } of rows.filter((row) => row['specimen_id'] === specimen)) await attach(ids[specimen], file!, mmPerPx);
    const table = PROFILES.filter((line) => line.split(',')[2] === specimen);
    if (table.length > 0) expect((await service.call('POST', `/v1/specimens/${ids[specimen]}/profiles`, { body: [PROFILE_HEAD, ...table].join('\n'), headers: { 'content-type': 'text/csv' } })).status).toBe(201);
  }
}

const specimenOf = async (seizureId: string, reference: string): Promise<string> => (await service.call('POST', '/v1/specimens', { json: { seizureId, kind: 'tablet', reference } })).body.id;

async function attach(specimenId: string, file: string, mmPerPx?: string): Promise<void> {
  const { status, body } = await service.call('POST', `/v1/specimens/${specimenId}/images`, { body: photoForm(readFileSync(new URL(file, OPERATION)), mmPerPx ? { mmPerPx } : {}, 'image/jpeg'), headers: { prefer: 'wait=60' } });
  expect(status, JSON.stringify(body)).toBe(201);
}

/** Of two seizures or specimens by their references. */
async function evaluate(first: string, second: string): Promise<any> {
  const [one, other] = [first, second].map((name) => (name.includes('/') ? { specimenId: ids[name] } : { seizureId: ids[name] }));
  const { status, body } = await service.call('POST', '/v1/evaluations', { json: { first: one, second: other }, headers: { prefer: 'wait=60' } });
  expect(status, JSON.stringify(body)).toBe(201);
  expect(body.evaluation.status, JSON.stringify(body.job)).toBe('done');
  expect((await service.call('GET', `/v1/evaluations/${body.evaluation.id}`)).body).toEqual(body.evaluation);
  return body.evaluation;
}

const folder = mkdtempSync(join(tmpdir(), 'relievo-evaluations-'));
/** In the one folder: started again, it is the same service with the same key. */
const start = (key?: string, change: { readonly designCalibration?: DesignCalibration; readonly linkCalibration?: LinkCalibration } = {}): Promise<TestService> =>
  startService({ engine: productionEngine, folder, ...(key !== undefined && { key }), calibrations: { designCalibration: designs, batchCalibrations: batches, linkCalibration: links, ...change } });

beforeAll(async () => {
  designs = drawnDesigns();
  batches = await drawnBatches('mdma', ['mdma-impurities', 'cutting-agents']);
  links = await drawnLinks(designs, batches);
  service = await start();
  // SZ-06 has one tablet of SZ-02's tool and batch and one of another design; SZ-08 has its tool only, SZ-01 its batch only, SZ-03 neither.
  for (const seizure of ['SZ-01', 'SZ-02', 'SZ-03', 'SZ-06', 'SZ-08']) await register(seizure);
}, 240_000);
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('two seizures', () => {
  it('with a tool and a batch in common have three lines that say so, each of its own', async () => {
    const { lines, link, statement, first, second, provenance } = await evaluate('SZ-02', 'SZ-06');
    expect(statement).toBe('Compared 2 of 2 specimens (3 faces, 6 profiles) with 2 of 2 specimens (3 faces, 6 profiles). There is an LR of one design of 9 of 9 pairs of faces, of one tool of 3 of 9 pairs of faces, of one batch of 4 of 4 pairs of specimens.');
    expect([first.compared.specimenIds, second.compared.specimenIds]).toEqual([[ids['SZ-02/1/1'], ids['SZ-02/1/2']], [ids['SZ-06/1/1'], ids['SZ-06/2/1']]]);
    for (const [name, hypotheses] of [['design', ['one design', 'two designs']], ['tool', ['one tool', 'two tools with this design']], ['batch', ['one batch', 'two batches']]] as const) {
      const line = lines[name];
      expect(line.hypotheses).toEqual(hypotheses);
      expect(line.log10Lr).toMatchObject({ simulated: true });
      expect(line.log10Lr.value).toBeGreaterThan(1);
      expect(line.log10Lr.low).toBeLessThanOrEqual(line.log10Lr.value);
      expect(line.log10Lr.high).toBeGreaterThanOrEqual(line.log10Lr.value);
      expect(line.words).toMatch(new RegExp(`support for ${hypotheses[0]} over`));
      expect(line.calibrations[0].text).toContain('SIMULATED');
      expect(line.groups.second.map((group: string[]) => group.length).sort()).toEqual(name === 'batch' ? [1, 1] : [1, 2]);
      expect(line.loudest.log10Lr).toBeGreaterThan(line.log10Lr.value);
    }
    expect(lines.tool.pairs.without).toEqual([{ reason: 'their designs differ', pairs: 6 }]);
    // the pair that speaks loudest is of the specimen that shares them
    expect(lines.batch.loudest.second).toBe(ids['SZ-06/2/1']);
    expect((await service.call('GET', `/v1/faces/${lines.tool.loudest.second}`)).body.specimenId).toBe(ids['SZ-06/2/1']);
    expect(lines.batch.panels.map((panel: any) => [panel.panel, panel.log10Lr !== null, panel.uncalibrated])).toEqual([
      ['cutting-agents', true, null], ['mdma-impurities', true, null], ['tablet-measurements', false, 'no calibration of batches of panel tablet-measurements is loaded'],
    ]);
    expect(link).toMatchObject({ assumption: LINK_ASSUMPTION, missing: [], calibration: { id: links.id, simulated: true } });
    // by specimens: one of SZ-06 shares all with both of SZ-02, the other nothing
    expect(link.groups).toEqual({ first: [[ids['SZ-02/1/1'], ids['SZ-02/1/2']]], second: [[ids['SZ-06/1/1']], [ids['SZ-06/2/1']]] });
    expect(link.log10Lr.value).toBeGreaterThan(1);
    expect(link.log10Lr.value).toBeLessThanOrEqual(links.bounds.link.high);
    expect(provenance.parameters).toMatchObject({ designCalibration: designs.id, linkCalibration: links.id, 'batchCalibration:mdma-impurities': batches[0]!.id, calibration: service.casework.calibration.id });
  }, 60_000);

  it('have pictures of the faces that speak loudest for one design and for one tool, and none where no faces do', async () => {
    const { id, pictures } = await evaluate('SZ-02', 'SZ-06');
    expect(pictures.map(({ line, key }: any) => `${line} ${key}`)).toEqual(expect.arrayContaining(['design overlay', 'tool tool-aligned', 'tool tool-cells']));
    for (const { url } of pictures) {
      const answer = await fetch(`${service.url}${url}`, { headers: { authorization: `Bearer ${service.key}` } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
      expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width).toBeGreaterThan(200);
    }
    expect((await service.call('GET', `/v1/evaluations/${id}/pictures/tool/no-such`)).body).toMatchObject({ status: 404, code: 'not-found' });
    const batchOnly = await evaluate('SZ-01', 'SZ-02');
    expect(batchOnly.pictures.map(({ line }: any) => line)).not.toContain('tool');
    expect((await service.call('GET', `/v1/evaluations/${batchOnly.id}/pictures/tool/tool-cells`)).status).toBe(404);
  }, 60_000);

  it('say of tool and batch apart what they share and what not', async () => {
    const toolOnly = await evaluate('SZ-02', 'SZ-08');
    expect(toolOnly.lines.tool.log10Lr.value).toBeGreaterThan(0.5);
    expect(toolOnly.lines.batch.log10Lr.value).toBeLessThan(-0.5);
    const batchOnly = await evaluate('SZ-01', 'SZ-02');
    expect(batchOnly.lines.design.log10Lr.value).toBeLessThan(-0.5);
    expect(batchOnly.lines.tool).toMatchObject({ log10Lr: null, words: null, uncalibrated: 'their designs differ', loudest: null });
    expect(batchOnly.lines.batch.log10Lr.value).toBeGreaterThan(1);
    expect(batchOnly.link.missing).toEqual([{ line: 'tool', reason: 'their designs differ' }]);
    const neither = await evaluate('SZ-02', 'SZ-03');
    expect(neither.link.log10Lr.value).toBeLessThan(-0.5);
    for (const { link } of [toolOnly, batchOnly]) expect(link.log10Lr.value).toBeGreaterThan(neither.link.log10Lr.value + 1);
  }, 60_000);
});

describe('whichever side stands first', () => {
  const turnedRound = ({ log10Lr, pairs, groups }: any): object => ({ value: log10Lr?.value.toFixed(9), low: log10Lr?.low.toFixed(9), high: log10Lr?.high.toFixed(9), bounded: log10Lr?.bounded, pairs, groups: groups && { first: groups.second, second: groups.first } });
  const straight = ({ log10Lr, pairs, groups }: any): object => ({ value: log10Lr?.value.toFixed(9), low: log10Lr?.low.toFixed(9), high: log10Lr?.high.toFixed(9), bounded: log10Lr?.bounded, pairs, groups });

  it.each([['SZ-02', 'SZ-06'], ['SZ-02', 'SZ-08'], ['SZ-01', 'SZ-02'], ['SZ-02', 'SZ-03'], ['SZ-02/1/1', 'SZ-06/2/1'], ['SZ-02/1/1', 'SZ-08']])('%s and %s have the same LRs', async (first, second) => {
    const [one, other] = [await evaluate(first, second), await evaluate(second, first)];
    for (const line of ['design', 'tool', 'batch']) expect(turnedRound(other.lines[line]), line).toEqual(straight(one.lines[line]));
    expect(turnedRound(other.link)).toEqual(straight(one.link));
  }, 60_000);
});

describe('two specimens', () => {
  it('have a link by their three lines, and of one seizure none', async () => {
    const apart = await evaluate('SZ-02/1/1', 'SZ-06/2/1');
    const { low, high } = links.bounds.link;
    const raw = linkRatio({ design: apart.lines.design.log10Lr.value, tool: apart.lines.tool.log10Lr.value, batch: apart.lines.batch.log10Lr.value }, links.states);
    expect(apart.link).toMatchObject({ log10Lr: { value: Math.min(high, Math.max(low, raw)) }, uncalibrated: null, groups: { first: [[ids['SZ-02/1/1']]], second: [[ids['SZ-06/2/1']]] } });
    expect(apart.lines.batch.pairs).toEqual({ of: 1, evaluated: 1, without: [] });
    const together = await evaluate('SZ-02/1/1', 'SZ-02/1/2');
    expect(together.lines.tool.log10Lr.value).toBeGreaterThan(0.5);
    expect(together.link).toMatchObject({ log10Lr: null, uncalibrated: 'both are of one seizure, and the counts of the calibration are of pairs of two' });
  }, 60_000);

  it('have the pictures of their loudest pair of tools where a search compared it', async () => {
    const before = await evaluate('SZ-02/1/2', 'SZ-06/2/1');
    expect(before.lines.tool.loudest.comparisonUrl).toBeNull();
    const { body } = await service.call('POST', '/v1/searches', { json: { probe: { faceId: before.lines.tool.loudest.second } }, headers: { prefer: 'wait=60' } });
    const { items } = (await service.call('GET', body.search.candidatesUrl)).body;
    const found = items.find((candidate: any) => candidate.face.id === before.lines.tool.loudest.first);
    const after = await evaluate('SZ-02/1/2', 'SZ-06/2/1');
    expect(after.lines.tool.loudest.comparisonUrl).toBe(found.comparisonUrl);
    expect((await service.call('GET', `${found.comparisonUrl}/explanation`)).body.pictures.length).toBeGreaterThan(5);
  }, 60_000);

  it('that one photograph shows say nothing of each other by it', async () => {
    ids['SZ-03/copy'] = await specimenOf(ids['SZ-03']!, 'copy');
    const { file } = MANIFEST.find((row) => row['specimen_id'] === 'SZ-02/1/1')!;
    await attach(ids['SZ-03/copy'], file!);
    const { lines } = await evaluate('SZ-02/1/1', 'SZ-03/copy');
    for (const name of ['design', 'tool']) expect(lines[name].pairs.without).toContainEqual({ reason: 'both faces are of one photograph', pairs: 1 });
    expect(lines.batch).toMatchObject({ log10Lr: null, uncalibrated: 'the two sides have no panel in common' });
  }, 60_000);
});

describe('specimens with control samples alone', () => {
  it('have nothing to compare', async () => {
    const [columns, sample] = [PROFILE_HEAD!, PROFILES[0]!].map((line) => line.split(','));
    for (const name of ['control 1', 'control 2']) {
      const { body: seizure } = await service.call('POST', '/v1/seizures', { json: { country: 'DK', seizedOn: '2026-01-01', reference: name } });
      ids[name] = await specimenOf(seizure.id, name);
      const body = `${[...columns!, 'control'].join(',')}\n${[...sample!.with(2, name), 'yes'].join(',')}`;
      expect((await service.call('POST', `/v1/specimens/${ids[name]}/profiles`, { body, headers: { 'content-type': 'text/csv' } })).status).toBe(201);
    }
    const { status, body } = await service.call('POST', '/v1/evaluations', { json: { first: { specimenId: ids['control 1'] }, second: { specimenId: ids['control 2'] } } });
    expect([status, body.code, body.reason]).toEqual([422, 'nothing-to-compare', 'the first has no faces and no profiles, the second no faces and no profiles']);
  });
});

describe('a search for links', () => {
  const search = async (request: object): Promise<{ search: any; items: any[] }> => {
    const { status, body } = await service.call('POST', '/v1/link-searches', { json: request, headers: { prefer: 'wait=60' } });
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body.search.status, JSON.stringify(body.job)).toBe('done');
    return { search: body.search, items: (await service.call('GET', body.search.candidatesUrl)).body.items };
  };

  it('brings together what faces and profiles find, compares all of it, and says which found it', async () => {
    const { search: done, items } = await search({ probe: { specimenId: ids['SZ-06/2/1'] }, limit: 50 });
    expect(done.plan).toMatchObject({ depth: 50, ofOwnSeizure: 1 });
    expect(done.plan.evaluated).toBe(items.length);
    expect(done.plan.searches.map(({ by, refused }: any) => [by, refused !== null])).toEqual([['surface', false], ['profile:cutting-agents', false], ['profile:mdma-impurities', false], ['profile:tablet-measurements', true]]);
    expect(done.statement).toMatch(/^Searched with 3 faces and profiles of the probe \(surface \d+ of \d+, profile:cutting-agents \d+ of \d+, profile:mdma-impurities \d+ of \d+\), each for its 50 nearest specimens\. Found \d+ specimens, 1 of the probe's own seizure left out; all of the \d+ others were compared with the probe in full\. Not searched by profile:tablet-measurements \(pr_\w+\): Profiles cannot be compared this way\./);
    const of = (reference: string): any => items.find(({ specimen }) => specimen.reference === reference);
    expect(items.some(({ specimen }) => specimen.reference.startsWith('SZ-06'))).toBe(false);
    // a tool, a batch, and both in common; each as an evaluation of the pair has it
    const [tool, batch, both] = [of('SZ-08/1/1'), of('SZ-01/1/1'), of('SZ-02/1/1')];
    expect([tool.lines.batch.log10Lr.value < 0, batch.lines.tool.log10Lr, both.lines.tool.log10Lr.value > 0.5, both.lines.batch.log10Lr.value > 1]).toEqual([true, null, true, true]);
    expect(batch.foundBy.map(({ by }: any) => by)).toContain('profile:mdma-impurities');
    const pair = await evaluate('SZ-06/2/1', 'SZ-02/1/1');
    expect(both).toMatchObject({ lines: pair.lines, link: pair.link, countryName: 'Belgium' });
    // in the order of the LR of a link, then of the design score
    expect(items.map(({ rank }) => rank)).toEqual(items.map((_, k) => k + 1));
    const keys = items.map(({ link, designScore }) => [link.log10Lr.value, designScore ?? -1]);
    expect(keys).toEqual([...keys].sort(([a, c], [b, d]) => b - a || d - c));
    expect(items.slice(0, 2).map(({ seizure }) => seizure.reference).every((reference) => ['SZ-02', 'SZ-08'].includes(reference))).toBe(true);
    expect(items.at(-1).seizure.reference).toBe('SZ-03');
    expect(done.provenance.parameters).toMatchObject({ linkCalibration: links.id, linkSearch: expect.any(String), profileSearch: expect.any(String) });
  }, 60_000);

  it('finds by powder what no face finds, and keeps to scope and filter', async () => {
    const { items } = await search({ probe: { specimenId: ids['SZ-02/1/2'] }, filter: { countries: ['NL'] }, scope: 'other-countries' });
    expect(new Set(items.map(({ seizure }) => seizure.country))).toEqual(new Set(['NL']));
    const { body } = await service.call('POST', '/v1/specimens', { json: { seizureId: ids['SZ-03'], kind: 'tablet', reference: 'powder only' } });
    const table = PROFILES.find((line) => line.split(',')[2] === 'SZ-02/1/1')!.replace('SZ-02/1/1', 'powder only');
    await service.call('POST', `/v1/specimens/${body.id}/profiles`, { body: `${PROFILE_HEAD}\n${table}`, headers: { 'content-type': 'text/csv' } });
    const found = (await search({ probe: { specimenId: ids['SZ-02/1/2'] } })).items.find(({ specimen }) => specimen.id === body.id);
    expect(found.foundBy.every(({ by }: any) => by.startsWith('profile:'))).toBe(true);
    expect(found).toMatchObject({ designScore: null, link: { missing: [{ line: 'design' }, { line: 'tool' }] } });
    expect(found.link.log10Lr.value).toBeGreaterThan(0);
  }, 60_000);
});

describe('the commands', () => {
  const printed = async (command: 'link' | 'search-links', ...parameters: string[]): Promise<string> => {
    const written: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    await buildProgram({ startService: async () => undefined }, 'test').parseAsync(['node', 'relievo', command, ...parameters, '--url', service.url, '--key', service.key]).finally(() => write.mockRestore());
    return written.join('');
  };

  it('print three lines and the link, with what they rest on', async () => {
    const text = await printed('link', ids['SZ-02']!, ids['SZ-06']!);
    expect(text).toMatch(/^seizure SZ-02 \(sz_\w+\) and seizure SZ-06 \(sz_\w+\)\nCompared 2 of 2 specimens/);
    for (const line of ['design', 'tool', 'batch', '  mdma-impurities', 'link']) expect(text).toMatch(new RegExp(`^${line} .* SIMULATED .*support for the first`, 'm'));
    expect(text).toMatch(/^  tablet-measurements .*none: no calibration of batches of panel tablet-measurements is loaded/m);
    expect(text).toMatch(/^batch: groups of one source among themselves 2 and 1 \+ 1; loudest pair sp_\w+ and sp_\w+, LR \d+\.$/m);
    expect(text).toContain(`Link: ${LINK_ASSUMPTION}`);
    for (const { id } of [designs, links, ...batches]) expect(text).toContain(`Calibration ${id.slice(0, 12)} `);
    expect(text).not.toMatch(/\d ?%/);
    const pictures = join(folder, 'pictures');
    expect(await printed('link', ids['SZ-02']!, ids['SZ-06']!, '--pictures', pictures)).toContain('10 pictures are in');
    expect(readdirSync(pictures)).toEqual(expect.arrayContaining(['design-overlay.png', 'tool-tool-cells.png']));
    const json = JSON.parse(await printed('link', ids['SZ-01/1/1']!, ids['SZ-02']!, '--json'));
    expect(json).toMatchObject({ status: 'done', first: { specimenId: ids['SZ-01/1/1'] }, second: { seizureId: ids['SZ-02'] }, link: { assumption: LINK_ASSUMPTION } });
  }, 60_000);

  it('print the candidates of a search for links', async () => {
    const text = await printed('search-links', ids['SZ-06/2/1']!, '--limit', '3');
    expect(text.split('\n')[2]).toMatch(/^ *1 +(BE Belgium|ES Spain) +SZ-0[28] .* SIM +0\.\d{3} +surface \d+, profile:cutting-agents \d+, profile:mdma-impurities \d+$/);
    expect(text).toContain(LINK_ASSUMPTION);
    expect(text).toMatch(/all of the \d+ others were compared with the probe in full/);
    expect(JSON.parse(await printed('search-links', ids['SZ-06/2/1']!, '--limit', '2', '--json')).candidates).toHaveLength(2);
    await expect(printed('search-links', ids['SZ-02']!)).rejects.toMatchObject({ code: 'invalid-request' });
  }, 60_000);

  it('refuse what is no id, and say why the service refuses a pair', async () => {
    await expect(printed('link', 'SZ-02', ids['SZ-06']!)).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/first' }] });
    await expect(printed('link', ids['SZ-02']!, ids['SZ-02']!)).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/second' }] });
  });
});

describe('a seizure of many specimens', () => {
  it('is compared by those registered first, and says how many there are', async () => {
    const { body: seizure } = await service.call('POST', '/v1/seizures', { json: { country: 'CZ', seizedOn: '2026-01-01' } });
    ids['many'] = seizure.id;
    const table = PROFILES.find((line) => line.split(',')[2] === 'SZ-02/1/1')!;
    const made: string[] = [];
    for (let k = 0; k < 62; k++) {
      made.push(await specimenOf(seizure.id, `T${k}`));
      await service.call('POST', `/v1/specimens/${made[k]}/profiles`, { body: `${PROFILE_HEAD}\n${table.replace('SZ-02/1/1', `T${k}`)}`, headers: { 'content-type': 'text/csv' } });
    }
    const { lines, statement, second } = await evaluate('SZ-02', 'many');
    expect(statement).toContain('with 60 of 62 specimens (0 faces, 180 profiles)');
    expect(second.compared).toMatchObject({ of: 62, specimenIds: made.slice(0, 60) });
    expect(lines.batch.groups.second.map((group: string[]) => group.length)).toEqual([60]);
    expect(lines.batch.pairs).toMatchObject({ of: 120, evaluated: 120 });
    expect(lines.design).toMatchObject({ log10Lr: null, uncalibrated: 'there is nothing to compare on one side or on both' });
  }, 120_000);
});

describe('with other calibrations', () => {
  it('of designs, or of links, there is no LR of a link, and why; an answer that was given stays', async () => {
    const given = await evaluate('SZ-02', 'SZ-08');
    const others = { designCalibration: drawnDesigns('brick'), linkCalibration: await drawnLinks({ id: '0'.repeat(64) }, batches) };
    await service.stop();
    service = await start(service.key, others);
    const { lines, link } = await evaluate('SZ-02', 'SZ-08');
    expect(lines.design.uncalibrated).toBe('the calibration is of bricks');
    expect(lines.tool.log10Lr.value).toBeGreaterThan(0.5);
    expect(link).toMatchObject({ missing: [{ line: 'design' }], calibration: { id: others.linkCalibration.id } });
    expect((await service.call('GET', `/v1/evaluations/${given.id}`)).body).toEqual(given);
    await service.stop();
    service = await start(service.key, { linkCalibration: others.linkCalibration });
    expect((await evaluate('SZ-02', 'SZ-08')).link).toMatchObject({ log10Lr: null, uncalibrated: 'the calibration of links is made of other calibrations of: design', calibration: { id: others.linkCalibration.id } });
  }, 120_000);
});
