/** Writes results/baseline.json anew from the committed set: `node benchmarks/accuracy/baseline.ts`. Look at the change before it is committed. */
import { writeFile } from 'node:fs/promises';
import { BASELINE, baselineOf, gateFigures, readBaseline } from './gate.ts';

const before = await readBaseline().catch(() => ({}) as Awaited<ReturnType<typeof readBaseline>>);
const logos = baselineOf(await gateFigures());
for (const [name, { value }] of Object.entries(logos)) process.stdout.write(`${name.padEnd(24)} ${before[name]?.value ?? '-'} -> ${value}\n`);
await writeFile(BASELINE, `${JSON.stringify({ what: 'Accuracy on the committed simulated set fixtures/sets/logos; npm test fails when a figure falls below its value less its tolerance.', logos }, null, 2)}\n`);
