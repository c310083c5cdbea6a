/** Shots as other makers, presses and lamps would have left them, so that a network does not learn the simulator's taste. */
import { type Capture, drawTool, type Marks, type PlannedPiece, type PlannedShot, Random, type Tool } from '../../fixtures/press-simulator/index.ts';

export interface Widening {
  /** All tools of a design share one drawing: only their marks differ. */
  readonly twins?: boolean;
  /** Lamps lower and higher than the simulator's own, with more and less light from all sides. */
  readonly lamps?: boolean;
}

const DEGREE = Math.PI / 180;

/** A table of the kernels, row by row changed. */
function eachRow(table: Float32Array, columns: number, change: (row: Float32Array) => void): Float32Array {
  const out = table.slice();
  for (let i = 0; i < out.length; i += columns) change(out.subarray(i, i + columns));
  return out;
}

function scaleBy(row: Float32Array, column: number, factor: number): void {
  row[column] = row[column]! * factor;
}

/** Wider, flatter, finer marks; some scratches are grooves on the specimen. The same stream changes both states of wear alike. */
function widenedMarks(marks: Marks, r: Random): Marks {
  const [scratch, lay, spot] = ['scratches', 'lays', 'spots'].map((name) => r.fork(name)) as [Random, Random, Random];
  const [width, height, pitch, amplitude, dent] = [scratch.scale(0.6, 1.6), scratch.scale(0.35, 1.6), lay.scale(0.5, 1.8), lay.scale(0.25, 1.6), spot.scale(0.4, 1.6)];
  return {
    ...marks,
    wear: marks.wear * r.fork('wear').scale(0.6, 1.6),
    scratches: {
      ...marks.scratches,
      spec: eachRow(marks.scratches.spec, 4, (row) => {
        scaleBy(row, 0, width * scratch.scale(0.7, 1.4));
        scaleBy(row, 1, height * scratch.scale(0.5, 1.5) * (scratch.chance(0.12) ? -0.6 : 1));
      }),
    },
    lays: eachRow(marks.lays, 9, (row) => (scaleBy(row, 4, pitch), scaleBy(row, 5, amplitude))),
    spots: eachRow(marks.spots, 9, (row) => {
      if (row[0] !== 0) return; // a nick of the drawing
      scaleBy(row, 3, spot.scale(0.5, 1.6));
      scaleBy(row, 4, dent);
    }),
  };
}

function widenedLamp({ light, scene, ...rest }: Capture, r: Random): Capture {
  const { lamp } = scene;
  const turn = DEGREE * (light === 'ring' ? r.between(-10, 14) : r.between(-6, 12));
  const fill = r.scale(0.6, 2.5);
  const samples = eachRow(lamp.samples, 4, (row) => {
    const [x, y, z] = row as unknown as [number, number, number];
    const flat = Math.hypot(x, y);
    const elevation = Math.min(1.5, Math.max(0.12, Math.atan2(z, flat) + turn));
    row.set([(Math.cos(elevation) * x) / flat, (Math.cos(elevation) * y) / flat, Math.sin(elevation)]);
  });
  return { ...rest, light, scene: { ...scene, lamp: { ...lamp, samples, ambient: lamp.ambient.map((v) => v * fill) } } };
}

/** Powders of other grain. */
function widenedPieces(pieces: readonly PlannedPiece[], r: Random): PlannedPiece[] {
  const [grain, size, coarse, fill] = [r.scale(0.5, 1.3), r.scale(0.6, 1.5), r.scale(0.5, 1.5), r.scale(0.6, 1.8)];
  return pieces.map(({ specimen, ...piece }) => ({ ...piece, specimen: { ...specimen, grain: specimen.grain * grain, grainSize: specimen.grainSize * size, coarse: specimen.coarse * coarse, fill: specimen.fill * fill } }));
}

/** The same plan of other tools, powders and lamps; what is one tool or one capture stays one. */
export function widened(plan: readonly PlannedShot[], { twins, lamps }: Widening, r: Random): PlannedShot[] {
  const tools = new Map<string, Tool>();
  const hands = new Map<string, Tool['hand']>();
  const toolOf = ({ tool }: PlannedShot): Tool => {
    const known = tools.get(tool.id);
    if (known) return known;
    const own = r.fork(tool.id);
    const hand = hands.get(tool.design.id) ?? tool.hand;
    hands.set(tool.design.id, hand);
    const drawn = twins ? drawTool(tool.design, tool.id, own.fork('twin'), hand) : tool;
    const made = { ...drawn, marks: { early: widenedMarks(drawn.marks.early, own.fork('marks')), late: widenedMarks(drawn.marks.late, own.fork('marks')) } };
    tools.set(tool.id, made);
    return made;
  };
  return plan.map((shot) => {
    const own = r.fork(shot.captureId);
    return { ...shot, tool: toolOf(shot), pieces: widenedPieces(shot.pieces, own.fork('powder')), capture: lamps ? widenedLamp(shot.capture, own.fork('lamp')) : shot.capture };
  });
}
