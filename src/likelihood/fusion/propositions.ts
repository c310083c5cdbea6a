/** The three propositions about two specimens or two seizures, and what may be true of them together. */
import { BATCH_HYPOTHESES, TOOL_HYPOTHESES } from '../verbal.ts';

export const PROPOSITIONS = ['design', 'tool', 'batch'] as const;
export type Proposition = (typeof PROPOSITIONS)[number];

/** Whether the two have it in common. */
export type SharedSources = Readonly<Record<Proposition, boolean>>;

/** H1 and H2 of every line, and of what all three say of a link. */
export const HYPOTHESES: Readonly<Record<Proposition | 'link', readonly [string, string]>> = {
  design: ['one design', 'two designs'],
  tool: TOOL_HYPOTHESES,
  batch: BATCH_HYPOTHESES,
  link: ['a tool or a batch in common', 'neither a tool nor a batch in common'],
};

/** A tool has one design: what shares the tool shares the design. */
export const STATES = ['nothing', 'design', 'batch', 'design-batch', 'design-tool', 'design-tool-batch'] as const;
export type PairState = (typeof STATES)[number];

/** Of a pair that shares a tool, the design is taken to be shared. */
export function stateOf({ design, tool, batch }: SharedSources): PairState {
  if (tool) return batch ? 'design-tool-batch' : 'design-tool';
  if (design) return batch ? 'design-batch' : 'design';
  return batch ? 'batch' : 'nothing';
}

export const isLinked = ({ tool, batch }: Pick<SharedSources, 'tool' | 'batch'>): boolean => tool || batch;
