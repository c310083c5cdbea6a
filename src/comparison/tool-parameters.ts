/** Every constant of the tool comparison. Science, not configuration: nothing outside sets them. */
import { parameter, parametersDigestOf, parameterValues, type ParameterTable } from '../domain/index.ts';

const DEV = 'pressed-dev L01-L07';

/** Millimetres on a tablet; on a brick every length is as many times longer as MARK_PARAMETERS.brickScale says. */
export const TOOL_PARAMETERS = Object.freeze({
  poses: parameter(10, 'poses', [1, 32], 'Coarse poses that are refined on the logo field.', 'A gear of ten teeth has ten that agree'),
  poseSteps: parameter(2, 'steps', [0, 20], 'Steps of that refinement.', DEV),
  poseShifts: parameter(0, 'steps', [0, 4], 'Shifts of whole faces that are tried to each side of the coarse search.', `${DEV}: 1 is no better; the refinement finds them`),
  poseScales: parameter(0, 'steps', [0, 4], 'Scales, likewise.', `${DEV}: 1 is no better`),
  circleShift: parameter(0, 'r', [0, 0.2], 'How far the centre of an engraved circle may lie from that of the outline in that search.', `${DEV}: 0.054, as for designs, is no better`),
  hypotheses: parameter(8, 'poses', [1, 32], 'Poses that are tried on the strokes, turns by a symmetry not counted.', `42 unseen simulated designs: 8 to 14 alike; ${DEV}: 6 lose right ones`),
  symmetryFrom: parameter(0.2, '1', [0.05, 1], 'Agreement of a logo field with itself, turned by 180, 120, 90, 72, 144 or 60 degrees, above the least of these (or 0), from which the best pose is tried so turned too, where both faces are lit by one lamp.', 'Simulated stars 0.3 to 0.4, trefoils 0.3, snowflakes 0.7, designs without a symmetry below 0.2; a small heart has 0.2 to 0.3 in every turn, a smiley 0.3 to 0.4'),
  hypothesisFloor: parameter(0.5, '1', [0, 1], 'Agreement of the logo fields, over that of the best pose, below which a pose is not tried.', `${DEV}: 0.3 is no better, 0.65 worse`),
  iterations0: parameter(12, 'steps', [0, 30], 'Steps of the registration on coarse strokes.', `${DEV}, and three simulated sets of 12 to 20 designs: fewer steps are worse, more cost`),
  iterations1: parameter(10, 'steps', [0, 30], 'Steps on middle strokes.', 'The same'),
  iterations2: parameter(8, 'steps', [0, 30], 'Steps on fine strokes.', 'The same'),
  points0: parameter(2000, 'places', [200, 100000], 'Coarse strokes: places that are registered, the steepest of the face.', `Cost; ${DEV}: 3000 and all are no better`),
  points1: parameter(8000, 'places', [200, 100000], 'Middle strokes, likewise.', 'Cost; simulated, 20 designs: 4000 are worse, all are no better'),
  points2: parameter(8000, 'places', [200, 100000], 'Fine strokes, likewise.', 'The same'),
  sample0: parameter(1, 'cells', [1, 4], 'Coarse strokes: every how manieth cell may be such a place.', 'Few cells'),
  sample1: parameter(1, 'cells', [1, 4], 'Middle strokes, likewise.', 'Few cells'),
  sample2: parameter(2, 'cells', [1, 4], 'Fine strokes, likewise.', 'Cost; neighbours tell nearly the same'),
  doubt: parameter(1, '1', [0.5, 10], 'Squared residual, over its mean, at which a cell counts half.', 'Cauchy; strokes that one lamp hides and chips must not pull'),
  stiffness: parameter(0.1, '1', [0, 1], 'How far the affine part of a step is held back, as a share of its own curvature.', DEV),
  stretch: parameter(0.02, '1', [0.001, 100], 'How much a mapping stretches more along one line than across it (standard deviation), as far as the strokes do not tell.', `Tilt of 10 degrees is 0.015; without it few strokes followed their noise to 0.03 to 0.09. EER, raking, on L01-L07 and two sets of 18 and 24 unseen simulated designs: 3.8, 7.5, 4.4 % without both, 3.7, 7.2, 4.2 % with; 0.008 to 0.05 alike`),
  scaleError: parameter(0.05, '1', [0.001, 100], 'How much the scales of two faces differ (standard deviation), as far as the strokes do not tell.', 'A ruler on the table reads 3 to 13 % too large; 0.03 is a little better on those sets, whose scales are told rightly'),
  alike: parameter(10, 'places', [1, 100], 'Neighbouring places of the strokes that tell one thing, next to that.', 'Set by hand: bands of strokes are a few cells wide; four times as much is stretch 0.01'),
  longestStep: parameter(0.1, 'mm', [0.01, 1], 'Longest shift of one step.', 'Beyond it the linear model says nothing'),
  rival: parameter(0.4, '1', [0, 1], 'Agreement of the registered strokes, over that of the best pose, from which a pose is followed.', `Where lamps differ, strokes agree better in a wrong pose: 42 unseen simulated designs, EER 6.4 and 3.9 % at 0.5, 5.6 and 3.6 % at 0.4 and 0.3; ${DEV}: alike`),
  same0: parameter(0.08, 'mm', [0.005, 1], 'Poses that differ less than this within the face are one, once the coarse strokes are registered.', `They end in one place on finer strokes; saves a tenth of the registration; 42 unseen simulated designs and ${DEV}: alike up to 0.16 and 0.08, which lose a brick and a smiley that two starts near each other find`),
  same1: parameter(0.04, 'mm', [0.005, 1], 'On middle strokes, likewise.', 'The same'),
  same2: parameter(0.02, 'mm', [0.005, 1], 'On fine strokes, likewise.', `Less than the finest mark; simulated, 20 designs: 0.04 is a little worse`),
  wallHalf: parameter(5, '1', [0.05, 10], 'Energy of the walls, over the mean of the face, at which a mark counts half.', `18 unseen simulated designs: AUC 0.903 at 0.34, 0.929 at 1, 0.945 at 5: the network tells walls from marks; ${DEV}: alike`),
  surroundings: parameter(0.5, '1', [0, 1], 'Share of the agreement in other shifts (their median) that is taken off.', `18 unseen simulated designs and ${DEV}: AUC 0.002 to 0.005 better than 1; what marks agree over more than the reach belongs to them too`),
  reach: parameter(0.09, 'mm', [0.02, 0.5], 'How far the marks may lie from where a pose puts them.', `Without a network, ${DEV}: 0.09 to 0.13 alike`),
  cell: parameter(1.35, 'mm', [0.6, 5], 'Side of a cell.', 'Not varied here; in an earlier method 0.9 and 2 mm did not help'),
  fewCells: parameter(3, 'cells', [0, 20], 'So many cells carry half of what an agreement of the marks is worth.', 'A strong scratch of each face can be laid on each other somewhere: the best agreements of two tools are carried by 1 to 4 cells, those of one tool by 4 to 10 (L01-L07 and 42 unseen simulated designs); 2 to 4 alike'),
  nearTurn: parameter(6, 'deg', [0, 20], 'How far the marks may be turned from where the strokes lie: few strokes leave a turn open.', 'Pairs of one tool with next to no score, 55 of two sets of unseen simulated designs: in two of three of those whose marks can be laid on each other at all, the strokes were off by up to 6 degrees'),
  nearShift: parameter(0.3, 'mm', [0, 1], 'How far they may then be shifted.', 'The same pairs: up to 0.2 mm, and one coarse place more'),
  nearGain: parameter(0.025, '1', [0, 1], 'By how much the marks must agree better there, over all cells alike, for such a place to be followed.', 'Cost: beside one pose in seven such a place is; 0.01 is no better'),
  nearPrior: parameter(4, '1', [0, 10], 'Logarithm by which such a place is less likely than that of the strokes: it is the best of some hundred.', `${DEV} and 42 unseen simulated designs: 3 to 6 alike`),
  wallsExplain: parameter(2, '1', [0, 20], 'How much of an agreement of the marks fully agreeing strokes explain: between tools it grows with them.', `${DEV} and 18 unseen simulated designs: 0 to 2 alike; it was found where no network read the marks: agreement of two tools 0.020 where strokes agree by 0.2, 0.06 by 0.75`),
  wallsPower: parameter(4, '1', [1, 8], 'How steeply that grows with the agreement of the strokes.', 'The same figures; 3 is alike'),
  agreementStep: parameter(1 / 80, '1', [0.001, 0.1], 'Agreement of the marks by which one tool becomes more likely e-fold, where several poses are weighed.', `Scatter of what two tools agree by (0.013 to 0.03 by set); 1/300 to 1/40 alike on ${DEV} and 18 unseen simulated designs`),
  strokesPrior: parameter(6, '1', [0, 50], 'Logarithm by which a pose becomes more likely where its strokes agree by 1 more.', '3 to 10 alike: where lamps differ, strokes agree better in a wrong pose as often as not'),
  usualArea: parameter(13.5, 'mm2', [1, 100], 'Surface at which an agreement counts as it is: on less, chance agrees more.', 'Sets the level of scores; pairs of L01-L07 and of 18 simulated designs show 15 to 62, 40 in the middle'),
  designArea: parameter(30, 'mm2', [1, 1000], 'Surface on which chance agrees as much as what is left of the design, which does not grow less with more surface.', `${DEV} and 18 unseen simulated designs: 5 to 100 alike`),
  elsewhereFrom: parameter(0.3, 'mm', [0.05, 2], 'Poses that differ by more than this within the face lie elsewhere.', 'Three times the reach of the marks'),
  elsewhereChance: parameter(0.12, '1', [0, 1], 'Agreement of the marks in another pose that is chance.', `${DEV} and 18 unseen simulated designs: from 0.12 on as good as nothing taken off, 0.04 costs 0.01 of the AUC; designs of concentric rings had 0.1 to 0.3`),
  elsewhereWeight: parameter(1.2, '1', [0, 5], 'Share of what agrees beyond that in another pose that is taken off: one tool\'s marks agree in one pose, what agrees in several is the design\'s.', `Without a network, 12 simulated designs (rings among them): from 1 on tools accepted at FAR 1 % rise from 4 to 40 %; ${DEV}: no change`),
  cellKnown: parameter(0.3, '1', [0, 1], 'Share of a cell that both faces must show, places on walls counted less; a cell with less is uninformative.', DEV),
  cellAgrees: parameter(0.2, '1', [0, 1], 'Agreement from which a cell is shown as agreeing.', `${DEV} and 18 unseen simulated designs: reached by one cell in twenty of different tools`),
  cellDisagrees: parameter(0.05, '1', [0, 1], 'Agreement below which a cell is shown as disagreeing.', `${DEV} and 18 unseen simulated designs: half of the cells of different tools, one in six to four of one tool`),
  leastArea: parameter(4, 'mm2', [1, 50], 'Surface that both faces must show, places on walls counted less, or there is no statement.', 'Set by hand: a fragment with less shows a few marks at most; whole faces of L01-L07 and of 18 simulated designs show 15 to 62'),
  sameDesign: parameter(0.25, '1', [0, 1], 'Design score below which tools are not compared: faces of two designs were not pressed by one tool.', 'The lowest of 1,680 path-traced pairs of one design is 0.30'),
} satisfies ParameterTable);

/** Name -> value, for the kernel. */
export const toolValues = (): Record<keyof typeof TOOL_PARAMETERS, number> => parameterValues(TOOL_PARAMETERS);

export const toolDigest: string = parametersDigestOf('tools/3', TOOL_PARAMETERS);
