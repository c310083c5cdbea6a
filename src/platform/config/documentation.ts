import { SETTINGS } from './settings.ts';

/** The text of docs/configuration.md: the table of settings, written from the settings themselves. */
export function configurationPage(): string {
  const rows = Object.entries(SETTINGS).map(([name, { standard, about }]) => `| \`${name}\` | ${standard === undefined ? 'not set' : `\`${standard}\``} | ${about} |`);
  return [
    '# Configuration',
    '',
    'Relievo is configured by environment variables, read once at start. A value that is not valid stops the start with a list of everything that is wrong; a variable that begins with `RELIEVO_` and is not in this table is warned about in the log.',
    '',
    'What decides a comparison (thresholds, filters, sizes in millimetres) is not configuration: it stands in the `parameters.ts` of each stage, and its digest is stamped on every result.',
    '',
    '| variable | standard value | meaning |',
    '|---|---|---|',
    ...rows,
    '',
    'This page is written from `src/platform/config/settings.ts` by `npm run docs:configuration`; a test compares the two.',
    '',
  ].join('\n');
}
