/** Relievo and the peers on the same crops, the same pairs, the same metrics, in one run. */
import { compareDesigns } from '../../src/comparison/index.ts';
import type { Evaluated } from '../../src/cli/evaluate.ts';
import type { Manifest } from '../../src/cli/evaluate/manifest.ts';
import { scoreTable, validate, type ValidationMetrics } from '../../src/likelihood/index.ts';
import { everyPair, type GrayPicture } from '../peers/index.ts';
import { PEER_SIDE_PX, peerPicture } from './crops.ts';
import { PEER_METHODS, scoreAll } from './peer-methods.ts';

export interface MethodResult {
  readonly name: string;
  readonly settings: string;
  readonly metrics: Omit<ValidationMetrics, 'errorTradeOff'>;
  /** Milliseconds a pair on one core, features made before: median over blocks of pairs. */
  readonly pairMs: number;
}

export interface ComparedMethods {
  readonly photographs: number;
  readonly perTool: number;
  readonly pairs: number;
  /** Photographs that were refused: their pairs count as scored lowest, for every method alike. */
  readonly refused: number;
  readonly timedPairs: number;
  readonly sidePx: number;
  readonly methods: readonly MethodResult[];
}

export interface CompareOptions {
  readonly folder: string;
  readonly evaluated: Evaluated;
  readonly labels: Manifest;
  readonly perTool: number;
  readonly work: string;
  readonly say: (line: string) => void;
}

const TIMED_BLOCKS = 20;
const TIMED_BLOCK = 50;

export async function compareMethods({ folder, evaluated: { faces, tables: { design: table } }, labels, perTool, work, say }: CompareOptions): Promise<ComparedMethods> {
  const designs = labels.label('design_id')!;
  const members = firstOfEach(labels.label('tool_id')!, perTool);
  const own = members.map((m) => designs[m]!);
  // A face that was refused is refused for all: nothing to compare.
  const measured = members.flatMap((m, at) => (faces[m]!.features ? [{ face: faces[m]!, m, at }] : []));
  const pictures: GrayPicture[] = [];
  for (const { face } of measured) pictures.push(await peerPicture(folder, face));
  const pairs = everyPair(measured.length);
  const timed = timedPairs(measured.length);
  const figures = (scores: ArrayLike<number>): MethodResult['metrics'] => {
    const scored = Array.from({ length: pairs.length / 2 }, (_, k) => ({ first: measured[pairs[2 * k]!]!.at, second: measured[pairs[2 * k + 1]!]!.at, score: scores[k]! }));
    const { errorTradeOff: _, ...metrics } = validate({ table: scoreTable(members.length, scored), labels: own }).metrics;
    return metrics;
  };

  const methods: MethodResult[] = [];
  const relievoScores = Float64Array.from({ length: pairs.length / 2 }, (_, k) => table.scores[measured[pairs[2 * k]!]!.m * table.count + measured[pairs[2 * k + 1]!]!.m]!);
  const relievo = async (list: Uint32Array): Promise<void> => {
    for (let k = 0; k < list.length; k += 2) await compareDesigns(measured[list[k]!]!.face.features!, [measured[list[k + 1]!]!.face.features!]);
  };
  methods.push({ name: 'Relievo', settings: 'design score of compareDesigns, one pair a call', metrics: figures(relievoScores), pairMs: await timeOf(relievo, timed) });
  say('Relievo: done');
  for (const { name, settings, prepare } of PEER_METHODS) {
    const score = await prepare(pictures);
    const key = JSON.stringify([name, settings, measured.map((x) => x.face.record)]);
    let told = 0;
    const scores = await scoreAll(score, pairs, work, key, (done, of) => {
      if (done - told < of / 10 && done < of) return;
      told = done;
      say(`${name}: ${done} of ${of} pairs`);
    });
    methods.push({ name, settings, metrics: figures(scores), pairMs: await timeOf((list) => score(list), timed) });
  }
  return { photographs: members.length, perTool, pairs: (members.length * (members.length - 1)) / 2, refused: members.length - measured.length, timedPairs: TIMED_BLOCKS * TIMED_BLOCK, sidePx: PEER_SIDE_PX, methods };
}

/** The first photographs of each tool in the manifest's order. */
function firstOfEach(tools: readonly string[], most: number): number[] {
  const taken = new Map<string, number>();
  return tools.flatMap((tool, i) => {
    const n = taken.get(tool) ?? 0;
    taken.set(tool, n + 1);
    return n < most ? [i] : [];
  });
}

/** Pairs spread over the whole list, the same for every method. */
function timedPairs(n: number): Uint32Array[] {
  const all = everyPair(n);
  const count = all.length / 2;
  return Array.from({ length: TIMED_BLOCKS }, (_, b) => Uint32Array.from({ length: 2 * TIMED_BLOCK }, (_, k) => all[2 * ((b * 7919 + (k >> 1) * 104_729) % count) + (k & 1)]!));
}

async function timeOf(work: (pairs: Uint32Array) => Promise<unknown>, blocks: readonly Uint32Array[]): Promise<number> {
  const times: number[] = [];
  for (const block of blocks) {
    const start = performance.now();
    const result = (await work(block)) as { seconds?: Float64Array } | undefined;
    // The peers' own clock leaves out what a call of a whole block has to prepare.
    times.push(result?.seconds ? (1000 * result.seconds.reduce((a, b) => a + b, 0)) / TIMED_BLOCK : (performance.now() - start) / TIMED_BLOCK);
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}
