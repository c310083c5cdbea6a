/**
 * Three lines -> the likelihood ratio of a link: "a tool or a batch in common" over "neither".
 *
 * P(evidence | linked) is a mean over what linked pairs have in common, each with the share it has among the linked pairs of
 * a reference; so is P(evidence | not linked). Given what is in common, the three lines are taken to be independent: pressing
 * does not change the powder, and the powder leaves no mark of a tool. A missing line is LR 1 in every state.
 * Source: Taroni et al. 2014, Bayesian Networks for Probabilistic Inference and Decision Analysis in Forensic Science, 2nd ed.
 */
import type { PairState, Proposition } from './propositions.ts';

/** What stands beside every figure of a link. */
export const LINK_ASSUMPTION = 'Given what the two have in common, design, marks and powder are taken to be independent; how often linked pairs share the tool, the batch or both is that of the reference.';

/** Numbers of pairs of the reference, by what they have in common. */
export type StateCounts = Readonly<Record<PairState, number>>;

/** log10 LR of every line; 0 where there is none. */
export type LineValues = Readonly<Record<Proposition, number>>;

const LINKED = ['batch', 'design-batch', 'design-tool', 'design-tool-batch'] as const satisfies readonly PairState[];
const APART = ['nothing', 'design'] as const satisfies readonly PairState[];
/** Added to every count (Jeffreys): what was not seen in the reference may still be. */
const UNSEEN = 0.5;

/** log10 LR of a link. Grows with the lines of tool and batch; either way with that of the design, which tools and batches may share or not. */
export function linkRatio(lines: LineValues, counts: StateCounts): number {
  return meanOver(LINKED, lines, counts) - meanOver(APART, lines, counts);
}

/** log10 of P(evidence | one of the states) / P(evidence | nothing in common). */
function meanOver(states: readonly PairState[], lines: LineValues, counts: StateCounts): number {
  const total = states.reduce((sum, state) => sum + counts[state] + UNSEEN, 0);
  const terms = states.map((state) => Math.log10((counts[state] + UNSEEN) / total) + stateRatio(state, lines));
  const most = Math.max(...terms);
  return most + Math.log10(terms.reduce((sum, term) => sum + 10 ** (term - most), 0));
}

function stateRatio(state: PairState, { design, tool, batch }: LineValues): number {
  return (state.startsWith('design') ? design : 0) + (state.includes('tool') ? tool : 0) + (state.endsWith('batch') ? batch : 0);
}
