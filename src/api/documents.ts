/** The committed descriptions of the API, written from the running code: docs/openapi.json and docs/problems.md. */
import type { Casework } from '../casework/index.ts';
import { PROBLEMS } from '../domain/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import { readConfiguration } from '../platform/config/index.ts';
import { silentLog } from '../platform/log/index.ts';
import { buildApi } from './app.ts';
import { PROBLEM_CODES } from './problems.ts';
import type { Api } from './types.ts';

/** The routes without anything behind them: they can be described, not called. */
export function apiToDescribe(version: string): Promise<Api> {
  const { configuration } = readConfiguration({});
  return buildApi({ casework: {} as Casework, configuration, clock: systemClock, log: silentLog(), version, checks: [], gauges: [] });
}

/** The text of docs/openapi.json. */
export function openapiText(app: Api): string {
  return `${JSON.stringify(app.swagger(), null, 2)}\n`;
}

interface Operation {
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

/** Method and path of every operation that declares a code. */
export function operationsByCode(document: { readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>> }): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, { responses = {} }] of Object.entries(operations))
      for (const [status, { description = '' }] of Object.entries(responses)) {
        if (Number(status) < 400) continue;
        for (const code of description.split(', ')) found.set(code, [...(found.get(code) ?? []), `${method.toUpperCase()} ${path}`]);
      }
  return found;
}

/** The text of docs/problems.md. */
export function problemsPage(app: Api): string {
  const operations = operationsByCode(app.swagger() as Parameters<typeof operationsByCode>[0]);
  const all = Math.max(...[...operations.values()].map((list) => list.length));
  const where = (code: string): string => {
    const list = operations.get(code) ?? [];
    if (code === 'method-not-allowed') return 'every route';
    if (list.length === 0) return 'jobs and commands';
    return list.length > all / 2 ? 'every route' : list.map((operation) => `\`${operation}\``).join('<br>');
  };
  const rows = PROBLEM_CODES.map((code) => `| \`${code}\` | ${PROBLEMS[code].status} | ${PROBLEMS[code].title} | ${PROBLEMS[code].action.replaceAll('|', '\\|')} | ${where(code)} |`);
  return [
    '# Problems',
    '',
    'Every refusal Relievo can give. The API answers with RFC 9457 `application/problem+json`; jobs, bulk lines and commands carry the same code and parameters.',
    '',
    '```json',
    JSON.stringify({ type: '/v1/problems/invalid-request', code: 'invalid-request', title: PROBLEMS['invalid-request'].title, status: 400, detail: PROBLEMS['invalid-request'].action, instance: 'rq_01JABCDEFGHJKMNPQRSTVWXYZ0', errors: [{ pointer: '/country', detail: 'Give an ISO 3166-1 alpha-2 code in capitals, such as NL.' }] }, null, 2),
    '```',
    '',
    '- `code` is stable; programs look at it and at nothing else.',
    '- `detail` says what the user can do. Words in braces below stand for parameters, which are members of the document too.',
    '- `instance` is the id of the request, as in the `X-Request-Id` header and in the log.',
    '- `errors` lists everything that is wrong with the request at once. A `pointer` is an RFC 6901 pointer into the body; `/query`, `/path` and `/headers` name the other parts.',
    '',
    '| code | status | title | what to do | where |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    'This page is written from `src/domain/problems.ts` and the schemas of the routes by `npm run docs:api`; a test compares them.',
    '',
  ].join('\n');
}
