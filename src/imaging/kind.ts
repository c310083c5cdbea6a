/** What a photograph shows, tablets or bricks, and what its ruler is divided in, where nobody said it. */
import type { SpecimenKind } from '../domain/index.ts';
import type { FoundFace } from './kernel.ts';
import { value } from './parameters.ts';
import type { MeasureHints } from './types.ts';

/** Finest divisions of rulers beside specimens, mm: the ticks themselves do not tell them apart. */
const DIVISIONS_MM = [1, 10] as const;

/** One way to read a photograph. */
export interface Reading {
  readonly kind: SpecimenKind;
  readonly mmPerDivision: number;
}

/**
 * Read in millimetres and in centimetres, a specimen's size differs ten times, as tablets and bricks do
 * from one another: of all kinds and divisions that nothing contradicts, the most likely is taken, by
 * the largest face's size and shape. One photograph has one kind and one ruler.
 */
export function readingOf(faces: readonly FoundFace[], hints: MeasureHints): Reading {
  const face = faces.reduce((a, b) => (b.areaPx > a.areaPx ? b : a));
  const acrossPx = 2 * Math.sqrt(face.areaPx / Math.PI);
  const kinds: readonly SpecimenKind[] = hints.kind ? [hints.kind] : ['tablet', 'brick'];
  const readings = kinds.flatMap((kind) => DIVISIONS_MM.map((mmPerDivision) => {
    const mmPerPx = hints.mmPerPx ?? (face.divisionPx > 0 ? mmPerDivision / face.divisionPx : undefined);
    return { kind, mmPerDivision, likelihood: shapeLikelihood(kind, face) + (mmPerPx === undefined ? 0 : sizeLikelihood(kind, acrossPx * mmPerPx)) };
  }));
  const { kind, mmPerDivision } = readings.reduce((a, b) => (b.likelihood > a.likelihood ? b : a));
  return { kind, mmPerDivision };
}

/** Logarithm, but for a constant; sizes are spread by ratios. */
function sizeLikelihood(kind: SpecimenKind, mm: number): number {
  const [typical, spread] = kind === 'brick' ? [value('brickSizeMm'), value('brickSizeSpread')] : [value('tabletSizeMm'), value('tabletSizeSpread')];
  return -0.5 * (Math.log(mm / typical) / Math.log(spread)) ** 2 - Math.log(Math.log(spread));
}

/** Pressed blocks are ragged rectangles, tablets mostly rounded and smooth; what is broken or has a free outline says little. */
function shapeLikelihood(kind: SpecimenKind, face: FoundFace): number {
  const rectangle = value(kind === 'brick' ? 'rectangularBricks' : 'rectangularTablets');
  const smooth = value(kind === 'brick' ? 'smoothBricks' : 'smoothTablets');
  if (face.boxFill > value('brickBoxFill') && face.boxAspect > value('brickBoxAspect')) return Math.log(rectangle);
  return Math.log(face.solidity > value('smoothSolidity') ? smooth : 1 - rectangle - smooth);
}
