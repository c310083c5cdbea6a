/** Parameters of finding designs. They decide what is found, never what a score means. */
import { parameter, type ParameterTable } from '../../domain/index.ts';

export const DESIGN_PARAMETERS = Object.freeze({
  nearest: parameter(8, 'designs', [1, 100], 'Known designs, nearest by embedding, that a face is compared with before it founds one of its own.', 'The rank of the true design in the embedding is seldom beyond three; cost'),
  leastDesign: parameter(0.4, '1', [0, 1], 'Design score against the first face of a design below which a face is not laid on its frame.', 'SEARCH_PARAMETERS.sameDesign'),
  laid: parameter(3, 'designs', [1, 20], 'Designs on whose frames a face is laid, to see which it fits best.', 'Look-alikes; cost'),
  fits: parameter(0.95, '1', [0, 2], 'Design score and agreement of the strokes with the frame, summed, from which a face is of a design.', 'Simulated, 8 designs of 100 faces, two of them look-alikes: 799 join faces of their own design only, one does not; one design is found as three. Path-traced L01-L07: all 112 join faces of their own design only; the seven are found as eighteen'),
  growAt0: parameter(8, 'faces', [2, 1000], 'Faces of a design from which its frame is the mean of their strokes, and all are laid again.', 'Simulated, 8 designs of 100 faces: of one tool\'s faces among the best 6 % of the design are 0.42 on the frame of one face, 0.48 on a grown one'),
  growAt1: parameter(32, 'faces', [2, 1000], 'The same, a second time.', 'Simulated: 0.50 on one that has grown twice'),
  growAt2: parameter(128, 'faces', [2, 1000], 'The same, the last time.', 'A mean of 128 faces hardly changes'),
} satisfies ParameterTable);

/** How the work is cut. Where faces lie does not depend on it. */
export const PLACING_PARAMETERS = Object.freeze({
  likely: parameter(24, 'designs', [1, 1000], 'Known designs, nearest by embedding, that a probe is compared with: one drawing may have been found as several.', 'Two milliseconds a design'),
  batch: parameter(32, 'faces', [1, 1000], 'Faces placed in one transaction.', 'About a second'),
  perJob: parameter(256, 'faces', [1, 100000], 'Faces placed by one job; the next job does the next ones, so that uploads get their turn.', 'A few seconds'),
  keptMb: parameter(1024, 'MB', [16, 1e6], 'Vectors of designs that are kept in memory, those searched longest ago go first; one design is kept whole whatever its size.', '20 kB a face: 50,000 faces'),
} satisfies ParameterTable);
