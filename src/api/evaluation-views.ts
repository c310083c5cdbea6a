/** Evaluations as the API shows them: three lines that are never merged, and the LR of a link beside them. */
import { COMPARISON_PICTURES, type ComparedSide, type EvaluatedLine, type EvaluatedLink, type EvaluationAnswer, type EvaluationSide, isSimulated, isSimulatedLink, type LineAnswer, type StoredEvaluation, TOOL_PICTURES } from '../casework/index.ts';
import { HYPOTHESES, inWords, LINK_ASSUMPTION, PRESSING_HYPOTHESES, VERBAL_SCALE } from '../likelihood/index.ts';
import { problemView } from './views.ts';

/** Printed with every LR of a link. */
const LINK_STATEMENT = 'It says where to look first. It replaces none of the three lines: same design is not same tool, same tool is not same batch, and none of them is a decision.';

function figureView(answer: LineAnswer, hypotheses: readonly [string, string], simulated: boolean) {
  const ratio = 'ratio' in answer ? answer.ratio : null;
  return {
    hypotheses: [...hypotheses],
    log10Lr: ratio && { value: ratio.log10Lr, low: ratio.low, high: ratio.high, bounded: ratio.bounded, simulated },
    words: ratio && inWords(ratio.log10Lr, ...hypotheses),
    scale: VERBAL_SCALE.name,
    uncalibrated: 'uncalibrated' in answer ? answer.uncalibrated : null,
  };
}

const groupsView = (groups: readonly (readonly string[])[]): string[][] => groups.map((group) => [...group]);

/** Of the two faces that speak loudest in a line, where there are such. */
const picturesView = (evaluationId: string, { design, tool }: EvaluationAnswer['lines']) =>
  ([['design', design, COMPARISON_PICTURES], ['tool', tool, TOOL_PICTURES]] as const).flatMap(([line, { loudest }, pictures]) =>
    loudest ? pictures.map(({ key, title }) => ({ line, key, title, url: `/v1/evaluations/${evaluationId}/pictures/${line}/${key}` })) : [],
  );

const lineView = (line: EvaluatedLine, hypotheses: readonly [string, string]) => ({
  ...figureView(line.answer, hypotheses, isSimulated(line)),
  calibrations: line.calibrations.map((one) => ({ ...one })),
  pairs: { of: line.pairs.all, evaluated: line.pairs.evaluated, without: Object.entries(line.pairs.without).map(([reason, pairs]) => ({ reason, pairs })) },
  loudest: line.loudest && { first: line.loudest.first, second: line.loudest.second, log10Lr: line.loudest.log10Lr, comparisonUrl: line.loudest.comparisonId && `/v1/comparisons/${line.loudest.comparisonId}` },
  groups: { first: groupsView(line.groups.first), second: groupsView(line.groups.second) },
});

export const linesView = ({ design, tool, batch }: EvaluationAnswer['lines']) => ({
  design: lineView(design, HYPOTHESES.design),
  tool: lineView(tool, HYPOTHESES.tool),
  batch: { ...lineView(batch, HYPOTHESES.batch), panels: batch.panels.map(({ panel, pressing, ...own }) => ({ panel, ...lineView(own, pressing ? PRESSING_HYPOTHESES : HYPOTHESES.batch) })) },
});

export function linkView({ lines, link }: Pick<EvaluationAnswer, 'lines' | 'link'>) {
  const { answer, groups, missing, calibration }: EvaluatedLink = link;
  return {
    ...figureView(answer, HYPOTHESES.link, isSimulatedLink({ lines, link })),
    groups: groups && { first: groupsView(groups.first), second: groupsView(groups.second) },
    assumption: LINK_ASSUMPTION,
    statement: LINK_STATEMENT,
    missing: missing.map((proposition) => {
      const own = lines[proposition].answer;
      return { line: proposition, reason: 'uncalibrated' in own ? own.uncalibrated : '' };
    }),
    calibration: { ...calibration },
  };
}

const sideView = (side: EvaluationSide, compared: ComparedSide | undefined) => ({
  specimenId: 'specimenId' in side ? side.specimenId : null,
  seizureId: 'seizureId' in side ? side.seizureId : null,
  compared: compared ? { ...compared, specimenIds: [...compared.specimenIds] } : null,
});

export function evaluationView({ id, status, problem, request, answer, provenance, jobId, createdAt, finishedAt }: StoredEvaluation) {
  return {
    id,
    status,
    problem: problemView(problem),
    first: sideView(request.first, answer?.sides.first),
    second: sideView(request.second, answer?.sides.second),
    statement: answer && statementOf(answer),
    lines: answer && linesView(answer.lines),
    link: answer && linkView(answer),
    pictures: answer ? picturesView(id, answer.lines) : [],
    provenance: provenance && { ...provenance, parameters: { ...provenance.parameters } },
    jobId,
    createdAt,
    finishedAt,
  };
}

/** How much was compared, in sentences. */
function statementOf({ sides: { first, second }, lines: { design, tool, batch } }: EvaluationAnswer): string {
  const side = ({ specimenIds, of, faces, ofFaces, profiles }: ComparedSide): string => `${specimenIds.length} of ${of} specimens (${faces < ofFaces ? `${faces} of ${ofFaces}` : faces} faces, ${profiles} profiles)`;
  const pairs = (line: EvaluatedLine, items: string): string => `${line.pairs.evaluated} of ${line.pairs.all} pairs of ${items}`;
  return `Compared ${side(first)} with ${side(second)}. There is an LR of one design of ${pairs(design, 'faces')}, of one tool of ${pairs(tool, 'faces')}, of one batch of ${pairs(batch, 'specimens')}.`;
}
