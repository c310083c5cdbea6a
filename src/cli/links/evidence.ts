/**
 * A labelled folder of photographs and profiles -> LRs of every pair of its specimens, by given calibrations. Offline.
 *
 * 1. photographs   compared as `evaluate` compares them: design score, tool score
 * 2. specimens     the first photograph of each, its labels, its profiles
 * 3. lines         LR of design and of tool by that photograph, of one batch by every panel that both were analysed by
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../domain/index.ts';
import { type BatchCalibration, batchEvaluator, type Calibration, type DesignCalibration, evaluateDesigns, type LineCalibrations, type LinkReference, type PanelRatios } from '../../likelihood/index.ts';
import { findPanel, readTable, samePanel } from '../../profiling/index.ts';
import { engineStamp } from '../evaluate/engine.ts';
import { ratiosOf, scoreDigests } from '../evaluate/likelihood.ts';
import { compareFolder } from '../evaluate.ts';
import { PROFILES_FILE } from '../evaluate/profiles/table.ts';

export interface LineSources {
  readonly designs: DesignCalibration;
  readonly tools: Calibration;
  /** One a panel. */
  readonly batches: readonly BatchCalibration[];
}

export interface SpecimenEvidence extends LinkReference {
  readonly ids: readonly string[];
  /** Design and tool score of specimens i and j: what the LRs were made of. */
  readonly scores: (i: number, j: number) => { readonly design: number; readonly tool: number };
}

export const idsOfLines = ({ designs, tools, batches }: LineSources): LineCalibrations => ({ design: designs.id, tool: tools.id, batch: Object.fromEntries(batches.map(({ panel, id }) => [panel.id, id])) });

/** Panels of what a press makes of a powder. */
export const pressingPanels = ({ batches }: LineSources): string[] => batches.map(({ panel }) => panel).filter((panel) => findPanel(panel)?.kind === 'physical').map(({ id }) => id);

/** @throws Problem invalid-request where the manifest lacks specimen_id, seizure_id, design_id, tool_id or batch_id; those of a table */
export async function specimenEvidence(folder: string, work: string, { designs, tools, batches }: LineSources, progress = false): Promise<SpecimenEvidence> {
  // 1 photographs
  const { manifest, faces, tables } = await compareFolder(folder, work, { progress });
  const digests = scoreDigests(engineStamp());
  const ratios = ratiosOf(faces, tables, tools, engineStamp()).table;
  // 2 specimens
  const label = (column: Parameters<typeof manifest.label>[0]): readonly string[] => manifest.label(column) ?? missing(column);
  const [ids, seizures, designIds, toolIds, batchIds] = (['specimen_id', 'seizure_id', 'design_id', 'tool_id', 'batch_id'] as const).map(label) as [readonly string[], readonly string[], readonly string[], readonly string[], readonly string[]];
  const photographs = [...faces.keys()].filter((k) => ids.indexOf(ids[k]!) === k);
  const { profiles } = readTable(await readFile(join(folder, PROFILES_FILE)));
  const bySpecimen = Map.groupBy(profiles.filter(({ control }) => !control), ({ specimen }) => specimen);
  const own = photographs.map((k) => bySpecimen.get(ids[k]!) ?? []);
  // 3 lines
  const n = faces.length;
  const kinds = faces.map(({ features }) => features?.kind ?? null);
  const panels = batches.map((calibration) => ({ id: calibration.panel.id, sides: own.map((list) => list.filter(({ panel }) => samePanel(panel, calibration.panel))), evaluator: batchEvaluator(calibration) }));
  const panelsOf = (i: number, j: number): PanelRatios => Object.fromEntries(panels.flatMap(({ id, sides, evaluator }) => {
    if (sides[i]!.length === 0 || sides[j]!.length === 0) return [];
    const answer = evaluator.evaluate(sides[i]!, sides[j]!);
    return 'ratio' in answer ? [[id, answer.ratio.log10Lr] as const] : [];
  }));
  const designOf = (a: number, b: number): number => {
    const score = tables.design.scores[a * n + b]!;
    if (kinds[a] === null || kinds[a] !== kinds[b] || Number.isNaN(score)) return Number.NaN;
    const answer = evaluateDesigns(designs, digests, { designScore: score, kind: kinds[a]! });
    return 'ratio' in answer ? answer.ratio.log10Lr : Number.NaN;
  };
  const remembered = new Map<number, ReturnType<LinkReference['evidence']>>();
  return {
    ids: photographs.map((k) => ids[k]!),
    specimens: photographs.map((k) => ({ seizure: seizures[k]!, design: designIds[k]!, tool: toolIds[k]!, batch: batchIds[k]! })),
    scores: (i, j) => ({ design: tables.design.scores[photographs[i]! * n + photographs[j]!]!, tool: tables.tool.scores[photographs[i]! * n + photographs[j]!]! }),
    evidence: (i, j) => {
      const key = i * photographs.length + j;
      let found = remembered.get(key);
      if (!found) {
        const [a, b] = [photographs[i]!, photographs[j]!];
        remembered.set(key, (found = { design: designOf(a, b), tool: ratios.scores[a * n + b]!, panels: panelsOf(i, j) }));
      }
      return found;
    },
  };
}

function missing(column: string): never {
  throw problem('invalid-request', {}, [{ pointer: '/manifest.csv', detail: `every photograph needs ${column}` }]);
}
