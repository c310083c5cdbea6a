/** Exported types are made of the glossary's words, and nothing a person reads uses the phrases the glossary forbids. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const glossary = read('docs', 'glossary.md');
const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

const table = [...glossary.matchAll(/^\| ([^|]+) \|/gm)].flatMap((row) => words(row[1]!));
const others = words(glossary.split('## Other words in type names')[1]!.split('\n\n').at(-1)!);
const vocabulary = new Set([...table, ...others]);
const parts = (name: string): string[] => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2').toLowerCase().split(' ');

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const types = sources.flatMap((path) => [...read('src', path).matchAll(/^export (?:interface|type|class|abstract class) (\w+)/gm)].map((m) => ({ path, name: m[1]! })));

const FORBIDDEN = [/\bmatch(?:es)?\s+(?:of\s+)?\d+(?:\.\d+)?\s*%/i, /\bsimilarity\b/i, /\bconfidence (?:score|level|of)\b/i, /\bAI\b/, /\bartificial intelligence\b/i];
const breaches = (text: string): string[] => FORBIDDEN.filter((pattern) => pattern.test(text)).map(String);
/** What a person reads: literals of the sources (comments and the country table aside) and the pages. */
const literals = (text: string): string => (text.replace(/\/\*[\s\S]*?\*\//g, '').match(/'[^'\n]*'|"[^"\n]*"|`[^`]*`/g) ?? []).join('\n');

describe('the glossary', () => {
  it('was read, and so were the types', () => {
    expect(table.length).toBeGreaterThan(20);
    expect(types.length).toBeGreaterThan(50);
  });

  it('has the words of every exported type', () => {
    expect(types.filter(({ name }) => parts(name).some((part) => !vocabulary.has(part.replace(/\d+$/, '')))).map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });

  it('keeps forbidden phrases off the screen', () => {
    const found = sources.filter((path) => !path.endsWith('countries.ts')).flatMap((path) => breaches(literals(read('src', path))).map((phrase) => `${path}: ${phrase}`));
    expect(found).toEqual([]);
  });

  it('keeps forbidden phrases out of what the API says of itself and the first page', () => {
    for (const page of [['README.md'], ['docs', 'openapi.json'], ['docs', 'problems.md'], ['CHANGELOG.md']]) expect(breaches(read(...page).replace(/"AI",?/g, '')), page.join('/')).toEqual([]);
  });

  it.each(['match 97 %', 'similarity 0.9', 'confidence level', 'found by AI'])('would catch "%s"', (phrase) => {
    expect(breaches(phrase)).not.toEqual([]);
  });
});
