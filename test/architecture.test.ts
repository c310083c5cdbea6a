/** Holds the rules of the house (docs/architecture.md): floors, doors, purity, where SQL and the machine may be touched. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');
const FLOORS = ['domain', 'platform', 'evidence', 'imaging', 'features', 'profiling', 'retrieval', 'comparison', 'likelihood', 'casework', 'api', 'cli'];
const PURE = ['imaging', 'features', 'profiling', 'comparison', 'likelihood'];
const PURE_MAY_IMPORT = new Set(['domain', 'platform/native', ...PURE]);
const PURE_FORBIDDEN_MODULES = /^(node:(fs|http|https|net|child_process|worker_threads|dgram|tls)|fastify|better-sqlite3|pino)/;

interface SourceFile {
  /** Path below src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const floorOf = (path: string): string => path.split('/')[0]!;
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
const importsOf = (text: string): string[] => [...text.matchAll(/(?:^|[\s;])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;])import\s*\(?\s*['"]([^'"]+)['"]/g)].map((m) => m[1] ?? m[2]!);

/** Every breach of the house rules in these files, one sentence each. */
function breaches(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  for (const { path, text } of files) {
    const floor = floorOf(path);
    const code = withoutComments(text);
    const say = (what: string): void => void found.push(`${path}: ${what}`);
    if (path.includes('/') && !FLOORS.includes(floor)) say(`the folder ${floor} is no floor`);
    for (const target of importsOf(code)) {
      if (!target.startsWith('.')) {
        if (PURE.includes(floor) && PURE_FORBIDDEN_MODULES.test(target)) say(`a pure floor imports ${target}`);
        if (target === 'better-sqlite3' && !path.startsWith('platform/database/')) say('better-sqlite3 outside platform/database');
        continue;
      }
      const resolved = relative(SRC, resolve(SRC, dirname(path), target)).replaceAll('\\', '/');
      if (resolved.startsWith('..')) {
        if (floor !== 'cli' || !/^\.\.\/(fixtures\/press-simulator|package\.json)/.test(resolved)) say(`imports ${target} from outside src`);
        continue;
      }
      const to = floorOf(resolved);
      if (to === floor || !path.includes('/')) continue;
      if (FLOORS.indexOf(to) > FLOORS.indexOf(floor)) say(`imports the higher floor ${to}`);
      if (floor === 'cli' && to === 'api') say('cli imports api');
      const door = to === 'platform' ? /^platform\/[\w-]+\/index\.ts$/ : new RegExp(`^${to}/index\\.ts$`);
      if (!door.test(resolved)) say(`imports ${resolved} behind the door of ${to}`);
      if (PURE.includes(floor) && !PURE_MAY_IMPORT.has(to === 'platform' ? resolved.split('/').slice(0, 2).join('/') : to)) say(`a pure floor imports ${resolved}`);
    }
    if (/\bexport\s+default\b/.test(code)) say('default export');
    if (/\benum\s+\w+\s*\{/.test(code)) say('enum');
    if (/\bprocess\.env\b/.test(code) && !path.startsWith('platform/config/')) say('process.env outside platform/config');
    if (/\.node['"`]/.test(code) && path !== 'platform/native/binding.ts') say('the addon outside platform/native');
    if (/\bnew Date\(\)|\bDate\.now\(\)|\bMath\.random\(\)/.test(code) && !path.startsWith('platform/clock/')) say('clock or randomness outside platform/clock');
    if (/[`'"]\s*(SELECT|INSERT INTO|INSERT OR|UPDATE|DELETE FROM|CREATE TABLE|PRAGMA|WITH \w+ AS)\s/.test(code) && !/(^|\/)([\w-]+\.)?store\.ts$/.test(path) && !path.startsWith('platform/database/')) say('SQL outside a store');
  }
  return [...found, ...cycles(files)];
}

function cycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(files.map((f) => [f.path, importsOf(withoutComments(f.text).replace(/(import|export)\s+type\s[^;]*;/g, '')).filter((t) => t.startsWith('.')).map((t) => relative(SRC, resolve(SRC, dirname(f.path), t)).replaceAll('\\', '/'))]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) return void found.push(`cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`);
    if (done.has(path) || !edges.has(path)) return;
    for (const next of edges.get(path)!) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

const sources: SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ path: name.replaceAll('\\', '/'), text: readFileSync(join(SRC, name), 'utf8') }));

describe('the house', () => {
  it('was read', () => {
    expect(sources.length).toBeGreaterThan(10);
  });

  it('has no breach', () => {
    expect(breaches(sources)).toEqual([]);
  });

  const planted: [string, SourceFile, RegExp][] = [
    ['a lower floor that imports a higher one', { path: 'imaging/x.ts', text: "import { a } from '../casework/index.ts';" }, /higher floor casework/],
    ['a floor entered behind its door', { path: 'casework/x.ts', text: "import { a } from '../imaging/measure.ts';" }, /behind the door/],
    ['a pure floor that reads files', { path: 'features/x.ts', text: "import { readFileSync } from 'node:fs';" }, /pure floor imports node:fs/],
    ['a pure floor that logs', { path: 'likelihood/x.ts', text: "import { log } from '../platform/log/index.ts';" }, /pure floor imports platform\/log/],
    ['SQL outside a store', { path: 'casework/x.ts', text: 'db.prepare(`SELECT * FROM cases`);' }, /SQL outside/],
    ['the clock outside its place', { path: 'casework/x.ts', text: 'const now = new Date();' }, /clock/],
    ['the environment outside its place', { path: 'api/x.ts', text: 'process.env.PORT;' }, /process\.env/],
    ['one door importing the other', { path: 'cli/x.ts', text: "import { a } from '../api/index.ts';" }, /cli imports api/],
    ['a default export', { path: 'domain/x.ts', text: 'export default 1;' }, /default export/],
  ];
  it.each(planted)('refuses %s', (_, file, message) => {
    expect(breaches([file]).join('\n')).toMatch(message);
  });

  it('refuses a cycle', () => {
    expect(breaches([{ path: 'domain/a.ts', text: "import { b } from './b.ts';" }, { path: 'domain/b.ts', text: "import { a } from './a.ts';" }]).join()).toMatch(/cycle/);
  });
});
