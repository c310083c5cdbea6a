/** Tool scores -> likelihood ratios by a calibration; labelled pairs for making one. */
import { problem, type SpecimenKind } from '../../domain/index.ts';
import { type Calibration, evaluatePair, evidenceOf, faceEvidence, type FaceEvidence, type LabelledEvidence, type PairEvidence, type ScoreDigests, scoreTable, type ScoreTable } from '../../likelihood/index.ts';
import type { EngineStamp } from './engine.ts';
import type { EvaluatedFace } from './faces.ts';
import type { Manifest } from './manifest.ts';
import type { PairTables } from './pairs.ts';

/** What shaped a tool score; the addon is left out, whose bytes differ from compiler to compiler. */
export const scoreDigests = ({ digests: { addon: _, ...digests } }: EngineStamp): ScoreDigests => digests;

/** Of a face that was compared, and so was measured. */
const lit = ({ features, marks, record }: EvaluatedFace): FaceEvidence => faceEvidence(features!, marks!, record.quality?.pxPerMm ?? null);

/** What a calibration is told of two faces whose marks were compared. */
export const pairEvidence = (first: EvaluatedFace, second: EvaluatedFace, toolScore: number): PairEvidence => evidenceOf(lit(first), lit(second), toolScore);

function* comparedPairs(faces: readonly EvaluatedFace[], { tool, outcome }: PairTables): Generator<{ first: number; second: number; evidence: PairEvidence }> {
  for (let first = 0; first < faces.length; first++)
    for (let second = first + 1; second < faces.length; second++)
      if (outcome(first, second) === 'compared') yield { first, second, evidence: pairEvidence(faces[first]!, faces[second]!, tool.scores[first * faces.length + second]!) };
}

export interface Ratios {
  /** log10 LR; NaN where there is none. */
  readonly table: ScoreTable;
  /** Why compared pairs have no LR, with their number. */
  readonly uncalibrated: Readonly<Record<string, number>>;
}

export function ratiosOf(faces: readonly EvaluatedFace[], tables: PairTables, calibration: Calibration, stamp: EngineStamp): Ratios {
  const digests = scoreDigests(stamp);
  const uncalibrated: Record<string, number> = {};
  const found: { first: number; second: number; score: number }[] = [];
  for (const { first, second, evidence } of comparedPairs(faces, tables)) {
    const answer = evaluatePair(calibration, digests, evidence);
    if ('ratio' in answer) found.push({ first, second, score: answer.ratio.log10Lr });
    else uncalibrated[answer.uncalibrated] = (uncalibrated[answer.uncalibrated] ?? 0) + 1;
  }
  return { table: scoreTable(faces.length, found), uncalibrated };
}

/**
 * Compared pairs of one design each, of one kind, with what the labels say of them and the places of both faces. Two
 * photographs of one specimen share more than its tool's marks and are left out, where the manifest names specimens.
 * @throws Problem invalid-request where `design_id` or `tool_id` is missing
 */
export function labelledEvidence(faces: readonly EvaluatedFace[], tables: PairTables, manifest: Manifest, kind: SpecimenKind): (LabelledEvidence & { readonly first: number; readonly second: number })[] {
  const [designs, tools, specimens] = [manifest.label('design_id'), manifest.label('tool_id'), manifest.label('specimen_id')];
  if (!designs || !tools) throw problem('invalid-request', {}, [{ pointer: '/manifest.csv', detail: 'every photograph needs design_id and tool_id' }]);
  if (faces.some((f) => f.surface)) throw problem('invalid-request', {}, [{ pointer: '/manifest.csv', detail: 'calibrations are of photographs; scores of scanned surfaces have none yet' }]);
  return [...comparedPairs(faces, tables)].flatMap(({ first, second, evidence }) =>
    designs[first] === designs[second] && evidence.kind === kind && !(specimens && specimens[first] === specimens[second]) ? [{ ...evidence, first, second, design: designs[first]!, tools: [tools[first]!, tools[second]!] as const }] : [],
  );
}
