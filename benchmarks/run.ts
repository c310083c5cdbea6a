/**
 * `npm run bench`: all benchmarks, or those that are named; what follows `--` after one name goes to that one.
 *   npm run bench                          everything (about two hours on two cores; logo and retrieval keep what is done)
 *   npm run bench -- logo                  one of them
 *   npm run bench -- logo --designs 10     one of them with its own options (see the head of its file)
 * Each prints its table and writes it to benchmarks/results/.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BENCHMARKS } from './list.ts';

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const names = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
const unknown = names.filter((name) => !BENCHMARKS.some((b) => b.name === name));
if (unknown.length > 0 || (options.length > 0 && names.length !== 1)) {
  process.stderr.write(`${unknown.length > 0 ? `There is no benchmark ${unknown.join(', ')}.` : 'Options need exactly one benchmark.'} Names:\n${BENCHMARKS.map((b) => `  ${b.name.padEnd(10)} ${b.question}`).join('\n')}\n`);
  process.exit(2);
}
const failed: string[] = [];
for (const { name, question, file } of BENCHMARKS) {
  if (names.length > 0 && !names.includes(name)) continue;
  process.stdout.write(`\n=== ${name}: ${question}\n\n`);
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...options], { stdio: 'inherit', cwd: fileURLToPath(new URL('..', import.meta.url)) });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  process.stderr.write(`\nThese ended with an error: ${failed.join(', ')}\n`);
  process.exit(1);
}
