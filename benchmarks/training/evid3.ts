// adds the poses of every pair of one design
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { measureFaces } from '../../src/cli/evaluate/faces.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { readManifest } from '../../src/cli/evaluate/manifest.ts';
import { findToolPoses } from '../../src/comparison/compare-tools.ts';
import { matchMarks } from '../../src/comparison/tool-kernel.ts';
import { marksDigest } from '../../src/features/index.ts';
const [blind, work, out] = process.argv.slice(2) as [string, string, string];
mkdirSync(work, { recursive: true });
const faces = (await measureFaces(await readManifest(blind), work, engineStamp(), () => {})) as any[];
const data = JSON.parse(readFileSync(out, 'utf8'));
const byA = Map.groupBy(data.pairs as any[], (p) => p.a);
const list = [...byA];
let next = 0;
await Promise.all([0, 1].map(async () => { while (next < list.length) {
  const [a, ps] = list[next++]!;
  const c = ps.map((p) => faces[p.b]);
  const poses = await findToolPoses(faces[a], c);
  const m = await matchMarks(marksDigest, faces[a].marks, c.map((f, k) => ({ marks: f.marks, poses: poses[k]! })), false);
  m.forEach((x, k) => { ps[k].tried = poses[k]!.map((h: any) => h.agreement); ps[k].poses = x.poses.map((p: any) => [p.marks, p.strokes, p.areaMm2, p.elsewhere ? 1 : 0]); });
} }));
writeFileSync(out, JSON.stringify(data));
