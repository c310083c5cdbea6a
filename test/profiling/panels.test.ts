/** Bundled panels hold to what a laboratory's own must, and a bad one is refused with everything that is wrong with it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/domain/index.ts';
import { DISTANCES, findPanel, panelDigest, PANELS, readPanel, settingsFor, TREATMENT_STEPS, vectorAnalytes, type Panel } from '../../src/profiling/index.ts';
import { isCas } from '../../src/profiling/panels/cas.ts';

const refusal = (work: () => unknown): Problem => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const OWN = {
  id: 'lab-cocaine', version: 3, title: 'Our cocaine method', substance: 'cocaine',
  analytes: [
    { id: 'cocaine', name: 'Cocaine', unit: 'area' },
    { id: 'tropacocaine', name: 'Tropacocaine', unit: 'area', cas: '537-26-8', synonyms: ['TC'], stability: 0.8 },
    { id: 'unknown-7-41', name: 'Unknown at 7.41 min', unit: 'peak area' },
  ],
  mainPeak: 'cocaine', recipe: 'main-peak-fourth-root', distance: 'cosine', minimumOverlap: 2,
  methodFamilies: [{ id: 'gc-fid', title: 'GC-FID' }], source: 'Our validation report',
};

describe('bundled panels', () => {
  it('are all there', () => {
    expect(new Set(PANELS.map(({ substance }) => substance))).toEqual(new Set(['amphetamine', 'mdma', 'cocaine', 'heroin', 'captagon', 'any', 'tablet', 'brick']));
    expect(PANELS).toHaveLength(11);
  });

  it.each(PANELS.map((panel) => [panel.id, panel] as const))('%s is read like a laboratory\'s own, and stays what it is', (_, panel) => {
    expect(readPanel(JSON.stringify(panel), [])).toEqual(panel);
  });

  it('name CAS numbers whose check digits are right', () => {
    const numbers = PANELS.flatMap(({ analytes }) => analytes.flatMap(({ cas }) => (cas === undefined ? [] : [cas])));
    expect(numbers.length).toBeGreaterThan(60);
    expect(numbers.filter((cas) => !isCas(cas))).toEqual([]);
  });

  it('give one substance one CAS number, and one CAS number one id', () => {
    const pairs = PANELS.flatMap(({ analytes }) => analytes.flatMap(({ id, cas }) => (cas === undefined ? [] : [[id, cas] as const])));
    expect(new Map(pairs).size).toBe(new Set(pairs.map((pair) => pair.join())).size);
    expect(new Map(pairs.map(([id, cas]) => [cas, id])).size).toBe(new Set(pairs.map((pair) => pair.join())).size);
  });

  it('give less weight to what degrades', () => {
    const cocaine = findPanel({ id: 'cocaine-alkaloids' })!;
    const light = cocaine.analytes.filter(({ stability }) => stability < 1).map(({ id }) => id);
    expect(light).toEqual(['cis-cinnamoylcocaine', 'trans-cinnamoylcocaine', 'ecgonine', 'ecgonine-methyl-ester', 'benzoylecgonine']);
  });

  it('keep the main peak and words out of the vector', () => {
    expect(vectorAnalytes(findPanel({ id: 'heroin-alkaloids' })!).map(({ id }) => id)).not.toContain('heroin');
    expect(vectorAnalytes(findPanel({ id: 'tablet-measurements' })!).map(({ id }) => id)).not.toContain('coating');
  });
});

describe('CAS numbers', () => {
  it.each(['50-36-3', '50-63-2', '5036-2', '050-36-2', '50-36-22', ''])('"%s" is none', (text) => {
    expect(isCas(text)).toBe(false);
  });
});

describe('a laboratory\'s own panel', () => {
  it('is read, and found by its newest version', () => {
    const panel = readPanel(JSON.stringify(OWN));
    expect(panel).toMatchObject({ id: 'lab-cocaine', version: 3, kind: 'chemical' });
    expect(panel.analytes[2]).toEqual({ id: 'unknown-7-41', name: 'Unknown at 7.41 min', synonyms: [], scale: 'amount', unit: 'area', stability: 1 });
    const newer = readPanel({ ...OWN, version: 4 }, [...PANELS, panel]);
    expect(findPanel({ id: 'lab-cocaine' }, [newer, panel])).toBe(newer);
    expect(findPanel({ id: 'lab-cocaine', version: 3 }, [newer, panel])).toBe(panel);
    expect(findPanel({ id: 'lab-cocaine', version: 5 }, [newer, panel])).toBeUndefined();
    expect(settingsFor(panel).recipe.id).toBe('main-peak-fourth-root');
  });

  it('is refused with every failure at once', () => {
    const { code, errors } = refusal(() => readPanel({ ...OWN, id: 'Lab Cocaine', version: 1.5, colour: 'red', recipe: 'magic', source: ' ', analytes: [{ id: 'a', name: 'A', unit: 'lb' }, { id: 'b', name: 'B', unit: 'mm', stability: 0, cas: '50-36-3' }] }));
    expect(code).toBe('panel-invalid');
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/analytes/0/unit', '/analytes/1/cas', '/analytes/1/stability', '/colour', '/id', '/recipe', '/source', '/version']);
  });

  it('is refused when its parts do not fit', () => {
    const { errors } = refusal(() => readPanel({
      ...OWN, mainPeak: 'heroin', internalStandard: 'shape', minimumOverlap: 9, methodFamilies: [...OWN.methodFamilies, ...OWN.methodFamilies],
      analytes: [...OWN.analytes, { id: 'tc', name: 'Another' }, { id: 'shape', name: 'Shape', scale: 'category', unit: 'mm' }, { id: 'delta', name: 'Delta', scale: 'interval', unit: 'permille' }],
    }));
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/analytes/3/id', '/analytes/3/unit', '/analytes/4/categories', '/analytes/4/unit', '/internalStandard', '/mainPeak', '/methodFamilies', '/minimumOverlap', '/recipe']);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"id": ', ''],
    ['no object', '[]', ''],
    ['a bundled id and version', { ...OWN, id: 'mdma-impurities', version: 1 }, '/version'],
    ['only a main peak', { ...OWN, analytes: OWN.analytes.slice(0, 1), minimumOverlap: 1 }, '/analytes'],
    ['a recipe without its internal standard', { ...OWN, recipe: 'internal-standard-log' }, '/recipe'],
    ['a plausible range the wrong way round', { ...OWN, analytes: [{ id: 'a', name: 'A', unit: 'mm', plausible: [3, 1] }] }, '/analytes/0/plausible'],
  ])('%s is refused', (_, json, pointer) => {
    const { code, errors } = refusal(() => readPanel(json));
    expect(code).toBe('panel-invalid');
    expect(errors.map((error) => error.pointer)).toContain(pointer);
  });
});

describe('the digest of a panel', () => {
  const panel = readPanel(OWN);
  it('changes with what a comparison sees of it, and not with words', () => {
    const changed = (change: Partial<Panel>): string => panelDigest({ ...panel, ...change });
    expect(changed({ title: 'Other', source: 'Other' })).toBe(panelDigest(panel));
    const [first, ...others] = panel.analytes;
    const digests = [{ version: 4 }, { minimumOverlap: 1 }, { analytes: others }, { analytes: [{ ...first!, stability: 0.5 }, ...others] }, { methodFamilies: [] }].map(changed);
    expect(new Set([panelDigest(panel), ...digests]).size).toBe(6);
  });
});

describe('docs/profiles.md', () => {
  const page = readFileSync(new URL('../../docs/profiles.md', import.meta.url), 'utf8');

  it('lists the bundled panels as they are', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` (\d+) \| (\d+)[^|]*\| `([a-z-]+)`, `([a-z-]+)` \| (\d+) \| ([a-z-, ]+) \|$/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(PANELS.map((panel) => [panel.id, String(panel.version), String(vectorAnalytes(panel).length), panel.recipe, panel.distance, String(panel.minimumOverlap), panel.methodFamilies.map(({ id }) => id).join(', ') || 'any']));
  });

  it('shows a panel that is read, and names every step and distance', () => {
    expect(readPanel(/```json\n([\s\S]+?)```/.exec(page)![1]).id).toBe('lab-heroin');
    for (const step of Object.keys(TREATMENT_STEPS)) expect(page).toContain(`\`${step}\``);
    for (const { id } of DISTANCES) expect(page).toContain(`| \`${id}\` |`);
  });
});
