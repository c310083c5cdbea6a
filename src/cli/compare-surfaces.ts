/** `relievo compare` on two X3P files: one tool? And do they lie as they are declared to? */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawSurfaces, findRelation, SURFACE_SEARCH_PARAMETERS, type SurfaceRelation, type ToolComparison, undone } from '../comparison/index.ts';
import { extractSurfaceMarks, lengthsFor, type SurfaceMarks } from '../features/index.ts';
import { readX3p } from '../imaging/index.ts';

/** @returns what is printed */
export async function compareSurfaceFiles([a, b]: readonly [string, string], bytes: readonly [Uint8Array, Uint8Array], relation: SurfaceRelation, pictures: string | undefined, json: boolean): Promise<string> {
  const surfaces = [readX3p(bytes[0]), readX3p(bytes[1])] as const;
  const lengths = Math.min(...surfaces.map(lengthsFor));
  const [probe, candidate] = [await extractSurfaceMarks(surfaces[0], lengths), await extractSurfaceMarks(surfaces[1], lengths)];
  const relations = await findRelation(probe, candidate);
  const { comparison } = relations.find((r) => r.relation === relation)!;
  const best = relations[0]!;
  const found = best.comparison.toolScore >= SURFACE_SEARCH_PARAMETERS.relationFrom.value ? best.relation : null;
  if (pictures) {
    await mkdir(pictures, { recursive: true });
    for (const { key, png } of await drawSurfaces(probe, undone(candidate, relation), comparison)) await writeFile(join(pictures, `${key}.png`), png);
  }
  if (json) return `${JSON.stringify(answerOf(probe, candidate, relation, found, comparison, relations))}\n`;
  return textOf(a, b, probe, candidate, relation, found, comparison, relations);
}

type Relations = Awaited<ReturnType<typeof findRelation>>;

const about = ({ areaMm2, roughnessUm }: SurfaceMarks): object => ({ areaMm2, roughnessUm });

function answerOf(probe: SurfaceMarks, candidate: SurfaceMarks, declared: SurfaceRelation, found: SurfaceRelation | null, tool: ToolComparison, relations: Relations): object {
  return {
    relation: { declared, found, scores: Object.fromEntries(relations.map((r) => [r.relation, r.comparison.toolScore])) },
    tool: tool.outcome === 'compared' ? { score: tool.toolScore, partial: tool.partial, areaMm2: tool.areaMm2, pose: tool.pose, cells: tool.cells, likelihoodRatio: null, uncalibrated: UNCALIBRATED } : { score: 0, reason: tool.outcome, areaMm2: tool.areaMm2 },
    surfaces: { probe: about(probe), candidate: about(candidate) },
  };
}

const UNCALIBRATED = 'calibrations are of photographs; scores of scanned surfaces have none yet';

/** What each relation means for the person who scanned. */
const MEANING: Readonly<Record<SurfaceRelation, string>> = {
  'as-scanned': 'both are of one kind and lie alike',
  inverted: 'the heights of one are negated: a replica mode of the instrument',
  mirrored: 'one is a mirror image: writers of files disagree about the first row',
  'inverted-mirrored': 'one is the counterpart of the other: tool and impression, or a cast',
};

function textOf(a: string, b: string, probe: SurfaceMarks, candidate: SurfaceMarks, declared: SurfaceRelation, found: SurfaceRelation | null, tool: ToolComparison, relations: Relations): string {
  const lines = [`${a} (probe) and ${b} (candidate): scanned surfaces of ${probe.areaMm2.toFixed(2)} and ${candidate.areaMm2.toFixed(2)} mm2, roughness of the marks ${probe.roughnessUm.toFixed(2)} and ${candidate.roughnessUm.toFixed(2)} um`, ''];
  if (tool.outcome === 'unsuitable') lines.push('Same tool: no statement. Too little of one surface was measured.');
  else if (tool.outcome === 'strokes-not-registered') lines.push('Same tool: no pose was found in which the two surfaces agree. The tool score is 0.');
  else {
    const count = (v: string): number => tool.cells.filter((c) => c.verdict === v).length;
    lines.push(`Same tool (individual marks): tool score ${tool.toolScore.toFixed(3)}; it orders pairs, it is no probability.`);
    lines.push(`  over ${tool.areaMm2.toFixed(2)} mm2 that both show; cells: ${count('agrees')} agree, ${count('disagrees')} disagree, ${count('undecided')} undecided, ${count('uninformative')} uninformative; the candidate is turned by ${tool.pose!.rotationDeg.toFixed(1)} degrees.`);
    lines.push(`  uncalibrated, no likelihood ratio: ${UNCALIBRATED}.`);
  }
  lines.push(`Relation: declared ${declared}. Scores: ${relations.map((r) => `${r.relation} ${r.comparison.toolScore.toFixed(3)}`).join(', ')}.`);
  if (found === null) lines.push(`  In none do they agree (below ${SURFACE_SEARCH_PARAMETERS.relationFrom.value}), so that how they lie to one another cannot be told.`);
  else lines.push(`  ${found === declared ? 'They agree as declared' : `They agree when taken as ${found}, NOT as declared`}: ${MEANING[found]}.${found === declared ? '' : ` When that is how they were scanned, compare again with --relation ${found}.`}`);
  return `${lines.join('\n')}\n`;
}
