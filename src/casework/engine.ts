/**
 * The engine as casework sees it: bytes -> examined faces, the comparison of two logo designs and of two tools. `productionEngine`
 * puts the pure floors together; tests lend a small one.
 */
import { compareDesigns, compareTools, parametersDigest as comparisonDigest, type ComparisonPicture, type DesignComparison, frameDigest, growFrame, type LaidFace, layOnFrame, newFrame, type ToolComparison, type ToolFace, toolDigest } from '../comparison/index.ts';
import { parametersDigestOf, Problem } from '../domain/index.ts';
import { FEATURE_VERSION, decodeFeatureSet, decodeMarkSet, encodeFeatureSet, encodeMarkSet, extract, extractMarks, marksDigest, type MarkSet, parametersDigest as featuresDigest, type FeatureSet } from '../features/index.ts';
import { MEASURE_PARAMETERS, cutFace, decode, measure, type FaceCrop, type FaceGeometry, type MeasureHints, type MeasuredFace, type Photograph } from '../imaging/index.ts';
import { DrawingThread, type DrawnTool } from './drawing.ts';

/** What faces are compared by. */
export interface ExtractedFace {
  readonly features: FeatureSet;
  /** Null where the scale cannot be right: the design is compared all the same. */
  readonly marks: MarkSet | null;
}

export interface ExaminedFace extends ExtractedFace {
  readonly face: MeasuredFace;
}

export interface Engine {
  /** Version of the feature extraction; stored features of another one are not searched. */
  readonly featureVersion: number;
  /** Length of an embedding. */
  readonly dimension: number;
  /** Digest of each stage's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  decode(bytes: Uint8Array): Promise<Photograph>;
  /** @throws Problem face-not-found and the other refusals of a photograph */
  examine(photo: Photograph, hints: MeasureHints, progress: (done: number, total: number) => void): Promise<ExaminedFace[]>;
  /** The part of `examine` that comes after measuring. */
  extract(face: MeasuredFace): Promise<ExtractedFace>;
  encodeFeatures(features: FeatureSet): Uint8Array;
  decodeFeatures(bytes: Uint8Array): FeatureSet;
  encodeMarks(marks: MarkSet): Uint8Array;
  decodeMarks(bytes: Uint8Array): MarkSet;
  compare(probe: FeatureSet, candidates: readonly FeatureSet[]): Promise<DesignComparison[]>;
  /** With cells. Only faces of one design: see TOOL_PARAMETERS.sameDesign. */
  compareTools(probe: ToolFace, candidates: readonly ToolFace[]): Promise<ToolComparison[]>;
  /** The frame of a design of which one face is known; a mark set to be kept. */
  newFrame(face: ToolFace): MarkSet;
  /** Where faces lie on a frame; the frame's own face says where its logo is. `shifted`: for a probe. */
  layOnFrame(frame: ToolFace, faces: readonly ToolFace[], options?: { readonly shifted?: boolean }): Promise<(LaidFace | undefined)[]>;
  /** The frame with the mean of the strokes of faces that lie on it. */
  growFrame(frame: MarkSet, faces: readonly { readonly marks: MarkSet; readonly toFace: LaidFace['toFace'] }[]): Promise<MarkSet>;
  cut(photo: Photograph, geometry: FaceGeometry): Promise<FaceCrop>;
  draw(probe: FaceCrop, candidate: FaceCrop, comparison: DesignComparison, tool: DrawnTool | null): Promise<ComparisonPicture[]>;
}

/** Length of the embedding of the present feature version. */
const EMBEDDING_DIMENSION = 256;

const drawing = new DrawingThread();

async function extractFace(face: MeasuredFace): Promise<ExtractedFace> {
  const features = await extract(face);
  return { features, marks: await marksOf(face, features) };
}

async function marksOf(face: MeasuredFace, features: FeatureSet): Promise<MarkSet | null> {
  try {
    return await extractMarks(face, features);
  } catch (thrown) {
    if (thrown instanceof Problem) return null;
    throw thrown;
  }
}

export const productionEngine: Engine = {
  featureVersion: FEATURE_VERSION,
  dimension: EMBEDDING_DIMENSION,
  parameters: {
    imaging: parametersDigestOf('imaging', MEASURE_PARAMETERS),
    features: featuresDigest,
    marks: marksDigest,
    comparison: comparisonDigest,
    tools: toolDigest,
    frames: frameDigest,
  },
  decode,
  async examine(photo, hints, progress) {
    const faces = await measure(photo, hints);
    const examined: ExaminedFace[] = [];
    for (const face of faces) {
      progress(examined.length, faces.length);
      examined.push({ face, ...(await extractFace(face)) });
    }
    return examined;
  },
  extract: extractFace,
  encodeFeatures: encodeFeatureSet,
  decodeFeatures: decodeFeatureSet,
  encodeMarks: encodeMarkSet,
  decodeMarks: decodeMarkSet,
  compare: compareDesigns,
  compareTools: (probe, candidates) => compareTools(probe, candidates, true),
  newFrame,
  layOnFrame,
  growFrame,
  cut: cutFace,
  draw: (probe, candidate, comparison, tool) => drawing.draw({ probe, candidate, comparison, tool }),
};
