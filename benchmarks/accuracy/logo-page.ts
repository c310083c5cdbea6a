/** The logo benchmark as a page. */
import type { Figure } from '../../src/likelihood/index.ts';
import type { EngineStamp } from '../../src/cli/evaluate/engine.ts';
import type { ComparedMethods, MethodResult } from './logo-peers.ts';

type Metrics = MethodResult['metrics'];

export interface PartResult {
  readonly name: string;
  readonly photographs: number;
  readonly metrics: Metrics;
}

export interface LogoResults {
  readonly command: string;
  readonly machine: { readonly cores: number; readonly model: string; readonly node: string; readonly load: number };
  readonly engine: EngineStamp;
  readonly set: { readonly designs: number; readonly tools: number; readonly photos: number; readonly seed: string; readonly refused: number };
  readonly simulated: readonly PartResult[];
  readonly compared: ComparedMethods;
  /** null: not there, skipped. */
  readonly pressed: { readonly slices: readonly PartResult[]; readonly refused: number } | null;
}

export function logoPage({ command, machine, engine, set, simulated, compared, pressed }: LogoResults): string {
  return `# Logo designs: Relievo and its peers

Every photograph in turn is the probe, all others are the gallery; a candidate is right when it shows the
same design. Ties and photographs that were refused count against the method. Rank-1 with Wilson's 95 %
interval over probes; mAP, AUC and EER with the 95 % interval of draws of whole designs. The engine sees a
manifest with file and kind only and finds the faces itself.

Command: \`${command}\`
Machine: ${machine.cores} cores (${machine.model}), Node ${machine.node}; load at the end ${machine.load.toFixed(1)} (above ${machine.cores}, times are too long).
Engine: relievo ${engine.engine}, features ${engine.digests.features.slice(0, 12)}, comparison ${engine.digests.comparison.slice(0, 12)}, measure ${engine.digests.measure.slice(0, 12)}, addon ${engine.digests.addon.slice(0, 12)}.

## Simulated set
${set.designs} designs with their look-alikes x ${set.tools} tools x ${set.photos} photographs of the press simulator, seed ${set.seed}, which was
not used in development. ${set.refused} photographs refused. All pairs by Relievo:

${partsTable(simulated)}

## Peers on the same crops
The first ${compared.perTool} photographs of each tool of that set: ${compared.photographs} photographs (${compared.refused} refused), all ${whole(compared.pairs)} pairs, every method.
Peers get the faces that Relievo measured, with their masks, at ${compared.sidePx} px. Time is for one pair on one core,
features made before: the median over ${whole(compared.timedPairs)} pairs in blocks.

| method | rank-1 (95 %) | right / probes | mAP (95 %) | AUC (95 %) | EER | ms a pair |
|---|---|---:|---|---|---:|---:|
${compared.methods.map((m) => `| ${m.name} | ${row(m.metrics)} | ${m.pairMs.toPrecision(3)} |`).join('\n')}

${compared.methods.map((m) => `- ${m.name}: ${m.settings}.`).join('\n')}

## pressed-dev
${pressed ? `Path-traced photographs (not part of the repository), blind manifest; ${pressed.refused} refused. Development looked at half of the designs.\n\n${partsTable(pressed.slices)}` : 'SKIPPED: the photographs are not beside the repository (`--data`).'}
`;
}

const partsTable = (parts: readonly PartResult[]): string => `| part | photographs | rank-1 (95 %) | right / probes | mAP (95 %) | AUC (95 %) | EER | accepted at 1 % / 0.1 % false | pairs same / different |
|---|---:|---|---:|---|---|---:|---:|---:|
${parts.map(({ name, photographs, metrics }) => `| ${name} | ${whole(photographs)} | ${row(metrics)} | ${metrics.trueAccepts.map((t) => percent(t.value)).join(' / ')} | ${whole(metrics.counts.matches)} / ${whole(metrics.counts.nonMatches)} |`).join('\n')}`;

const row = (m: Metrics): string => `${figure(m.rank1, percent)} | ${m.rank1 ? `${whole(m.rank1.count)} / ${whole(m.rank1.of)}` : ''} | ${figure(m.meanAveragePrecision, percent)} | ${figure(m.areaUnderCurve, (v) => v.toFixed(4))} | ${m.equalErrorRate ? percent(m.equalErrorRate.value) : ''}`;
const figure = (f: Figure | null, show: (v: number) => string): string => (f ? `${show(f.value)}${f.interval ? ` (${show(f.interval.low)} to ${show(f.interval.high)})` : ''}` : 'none');
const percent = (v: number): string => `${(100 * v).toFixed(1)} %`;
const whole = (n: number): string => n.toLocaleString('en-GB');
