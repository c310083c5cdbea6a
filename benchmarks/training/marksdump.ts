import { mkdirSync, writeFileSync } from 'node:fs';
import { measureFaces } from '../../src/cli/evaluate/faces.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { readManifest } from '../../src/cli/evaluate/manifest.ts';
const [blind, work, out] = process.argv.slice(2) as [string, string, string];
mkdirSync(work, { recursive: true }); mkdirSync(out, { recursive: true });
const faces = (await measureFaces(await readManifest(blind), work, engineStamp(), () => {})) as any[];
faces.forEach((f, i) => { if (!f.marks) return; const n = f.marks.size; const b = Buffer.concat([Buffer.from(f.marks.marks.buffer, f.marks.marks.byteOffset, n * n), Buffer.from(f.marks.walls.buffer, f.marks.walls.byteOffset, n * n)]); writeFileSync(`${out}/${i}.bin`, b); });
