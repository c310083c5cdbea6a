/** The contact page of the demonstration: every probe beside its first candidate. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countryName } from '../../domain/index.ts';
import type { Client } from '../client.ts';
import { type CandidateView, toolColumns } from '../search.ts';
import type { Answer } from './lookup.ts';
import { relationText, type Truth } from './truth.ts';

const KEYS = ['side-by-side', 'overlay', 'tool-marks-shared', 'tool-cells'] as const;

export interface WrittenAnswer extends Answer {
  /** File names, by picture. */
  readonly files: Readonly<Record<string, string>>;
}

/** Writes the pictures of an answer's first candidate; undefined where there is none. */
export async function writePictures(client: Client, answer: Answer, folder: string): Promise<WrittenAnswer | undefined> {
  const first = answer.candidates[0];
  if (!first) return undefined;
  const keys = KEYS.filter((key) => first.pictures.some((picture) => picture.key === key));
  const files = Object.fromEntries(keys.map((key) => [key, `${answer.probe.seizure}-and-${first.seizure.reference}-${key}.png`]));
  for (const key of keys) await writeFile(join(folder, files[key]!), await client.bytes(`/v1/comparisons/${first.comparisonId}/pictures/${key}`));
  return { ...answer, files };
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

/** What is known of one tool, in a sentence. */
function toolText(tool: CandidateView['tool']): string {
  const [score, ratio] = toolColumns(tool);
  if (tool.toolScore === null) return `Tool: ${score}.`;
  return `Tool score ${score}; LR of one tool over two ${ratio}${tool.words ? `: ${tool.words}` : ''}.`;
}

/** The page; pictures lie beside it. */
export function contactPage(answers: readonly WrittenAnswer[], truth: Truth): string {
  const blocks = answers.map(({ probe, candidates, files, search }) => {
    const first = candidates[0]!;
    const { reference, country, agency, seizedOn, drugType } = first.seizure;
    const relation = truth.relation(probe.seizure, reference!);
    return `<section>
<h2>${escape(probe.seizure)}, ${escape(countryName(probe.country))} (${probe.seizedOn}) &rarr; ${escape(reference!)}, ${escape(countryName(country))} (${seizedOn})</h2>
<p>${escape(agency)}${drugType ? `, ${escape(drugType)}` : ''}. Design score <b>${first.designScore.toFixed(3)}</b>. ${escape(toolText(first.tool))} ${escape(search.statement ?? '')} <span class="${relation}">Truth of the simulation: ${relationText(truth, probe.seizure, reference!)}</span></p>
${Object.entries(files).map(([key, name]) => `<img src="${escape(name)}" alt="${key} of ${escape(probe.seizure)} and ${escape(reference!)}" loading="lazy">`).join('\n')}
</section>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Relievo: demonstration</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fafafa}section{margin:2rem 0;border-top:1px solid #ccc}h2{font-size:1.05rem}img{max-height:320px;max-width:100%;margin:0 .5rem .5rem 0}
span{padding:.1rem .5rem;border-radius:.3rem;background:#e7e7e7}.same-tool{background:#cdebd0}.same-design-other-tool{background:#dbe7fb}.look-alike-design{background:#fbe6c8}</style></head>
<body><h1>Demonstration: the first candidate of each seizure in another country</h1>
<p><b>Simulated data.</b> Seizures, agencies and photographs are invented. The design score speaks of the logo design only, which many tools may share: it is no evidence that one tool made both. Fine relief that both show is green, of opposite sign orange; cells that agree are green, that disagree orange.</p>
${blocks.join('\n')}
</body></html>
`;
}
