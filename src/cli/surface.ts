/** `relievo surface`: what an X3P file holds; a picture of it; the same surface written again, turned over where asked. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import sharp from 'sharp';
import { problem } from '../domain/index.ts';
import { extractSurfaceMarks, lengthsFor, surfaceCrop } from '../features/index.ts';
import { readX3p, type Surface, turnedOver, writeX3p } from '../imaging/index.ts';

interface Flags {
  readonly picture?: string;
  readonly export?: string;
  readonly invert?: boolean;
  readonly mirror?: boolean;
  readonly json?: boolean;
}

/** Adds `surface` to the program. */
export function registerSurface(program: Command): void {
  program
    .command('surface')
    .description('Read an X3P file (ISO 25178-72): what it holds, its relief as a picture, and the surface written again.')
    .argument('<file>', 'X3P file of one surface')
    .option('--picture <png>', 'write the levelled and band-passed relief as a picture')
    .option('--export <x3p>', 'write the surface as X3P')
    .option('--invert', 'negate the heights of what is written')
    .option('--mirror', 'mirror what is written, left and right; with --invert: a tool becomes its impression')
    .option('--json', 'one JSON object instead of text')
    .action(async (file: string, flags: Flags) => {
      const bytes = await readFile(file).catch(() => {
        throw problem('not-found', { what: file });
      });
      const surface = readX3p(bytes);
      const known = surface.heightsM.filter(Number.isFinite);
      const holds = { ...surface, heightsM: undefined, measuredShare: known.length / surface.heightsM.length };
      process.stdout.write(flags.json ? `${JSON.stringify(holds)}\n` : textOf(surface, known));
      if (flags.picture) {
        const { rgb, size } = surfaceCrop(await extractSurfaceMarks(surface, lengthsFor(surface)));
        await writeFile(flags.picture, await sharp(rgb, { raw: { width: size, height: size, channels: 3 } }).png().toBuffer());
      }
      if (flags.export) await writeFile(flags.export, writeX3p(turnedOver(surface, flags.invert ?? false, flags.mirror ?? false)));
    });
}

function textOf({ width, height, stepXM, stepYM, record, heightsM }: Surface, known: Float64Array): string {
  const um = (metres: number): string => (metres * 1e6).toFixed(3);
  const [low, high] = [known.reduce((a, b) => Math.min(a, b), Infinity), known.reduce((a, b) => Math.max(a, b), -Infinity)];
  const or = (text: string | null): string => text || 'not stated';
  return [
    `${width} x ${height} heights, steps of ${um(stepXM)} x ${um(stepYM)} um: ${(width * stepXM * 1e3).toFixed(3)} x ${(height * stepYM * 1e3).toFixed(3)} mm`,
    `measured: ${((100 * known.length) / heightsM.length).toFixed(1)} %${known.length > 0 ? `, from ${um(low)} to ${um(high)} um` : ''}`,
    `date ${or(record.date)}; creator ${or(record.creator)}; calibrated ${or(record.calibrationDate)}`,
    `instrument: ${or([record.instrument.manufacturer, record.instrument.model, record.instrument.serial, record.instrument.version].filter(Boolean).join(', '))}; probing: ${or([record.probing.type, record.probing.identification].filter(Boolean).join(', '))}`,
    `comment: ${or(record.comment)}`,
    '',
  ].map((line) => line.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?')).join('\n');
}
