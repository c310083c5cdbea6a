/** `relievo measure`: what is measured on photographs, one JSON line a photograph. Offline. */
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import { NO_TRACE, type SpecimenKind, asProblem, collectingTrace, problem } from '../domain/index.ts';
import { type MeasuredFace, decode, drawMeasured, measure } from '../imaging/index.ts';
import { positive } from './flags.ts';

interface Flags {
  readonly json?: boolean;
  readonly pictures?: string;
  readonly mmPerPx?: number;
  readonly kind?: SpecimenKind;
}

const IMAGES = new Set(['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.webp']);

/** Adds `measure` to the program. */
export function registerMeasure(program: Command): void {
  program
    .command('measure')
    .description('Find the specimens in photographs and measure them: outline, scale, size, quality.')
    .argument('<path>', 'a photograph, or a folder that is searched for photographs')
    .option('--json', 'one JSON line a photograph instead of a table')
    .option('--pictures <dir>', 'write the outline drawn on each photograph, and the crops')
    .option('--mm-per-px <number>', 'the scale at the face, when it is known', positive)
    .addOption(new Option('--kind <kind>', 'what the photographs show, when it is known').choices(['tablet', 'brick']))
    .action(async (path: string, flags: Flags) => {
      const files = await photographsIn(path);
      const bar = new SingleBar({ format: 'measuring {bar} {value}/{total}, {eta_formatted} left', stream: process.stderr, hideCursor: true, noTTYOutput: false }, Presets.shades_grey);
      const showBar = !flags.json && files.length > 1;
      if (showBar) bar.start(files.length, 0);
      const lines: MeasureLine[] = [];
      for (const file of files) {
        const line = await measureFile(file, path, flags);
        if (flags.json) process.stdout.write(`${JSON.stringify(line)}\n`);
        lines.push(line);
        if (showBar) bar.increment();
      }
      if (showBar) bar.stop();
      if (!flags.json) process.stdout.write(lines.map(tableRow).join('\n') + '\n');
      if (lines.every((line) => line.problem)) process.exitCode = 1;
    });
}

/** One line of the answer; `problem` is set where nothing could be measured. */
export interface MeasureLine {
  readonly file: string;
  readonly faces: readonly FaceLine[];
  readonly problem?: { readonly code: string; readonly title: string; readonly detail: string; readonly parameters: object };
}

type FaceLine = Pick<MeasuredFace, 'kind' | 'bboxPx' | 'partial' | 'lengthMm' | 'widthMm' | 'diameterMm' | 'tiltDeg' | 'quality'> & {
  readonly outlinePx: readonly (readonly [number, number])[];
  readonly mmPerPx: number | null;
  readonly mmPerPxSource: string;
  readonly mmPerPxBounds: readonly [number, number] | null;
};

async function photographsIn(path: string): Promise<string[]> {
  if (!existsSync(path)) throw problem('not-found', { what: path });
  if (!statSync(path).isDirectory()) return [path];
  const found = (await readdir(path, { recursive: true })).filter((name) => IMAGES.has(extname(name).toLowerCase())).sort();
  if (found.length === 0) throw problem('not-found', { what: `a photograph (${[...IMAGES].join(' ')}) in ${path}` });
  return found.map((name) => join(path, name));
}

async function measureFile(file: string, root: string, flags: Flags): Promise<MeasureLine> {
  const name = statSync(root).isDirectory() ? relative(root, file) : basename(file);
  const trace = flags.pictures ? collectingTrace() : NO_TRACE;
  try {
    const photo = await decode(await readFile(file));
    let faces: MeasuredFace[] = [];
    try {
      faces = await measure(photo, { mmPerPx: flags.mmPerPx, kind: flags.kind }, trace);
      return { file: name, faces: faces.map(faceLine) };
    } finally {
      if (flags.pictures) await writePictures(flags.pictures, name, await drawMeasured(photo, faces, trace));
    }
  } catch (thrown) {
    const found = asProblem(thrown);
    return { file: name, faces: [], problem: { code: found.code, title: found.title, detail: found.detail, parameters: found.parameters } };
  }
}

async function writePictures(dir: string, name: string, pictures: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const stem = name.replace(/\.\w+$/, '').replaceAll(/[/\\]/g, '_');
  await mkdir(dir, { recursive: true });
  for (const [key, bytes] of pictures) await writeFile(join(dir, `${stem}.${key}`), bytes);
}

function faceLine(face: MeasuredFace): FaceLine {
  const outlinePx: [number, number][] = [];
  for (let i = 0; i < face.outlinePx.length; i += 2) outlinePx.push([round(face.outlinePx[i]!, 2), round(face.outlinePx[i + 1]!, 2)]);
  const { kind, partial, lengthMm, widthMm, diameterMm, tiltDeg, quality, scale } = face;
  return {
    kind, bboxPx: face.bboxPx.map((v) => round(v, 2)) as unknown as MeasuredFace['bboxPx'], outlinePx,
    mmPerPx: scale.mmPerPx, mmPerPxSource: scale.source, mmPerPxBounds: scale.source === 'none' ? null : scale.bounds,
    diameterMm, lengthMm, widthMm, tiltDeg, partial, quality,
  };
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function tableRow(line: MeasureLine): string {
  if (line.problem) return `${line.file}: ${line.problem.title}. ${line.problem.detail}`;
  return line.faces
    .map((f, i) => `${line.file}${line.faces.length > 1 ? ` #${i + 1}` : ''}: ${f.kind}, ${f.diameterMm === null ? 'size unknown' : `${f.diameterMm.toFixed(2)} mm across`} (scale: ${f.mmPerPxSource}), ${Math.round(f.quality.spanPx)} px, sharpness ${f.quality.sharpness.toFixed(2)}, outline expected to overlap the face by ${f.quality.expectedOverlap.toFixed(2)}`)
    .join('\n');
}
