/**
 * How much a method reads where there is nothing. A figure errs by a share of itself, and by as much as the method reads of a
 * blank (Rocke and Lorenzato 1995): near the limit of detection the second is the greater, so that a trace repeats far worse
 * than a main component. A laboratory states its limit where it did not find an analyte; the same limit holds where it did.
 */
import { type Analyte, AREA, type Profile, readingOf, sumOfAreas } from '../../profiling/index.ts';
import { median } from '../profiles/robust.ts';

type Limits = Readonly<Record<string, number>>;

/** Analyte -> limit of detection, in its unit; of areas as a share of their sum, because each laboratory has a scale of its own. */
export interface LimitFigures {
  /** The middle of those that a laboratory stated; profiles that name none are of the laboratory ''. */
  readonly laboratories: Readonly<Record<string, Limits>>;
  /** The middle of the laboratories, for those that stated none. */
  readonly usual: Limits;
}

export function limitFigures(profiles: readonly Profile[], analytes: readonly Analyte[]): LimitFigures {
  const stated = [...Map.groupBy(profiles, ({ laboratory }) => laboratory ?? '')].map(([name, own]) => [name, middles(analytes, (analyte) => own.flatMap(({ replicates }) => replicates.flatMap((replicate) => {
    const limit = readingOf(replicate, analyte.id);
    const scale = analyte.unit === AREA ? sumOfAreas(replicate, analytes) : 1;
    return limit && limit.state !== 'category' && limit.lod !== undefined && scale > 0 ? limit.lod / scale : [];
  })))] as const);
  return { laboratories: Object.fromEntries(stated), usual: middles(analytes, ({ id }) => stated.flatMap(([, limits]) => limits[id] ?? [])) };
}

const middles = (analytes: readonly Analyte[], valuesOf: (analyte: Analyte) => readonly number[]): Limits =>
  Object.fromEntries(analytes.flatMap((analyte) => {
    const values = valuesOf(analyte);
    return values.length > 0 ? [[analyte.id, median(values)]] : [];
  }));

/** Of an analyte in one replicate, in its unit: what was stated with the reading, else of its laboratory, else the usual; 0 where none is known. */
export function limitOf({ laboratories, usual }: LimitFigures, { laboratory = '', replicates }: Profile, analytes: readonly Analyte[], r: number): (i: number) => number {
  const replicate = replicates[r]!;
  const own = laboratories[laboratory];
  const areas = sumOfAreas(replicate, analytes);
  return (i) => {
    const { id, unit } = analytes[i]!;
    const reading = readingOf(replicate, id);
    if (reading && reading.state !== 'category' && reading.lod !== undefined) return reading.lod;
    return (own?.[id] ?? usual[id] ?? 0) * (unit === AREA ? areas : 1);
  };
}
