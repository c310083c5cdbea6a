/** What made the figures, printed with them. */
import { readFileSync } from 'node:fs';
import { likelihoodDigest } from '../../../likelihood/index.ts';
import { panelDigest, profilingDigest, type ProfileSettings, settingsDigest } from '../../../profiling/index.ts';
import type { ProfileTable } from './table.ts';

export function profileStamp({ population: _, ...settings }: ProfileSettings, table: ProfileTable, reference: ProfileTable | undefined): Record<string, string> {
  const { version } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as { version: string };
  return {
    engine: version, panel: panelDigest(settings.panel), profiling: profilingDigest, settings: settingsDigest(settings), likelihood: likelihoodDigest,
    table: table.sha256, ...(reference && { reference: reference.sha256 }),
  };
}
