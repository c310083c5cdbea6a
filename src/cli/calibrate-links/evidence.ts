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
import { batchEvaluator, evaluateDesigns, type LinkReference, type PanelRatios } from '../../likelihood/index.ts';
import { type Profile, readTable, samePanel } from '../../profiling/index.ts';
import { engineStamp } from '../evaluate/engine.ts';
import { ratiosOf, scoreDigests } from '../evaluate/likelihood.ts';
import { compareFolder } from '../evaluate.ts';
import { holdsProfiles, PROFILES_FILE } from '../evaluate/profiles/table.ts';
import { checkSources, checkUnseen, type LineSources } from './sources.ts';

export interface SpecimenEvidence extends LinkReference {
  readonly ids: readonly string[];
  /** Design and tool score of specimens i and j: what the LRs were made of. */
  readonly scores: (i: number, j: number) => { readonly design: number; readonly tool: number };
}

/**
 * @throws Problem not-found without profiles.csv; invalid-request where the manifest lacks specimen_id, seizure_id, design_id, tool_id
 * or batch_id, no specimen has a profile, or a calibration cannot be used on this set; those of a table
 */
export async function specimenEvidence(folder: string, work: string, { designs, tools, batches }: LineSources, progress = false): Promise<SpecimenEvidence> {
  checkSources({ designs, batches });
  if (!holdsProfiles(folder)) throw problem('not-found', { what: join(folder, PROFILES_FILE) });
  // 1 photographs
  const { manifest, faces, tables } = await compareFolder(folder, work, { progress });
  await checkUnseen({ tools }, manifest);
  const digests = scoreDigests(engineStamp());
  const { table: ratios, uncalibrated } = ratiosOf(faces, tables, tools, engineStamp());
  if (ratios.scores.every(Number.isNaN)) refuse('/--tools', `no two faces of the set have an LR of one tool: ${Object.keys(uncalibrated).join('; ') || 'none could be compared by their marks'}`);
  // 2 specimens
  const label = (column: Parameters<typeof manifest.label>[0]): readonly string[] => manifest.label(column) ?? missing(column);
  const [ids, seizures, designIds, toolIds, batchIds] = (['specimen_id', 'seizure_id', 'design_id', 'tool_id', 'batch_id'] as const).map(label) as [readonly string[], readonly string[], readonly string[], readonly string[], readonly string[]];
  const photographs = [...faces.keys()].filter((k) => ids.indexOf(ids[k]!) === k);
  const own = await profilesOf(folder, photographs.map((k) => ids[k]!));
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

/** Of each specimen its profiles; control samples are none of its own. */
async function profilesOf(folder: string, specimens: readonly string[]): Promise<readonly (readonly Profile[])[]> {
  const { profiles } = readTable(await readFile(join(folder, PROFILES_FILE)));
  const bySpecimen = Map.groupBy(profiles.filter(({ control }) => !control), ({ specimen }) => specimen);
  const own = specimens.map((specimen) => bySpecimen.get(specimen) ?? []);
  if (own.every((list) => list.length === 0)) refuse(`/${PROFILES_FILE}`, 'no profile is of a specimen of manifest.csv: both name them by specimen_id');
  return own;
}

const missing = (column: string): never => refuse('/manifest.csv', `every photograph needs ${column}`);

function refuse(pointer: string, detail: string): never {
  throw problem('invalid-request', {}, [{ pointer, detail }]);
}
