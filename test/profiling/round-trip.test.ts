/** What is written is read again as it was; JSON likewise. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPanel, readProfiles, readTable, writeTable } from '../../src/profiling/index.ts';
import { profilesOfOnePanel } from './arbitraries.ts';

describe('a written table', () => {
  it('is read as the same profiles', () => {
    const layouts = new Set<string>();
    fc.assert(fc.property(profilesOfOnePanel, ({ panel, profiles }) => {
      const table = readTable(writeTable(profiles, panel), { panels: [panel] });
      layouts.add(table.layout);
      expect(table.profiles).toEqual(profiles);
    }), { numRuns: 300 });
    expect([...layouts].sort()).toEqual(['long', 'wide']);
  });

  it('is of one panel', () => {
    const [mdma, heroin] = [findPanel({ id: 'mdma-impurities' })!, findPanel({ id: 'heroin-alkaloids' })!];
    expect(() => writeTable([{ id: 'a', panel: { id: mdma.id, version: 1 }, control: false, replicates: [] }], heroin)).toThrow(RangeError);
  });

  it('of a table\'s own panel is read by that panel', () => {
    const { profiles, panels } = readTable('batch_id,replicate,K39,Ti49_mm\na,1,-2.5,3\na,2,,<0.5\n', { ownPanel: true });
    expect(readTable(writeTable(profiles, panels[0]!), { panels }).profiles).toEqual(profiles);
    expect(readTable(writeTable(profiles, panels[0]!), { ownPanel: true }).profiles).toEqual(profiles);
  });
});

it('profiles written as JSON are read as the same profiles', () => {
  fc.assert(fc.property(profilesOfOnePanel, ({ profiles }) => {
    expect(readProfiles(JSON.parse(JSON.stringify(profiles)))).toEqual(profiles);
  }), { numRuns: 200 });
});
