/** Profiles of one panel -> CSV that `readTable` reads as the same profiles. */
import { samePanel } from '../registry.ts';
import type { Analyte, Panel, Profile, Reading } from '../types.ts';
import { writeCell } from './cells.ts';

/** Columns of facts: name in the table, and how it is written. */
const FACTS: readonly (readonly [name: string, of: (profile: Profile) => string | undefined])[] = [
  ['profile', ({ id }) => id],
  ['batch_id', ({ batch }) => batch],
  ['specimen', ({ specimen }) => specimen],
  ['laboratory', ({ laboratory }) => laboratory],
  ['method', ({ method }) => method],
  ['method_family', ({ methodFamily }) => methodFamily],
  ['instrument', ({ instrument }) => instrument],
  ['date', ({ date }) => date],
  ['control', ({ control }) => (control ? 'yes' : undefined)],
];

/**
 * Wide, one row a replicate; long, one row a reading, where a reading has limits that no single cell can hold. Values are in
 * the panel's units, with decimal points; columns that nobody filled are left out.
 * @throws RangeError when a profile is of another panel
 */
export function writeTable(profiles: readonly Profile[], panel: Panel): string {
  const stranger = profiles.find((profile) => !samePanel(profile.panel, panel));
  if (stranger) throw new RangeError(`profile ${stranger.id} is of ${stranger.panel.id}, not of ${panel.id}`);
  const facts = FACTS.filter(([name, of]) => name === 'profile' || profiles.some((profile) => of(profile) !== undefined));
  const readings = profiles.flatMap(({ replicates }) => replicates.flatMap((replicate) => Object.values(replicate.readings)));
  const lines = readings.every(fitsCell) ? wide(profiles, panel, facts) : long(profiles, panel, facts);
  return `${lines.map((cells) => cells.map(quoted).join(',')).join('\n')}\n`;
}

function fitsCell(reading: Reading): boolean {
  if (reading.state === 'category') return true;
  if (reading.state === 'not-detected') return reading.loq === undefined;
  return reading.lod === undefined && (reading.state === 'below-quantification' || reading.loq === undefined);
}

/** `id_unit`, such as mass_mg; words have no unit. */
const columnOf = ({ id, unit, scale }: Analyte): string => (scale === 'category' || unit === '1' ? id : `${id}_${unit}`);

type Facts = typeof FACTS;

function wide(profiles: readonly Profile[], panel: Panel, facts: Facts): string[][] {
  const used = new Set(profiles.flatMap(({ replicates }) => replicates.flatMap(({ readings }) => Object.keys(readings))));
  // A table needs one column of readings to be of a panel.
  const analytes = used.size === 0 ? panel.analytes.slice(0, 1) : panel.analytes.filter(({ id }) => used.has(id));
  return [
    [...facts.map(([name]) => name), 'replicate', ...analytes.map(columnOf)],
    ...profiles.flatMap((profile) => profile.replicates.map(({ id, readings }) => [...facts.map(([, of]) => of(profile) ?? ''), id, ...analytes.map((analyte) => writeCell(readings[analyte.id]))])),
  ];
}

function long(profiles: readonly Profile[], panel: Panel, facts: Facts): string[][] {
  const header = [...facts.map(([name]) => name), 'replicate', 'analyte', 'value', 'unit', 'lod', 'loq'];
  const limit = (value: number | undefined): string => (value === undefined ? '' : String(value));
  return [header, ...profiles.flatMap((profile) => profile.replicates.flatMap(({ id, readings }) => {
    const start = [...facts.map(([, of]) => of(profile) ?? ''), id];
    const rows = panel.analytes.flatMap((analyte) => {
      const reading = readings[analyte.id];
      if (!reading) return [];
      if (reading.state === 'category') return [[...start, analyte.id, reading.category, '', '', '']];
      const { lod, loq, ...bare } = reading;
      return [[...start, analyte.id, writeCell(bare as Reading), analyte.unit, limit(lod), limit(loq)]];
    });
    return rows.length > 0 ? rows : [[...start, '', '', '', '', '']];
  }))];
}

const quoted = (cell: string): string => (/[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
