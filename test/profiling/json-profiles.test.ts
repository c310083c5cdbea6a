/** Profiles as JSON, as the API receives them. */
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/domain/index.ts';
import { readProfiles } from '../../src/profiling/index.ts';

const PROFILE = { id: 'p1', panel: { id: 'tablet-measurements' }, replicates: [{ id: '1', readings: { Mass: 271, purity: '<0.5', diameter: null, coating: 'Film', thickness: { state: 'measured', value: 3.8, loq: 0.1 }, width: 'n.d.' } }] };

function failures(json: unknown): readonly string[] {
  try {
    readProfiles(json);
  } catch (error) {
    if (error instanceof Problem && error.code === 'profile-invalid') return error.errors.map(({ pointer }) => pointer).sort();
    throw error;
  }
  return [];
}

describe('profiles as JSON', () => {
  it('name analytes by any name, and write readings like cells', () => {
    expect(readProfiles([PROFILE])).toEqual([{
      id: 'p1', panel: { id: 'tablet-measurements', version: 1 }, control: false,
      replicates: [{ id: '1', readings: {
        mass: { state: 'measured', value: 271 }, purity: { state: 'not-detected', lod: 0.5 }, coating: { state: 'category', category: 'film' },
        thickness: { state: 'measured', value: 3.8, loq: 0.1 }, width: { state: 'not-detected' },
      } }],
    }]);
  });

  it('are refused for their shape with every failure', () => {
    expect(failures([{ ...PROFILE, date: '14.03.2026', colour: 'red', replicates: [] }, { ...PROFILE, id: '', control: 'yes' }])).toEqual(['/0/colour', '/0/date', '/0/replicates', '/1/control', '/1/id']);
    expect(failures([])).toEqual(['']);
    expect(failures({ ...PROFILE })).toEqual(['']);
  });

  it('are refused for what their panel does not know, with every failure', () => {
    const readings = { mass: 'heavy', weight: 3, magic: 1, coating: 'gold', purity: { state: 'category', category: 'film' }, shape: 3 };
    expect(failures([
      PROFILE, PROFILE, { ...PROFILE, id: 'p2', panel: { id: 'magic' } }, { ...PROFILE, id: 'p3', panel: { id: 'tablet-measurements', version: 9 } },
      { ...PROFILE, id: 'p4', replicates: [{ id: '1', readings }, { id: '1', readings: {} }] },
      { id: 'p5', panel: { id: 'heroin-alkaloids' }, methodFamily: 'nose', replicates: [{ id: '1', readings: { noscapine: '1,5' } }] },
    ])).toEqual(['/1/id', '/2/panel', '/3/panel', '/4/replicates/0/readings/coating', '/4/replicates/0/readings/magic', '/4/replicates/0/readings/mass', '/4/replicates/0/readings/purity', '/4/replicates/0/readings/shape', '/4/replicates/1/id', '/5/methodFamily', '/5/replicates/0/readings/noscapine']);
    expect(failures([{ ...PROFILE, replicates: [{ id: '1', readings: { mass: 1, weight: 3 } }] }])).toEqual(['/0/replicates/0/readings/weight']);
  });
});
