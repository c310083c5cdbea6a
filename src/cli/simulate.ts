/** `relievo simulate`: a labelled set of simulated photographs. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Presets, SingleBar } from 'cli-progress';
import { MOST_PHOTOGRAPHS } from '../features/index.ts';
import { GROUNDS, type GroundName, simulate } from '../../fixtures/press-simulator/index.ts';
import { between, whole } from './flags.ts';

interface Flags {
  readonly out: string;
  readonly designs: number;
  readonly tools: number;
  readonly photos: number;
  readonly seed: string;
  readonly market?: string;
  readonly kind: 'tablet' | 'brick' | 'mixed';
  readonly library: 'whole' | 'learnt' | 'unseen';
  readonly light?: 'raking' | 'ring';
  readonly ringShare: number;
  readonly tiltMax: number;
  readonly tilt?: number;
  readonly grain?: number;
  readonly lights: number;
  readonly lightStep: number;
  readonly pxPerMm?: readonly [number, number];
  readonly several: number;
  readonly rulerShare: number;
  readonly grounds?: readonly GroundName[];
  readonly size: number;
  readonly threads: number;
}

const lightCount = (text: string): number => {
  const value = whole(text);
  if (value > MOST_PHOTOGRAPHS) throw new InvalidArgumentError(`at most ${MOST_PHOTOGRAPHS} photographs of one specimen are combined`);
  return value;
};

const resolution = (text: string): [number, number] => {
  const parts = text.split('-').map(Number);
  const [least, most] = [parts[0]!, parts[1] ?? parts[0]!];
  if (!(least >= 1 && most >= least && most <= 200) || parts.length > 2) throw new InvalidArgumentError('a resolution such as 46 or 14-60 is needed');
  return [least, most];
};

const grounds = (text: string): GroundName[] => {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) if (!GROUNDS.includes(name as GroundName)) throw new InvalidArgumentError(`a ground is one of ${GROUNDS.join(', ')}`);
  return names as GroundName[];
};

/** Adds `simulate` to the program. */
export function registerSimulate(program: Command): void {
  program
    .command('simulate')
    .description('Make labelled photographs of pressed tablets and bricks (images/, manifest.csv) and profiles of their powders (profiles.csv; profiles-truth.csv is not for the engine). Simulated: say so wherever a figure rests on them.')
    .requiredOption('--out <dir>', 'folder to write into')
    .option('--designs <n>', 'logo designs', whole, 4)
    .option('--tools <n>', 'tools of each design; two of them share one drawing', whole, 4)
    .option('--photos <n>', 'photographs of each tool, every one of another specimen', whole, 4)
    .option('--seed <seed>', 'the same seed gives the same files', '1')
    .option('--market <seed>', 'sets of one market share routes, fillers and laboratories; without it a set has its own')
    .addOption(new Option('--kind <kind>', 'what is photographed').choices(['tablet', 'brick', 'mixed']).default('tablet'))
    .addOption(new Option('--library <part>', 'designs that are drawn from: all, those that the network of marks learnt from, or those it never saw, as a set to measure with must be').choices(['whole', 'learnt', 'unseen']).default('whole'))
    .addOption(new Option('--light <light>', 'only this light').choices(['raking', 'ring']))
    .option('--ring-share <share>', 'share of photographs under a ring light', between(0, 1), 0.2)
    .option('--tilt-max <degrees>', 'largest tilt of the camera', between(0, 30), 15)
    .option('--tilt <degrees>', 'tilt of every photograph, instead of one that is drawn', between(0, 30))
    .option('--grain <mm>', 'height of the powder\'s grain (standard deviation), instead of one that is drawn', between(0, 0.1))
    .option('--lights <n>', 'photographs of every unmoved specimen, the lamp carried around it', lightCount, 1)
    .option('--light-step <degrees>', 'how far the lamp is carried from one to the next', between(1, 359), 90)
    .option('--px-per-mm <range>', 'resolution at the face, such as 46 or 14-60', resolution)
    .option('--several <share>', 'share of photographs that show several specimens', between(0, 1), 0)
    .option('--ruler-share <share>', 'share of photographs that show a ruler', between(0, 1), 0.4)
    .option('--grounds <names>', `comma-separated: ${GROUNDS.join(', ')}`, grounds)
    .option('--size <px>', 'longest side of a picture where the resolution is not given', between(240, 12_000), 760)
    .option('--threads <n>', 'photographs taken at a time', whole, 2)
    .action(async (flags: Flags) => {
      const bar = new SingleBar({ format: 'simulating {bar} {value}/{total} photographs, {eta_formatted} left', stream: process.stderr, hideCursor: true, clearOnComplete: false, noTTYOutput: false }, Presets.shades_grey);
      let started = false;
      const { tiltMax, tilt, grain, lights, lightStep, size, ...rest } = flags;
      const lampTurnsDeg = Array.from({ length: lights }, (_, k) => k * lightStep);
      const count = await simulate({ ...rest, tiltMaxDeg: tiltMax, tiltDeg: tilt, grainMm: grain, lampTurnsDeg, sizePx: size }, (done, total) => {
        if (!started) bar.start(total, 0);
        started = true;
        bar.update(done);
      });
      if (started) bar.stop();
      process.stdout.write(`${count} simulated photographs, manifest.csv and profiles.csv in ${flags.out}\n`);
    });
}
