/**
 * Faces with the true heights of their tools' marks, for native/mark-network.onnx to learn from.
 *   node benchmarks/training/mark-examples.ts --out DIR [--share S]
 * Renders simulated photographs of seeds of their own, of designs that are not held out for benchmarks
 * (fixtures/press-simulator/designs/held-out.ts), with other marks, powders and lamps than the simulator's own; passes
 * each through JPEG, cuts the face where it truly lies, and writes what the network sees of it, the height of the tool's
 * marks there, and where on the specimen each pixel lies (mark-example.ts, true-marks.ts).
 * --share 0.01 makes a hundredth of them, to try it out.
 */
import { parseArgs } from 'node:util';
import { engraveMarks, keptReliefs, planSet, Random, renderShots, type SimulateOptions } from '../../fixtures/press-simulator/index.ts';
import { Problem } from '../../src/domain/index.ts';
import { MarkExamples } from './mark-example.ts';
import { simulatedExample, type TruePhotograph } from './true-marks.ts';
import { widened, type Widening } from './widened.ts';

const { values: options } = parseArgs({ options: { out: { type: 'string' }, share: { type: 'string', default: '1' } } });
if (!options.out) throw new Error('say where to with --out DIR');
const share = Number(options.share);

interface TrainingSet extends SimulateOptions, Widening {
  /** Share of specimens whose lamps' azimuths are known. */
  readonly told?: number;
}

const COMMON = { library: 'learnt', ringShare: 0.25, pxPerMm: [22, 60], tiltMaxDeg: 12, rulerShare: 0.1 } as const;
const TURNED = { light: 'raking', told: 0.3 } as const;
/** 99: every learnt design. */
const SETS: readonly TrainingSet[] = [
  { ...COMMON, seed: 'mark-network-1', designs: 99, tools: 5, photos: 5 },
  { ...COMMON, seed: 'mark-network-2', designs: 99, tools: 5, photos: 5 },
  { ...COMMON, seed: 'mark-network-3', designs: 99, tools: 4, photos: 5, twins: true },
  { ...COMMON, seed: 'mark-network-4', designs: 99, tools: 4, photos: 4, twins: true, lamps: true, ringShare: 0.4 },
  { ...COMMON, ...TURNED, seed: 'mark-network-5', designs: 60, tools: 4, photos: 2, twins: true, lamps: true, lampTurnsDeg: [0, 90] },
  { ...COMMON, ...TURNED, seed: 'mark-network-6', designs: 60, tools: 4, photos: 2, twins: true, lamps: true, lampTurnsDeg: [0, 90, 180, 270] },
];
const THREADS = 2;

const examples = await MarkExamples.into(options.out);
let left = 0;

async function writeExample(exposures: readonly TruePhotograph[], told: boolean, reliefOf: typeof engraveMarks, set: string): Promise<void> {
  const { tool, wear, capture } = exposures[0]!.shot;
  try {
    const { face, truth } = await simulatedExample(exposures, told, await reliefOf(tool, wear));
    await examples.add(face, { set, design: tool.design.id, tool: tool.id, light: capture.light }, truth);
    if (examples.count % 100 === 0) process.stderr.write(`${examples.count} faces\n`);
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    left++;
  }
}

for (const set of SETS) {
  const seed = String(set.seed);
  const r = new Random(`relievo/${seed}/widened`);
  const plan = widened(planSet(set), set, r);
  const turns = set.lampTurnsDeg?.length ?? 1;
  const reliefOf = keptReliefs(engraveMarks, 2 * THREADS + 2);
  const waiting = new Map<string, TruePhotograph[]>();
  await renderShots(plan.slice(0, turns * Math.ceil((share * plan.length) / turns)), async (shot, photo, index) => {
    const exposures = waiting.get(shot.captureId) ?? [];
    waiting.set(shot.captureId, exposures);
    exposures[index % turns] = { photo, shot };
    if (Object.keys(exposures).length < turns) return;
    waiting.delete(shot.captureId);
    await writeExample(exposures, r.fork(`told/${shot.captureId}`).chance(set.told ?? 0), reliefOf, seed);
  }, THREADS);
}
const bytes = await examples.close();
process.stderr.write(`${examples.count} faces, ${left} left out, ${(bytes / 1e6).toFixed(0)} MB\n`);
