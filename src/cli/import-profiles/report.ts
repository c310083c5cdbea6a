/** An import of profiles in words: how columns were understood, what was not believed, what came of each specimen. */
import type { TablePreview } from '../../profiling/index.ts';
import { table } from '../table.ts';
import type { ProfileImportReport, SpecimenReport } from './run.ts';

/** Lines of faults and flags that are printed; --json has all. */
const SHOWN = 40;

/** 0: everything is in; 2: something was refused, or rows were left out; 1: something failed. */
export function exitCodeOf({ specimens, preview }: ProfileImportReport): number {
  if (specimens.some(({ outcome }) => outcome === 'failed')) return 1;
  return preview.faults.length > 0 || specimens.some(({ outcome }) => outcome === 'refused') ? 2 : 0;
}

export function reportText(report: ProfileImportReport, all: boolean): string {
  const { preview, specimens, dryRun } = report;
  const shown = specimens.filter(({ outcome }) => all || outcome === 'refused' || outcome === 'failed');
  const faults = preview.faults.map(({ detail }) => detail);
  return [
    ...(dryRun || all ? [previewText(preview)] : []),
    ...some(counted(faults.length, 'fault'), faults),
    ...some(`${counted(preview.flags.length, 'value')} hard to believe, kept and flagged`, preview.flags.map(({ profile, replicate, detail }) => `profile ${profile}, replicate ${replicate}: ${detail}`)),
    ...shown.map(({ outcome, specimen, reason, profiles }) => `${outcome.padEnd(8)}  ${specimen}  ${reason ?? counted(profiles, 'profile')}`),
    totals(report),
  ].join('\n');
}

/** How each column was understood. */
export function previewText({ form, layout, delimiter, decimal, rows, bad, panels, profiles, columns }: TablePreview): string {
  const lines = columns.map(({ name, role, analyte, panel, unit, storedUnit, note, examples }) => [
    name, role === 'analyte' ? `${analyte!} (${panel!.id} ${panel!.version})` : role, unit === undefined ? '' : unit === storedUnit ? unit : `${unit} -> ${storedUnit!}`, examples.join(' | '), note,
  ]);
  const signs = form === 'json' ? 'JSON' : `CSV, "${delimiter === '\t' ? 'tab' : (delimiter ?? '')}" between cells, "${decimal}" in decimals`;
  return `${signs}; a row is a ${layout === 'wide' ? 'replicate' : 'reading'}. ${rows} rows, ${bad} of them with faults, give ${profiles} profiles of ${panels.map(({ id }) => id).join(', ') || 'no panel'}.\n${table(['column', 'is', 'unit', 'examples', 'note'], lines)}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function some(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`${title}:`, ...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...(lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more (--json has all)`] : [])];
}

function totals({ specimens, dryRun, preview }: ProfileImportReport): string {
  const count = (outcome: SpecimenReport['outcome']): number => specimens.filter((one) => one.outcome === outcome).length;
  if (dryRun) return `${counted(specimens.length, 'specimen')}: ${count('found')} are there, ${count('new')} would be made, ${count('refused') + count('failed')} cannot be imported.${preview.faults.length > 0 ? ' The table has faults: without --keep-going nothing of it is imported.' : ''} Nothing was changed.`;
  const added = specimens.reduce((sum, one) => sum + one.added, 0);
  const known = specimens.reduce((sum, one) => sum + (one.outcome === 'imported' || one.outcome === 'known' ? one.profiles - one.added : 0), 0);
  return `${counted(specimens.length, 'specimen')}: ${counted(added, 'profile')} imported, ${known} known already; ${counted(count('refused'), 'specimen')} refused, ${count('failed')} failed.${preview.bad > 0 ? ` ${counted(preview.bad, 'row')} left out.` : ''}`;
}
