/** Tables of profiles brought into a service by the command: what is understood, made, known again, refused. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importProfiles } from '../../src/cli/import-profiles.ts';
import { Client } from '../../src/cli/client.ts';
import { startService, type TestService } from '../api/service.ts';

const RELIEVO = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'relievo-profiles-'));
const SEIZURE = { seizure: '2026-0417', country: 'NL', date: '2026-03-14', kind: 'tablet' } as const;
const TABLE = 'specimen,replicate,batch,diameter_mm,mass_mg,purity\nT-1,1,B1,8.1,270,33\nT-1,2,B1,8.1,271,34\nT-2,1,B1,8.1,29000,0\nT-3,1,B2,9.0,310,<0.5\n';

let service: TestService;
beforeAll(async () => void (service = await startService()));
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

let runs = 0;
const bring = (table: string, more: Partial<Parameters<typeof importProfiles>[0]> = {}) => importProfiles({
  table: Buffer.from(table), client: new Client({ url: service.url, key: service.key, retries: 0 }), panels: [], names: {}, defaults: {}, specimens: {}, dryRun: false, keepGoing: false, concurrency: 1, runKey: `run-${runs++}`, onProgress: () => undefined, ...more,
});
const stored = async (reference: string): Promise<any[]> => {
  const { body } = await service.call('GET', `/v1/specimens?reference=${reference}`);
  return body.items.length === 0 ? [] : (await service.call('GET', `/v1/specimens/${body.items[0].id}/profiles`)).body.items;
};

function relievo(...parameters: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [RELIEVO, ...parameters, '--url', service.url, '--key', service.key, '--quiet'], { env: { ...process.env, RELIEVO_LOG_LEVEL: 'warn' } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => void (out += String(chunk)));
    child.stderr.on('data', (chunk) => void (err += String(chunk)));
    child.once('exit', (code) => resolve({ code, out, err }));
  });
}

describe('an import of profiles', () => {
  it('changes nothing in a dry run, and tells what it would do', async () => {
    const report = await bring(TABLE, { dryRun: true, specimens: SEIZURE });
    expect(report.specimens.map(({ specimen, outcome, profiles }) => [specimen, outcome, profiles])).toEqual([['T-1', 'new', 1], ['T-2', 'new', 1], ['T-3', 'new', 1]]);
    expect(report.preview.columns.map(({ name, role }) => `${name} ${role}`)).toContain('mass_mg analyte');
    expect((await service.call('GET', '/v1/specimens?count=exact')).body.count).toBe(0);
  });

  it('refuses specimens that are not there, unless it is said of which seizure they are', async () => {
    const refused = await bring(TABLE);
    expect(refused.specimens.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
    expect(refused.specimens[0]!.reason).toBe('There is no specimen T-1. To have it made, give --seizure, --country, --date and --kind.');
    expect((await bring('mass_mg\n270\n')).specimens[0]!.reason).toContain('--map specimen=COLUMN');
  });

  it('makes them, keeps what was read, and knows it again when it is run again', async () => {
    const first = await bring(TABLE, { specimens: SEIZURE, defaults: { laboratory: 'NFI' } });
    expect(first.specimens.map(({ outcome, added }) => [outcome, added])).toEqual([['imported', 1], ['imported', 1], ['imported', 1]]);
    const [profile] = await stored('T-1');
    expect(profile).toMatchObject({ batch: 'B1', laboratory: 'NFI', specimenName: 'T-1', replicates: [{ id: '1', readings: { mass: { value: 270 } } }, { id: '2', readings: { mass: { value: 271 } } }] });
    expect((await stored('T-2'))[0].flags.map(({ analyte, reason }: any) => `${analyte} ${reason}`)).toEqual(['mass outside-plausible-range', 'purity nought-beside-values']);
    const again = await bring(TABLE, { specimens: SEIZURE, defaults: { laboratory: 'NFI' } });
    expect(again.specimens.map(({ outcome, added }) => [outcome, added])).toEqual([['known', 0], ['known', 0], ['known', 0]]);
    expect(await stored('T-1')).toHaveLength(1);
  });

  it('makes a specimen of each profile where rows name none', async () => {
    const report = await bring('batch_id,replicate,mass_mg\nQ1,1,270\nQ1,2,271\n', { specimens: SEIZURE });
    expect(report.specimens.map(({ specimen, outcome }) => [specimen, outcome])).toEqual([['Q1/1', 'imported'], ['Q1/2', 'imported']]);
    expect((await stored('Q1%2F2'))[0]).toMatchObject({ batch: 'Q1', replicates: [{ id: '2', readings: { mass: { value: 271 } } }] });
  });

  it('sends nothing of a table with a fault, or the good rows when asked', async () => {
    const bad = 'specimen,mass_mg\nT-1,260\nT-2,33%\n';
    await expect(bring(bad)).rejects.toMatchObject({ code: 'table-invalid', errors: [{ pointer: '/rows/1/mass_mg' }] });
    expect(await stored('T-1')).toHaveLength(1);
    const report = await bring(bad, { keepGoing: true });
    expect(report.specimens).toMatchObject([{ specimen: 'T-1', outcome: 'imported' }]);
    expect(report.preview.faults).toHaveLength(1);
  });

  it('asks which specimen is meant where several seizures have one of that name', async () => {
    await bring('specimen,mass_mg\nT-1,255\n', { specimens: { ...SEIZURE, seizure: '2026-0500' } });
    expect((await bring('specimen,mass_mg\nT-1,256\n')).specimens[0]).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('2 specimens of different seizures are called T-1') });
    expect((await bring('specimen,mass_mg\nT-1,256\n', { specimens: { seizure: '2026-0500' } })).specimens[0]).toMatchObject({ outcome: 'imported' });
  });

  it('resumes where a run was cut off', async () => {
    const table = 'specimen,mass_mg\nR-1,261\nR-2,262\nR-3,263\n';
    let calls = 0;
    const cut = new Client({ url: service.url, key: service.key, retries: 0 });
    const post = cut.post.bind(cut);
    cut.post = (async (path: string, options: object) => {
      if (path.endsWith('/profiles') && ++calls > 1) throw new TypeError('the line is dead');
      return post(path, options);
    }) as typeof cut.post;
    const first = await bring(table, { client: cut, specimens: SEIZURE });
    expect(first.specimens.map(({ outcome }) => outcome)).toEqual(['imported', 'failed', 'failed']);
    expect((await bring(table, { specimens: SEIZURE })).specimens.map(({ outcome }) => outcome)).toEqual(['known', 'imported', 'imported']);
  });
});

describe('relievo import-profiles', () => {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('with a panel of the laboratory\'s own and columns that are named', async () => {
    const panel = file('panel.json', JSON.stringify({ id: 'lab-route', version: 1, title: 'Ours', substance: 'any', analytes: [{ id: 'peak-a', name: 'Peak A', unit: 'area' }, { id: 'peak-b', name: 'Peak B', unit: 'area' }, { id: 'look', name: 'Look', scale: 'category', categories: ['grey', 'white'] }], recipe: 'sum', distance: 'euclid', minimumOverlap: 1, source: 'Validation report' }));
    const table = file('lab.csv', 'Muster;A;peak b;look\nX-1;1,5;n.d.;grey\n');
    const given = ['import-profiles', table, '--panel', panel, '--map', 'specimen=Muster', '--map', 'peak a=A'];
    const make = ['--seizure', 'S', '--country', 'nl', '--date', '2026-01-02', '--kind', 'brick'];
    const dry = await relievo(...given, ...make, '--dry-run');
    expect([dry.code, dry.err]).toEqual([0, '']);
    expect(dry.out).toMatch(/^A +peak-a \(lab-route 1\) +area/m);
    expect(dry.out).toContain('1 specimen: 0 are there, 1 would be made, 0 cannot be imported. Nothing was changed.');
    expect((await service.call('GET', '/v1/panels/lab-route')).status).toBe(404);
    const done = await relievo(...given, ...make);
    expect([done.code, done.err]).toEqual([0, '']);
    expect(done.out).toContain('1 specimen: 1 profile imported, 0 known already; 0 specimens refused, 0 failed.');
    expect((await stored('X-1'))[0]).toMatchObject({ panel: { id: 'lab-route', version: 1 }, replicates: [{ readings: { 'peak-a': { state: 'measured', value: 1.5 }, 'peak-b': { state: 'not-detected' }, 'look': { state: 'category', category: 'grey' } } }] });
    expect((await relievo(...given, ...make)).out).toContain('0 profiles imported, 1 known already');
  });

  it('says what is wrong, and exits with 1 or 2', async () => {
    const faulty = await relievo('import-profiles', file('bad.csv', 'specimen,mass_mg\nT-1,>5\n'));
    expect([faulty.code, faulty.out]).toEqual([1, '']);
    expect(faulty.err).toContain('line 2, column mass_mg');
    const strange = await relievo('import-profiles', file('strange.csv', 'specimen,mass_mg\nnobody,5\n'));
    expect([strange.code, strange.out]).toEqual([2, expect.stringContaining('There is no specimen nobody.')]);
    expect((await relievo('import-profiles', join(folder, 'absent.csv'))).err).toContain('absent.csv cannot be read');
    expect((await relievo('import-profiles', file('a.csv', 'a\n1\n'), '--panel', 'no-such')).err).toContain('no-such is neither a panel of the service nor a file. Its panels are amphetamine-impurities, ');
    expect((await relievo('import-profiles', file('b.csv', 'a\n1\n'), '--map', 'specimen')).err).toContain('write name=column');
  });
});
