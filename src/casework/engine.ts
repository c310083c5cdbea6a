/**
 * The engine as casework sees it: bytes -> examined faces, and the comparison of two logo designs. `productionEngine`
 * puts the pure floors together; tests lend a small one.
 */
import { compareDesigns, parametersDigest as comparisonDigest, type ComparisonPicture, type DesignComparison } from '../comparison/index.ts';
import { parametersDigestOf } from '../domain/index.ts';
import { FEATURE_VERSION, decodeFeatureSet, encodeFeatureSet, extract, parametersDigest as featuresDigest, type FeatureSet } from '../features/index.ts';
import { MEASURE_PARAMETERS, cutFace, decode, measure, type FaceCrop, type FaceGeometry, type MeasureHints, type MeasuredFace, type Photograph } from '../imaging/index.ts';
import { DrawingThread } from './drawing.ts';

export interface ExaminedFace {
  readonly face: MeasuredFace;
  readonly features: FeatureSet;
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
  encodeFeatures(features: FeatureSet): Uint8Array;
  decodeFeatures(bytes: Uint8Array): FeatureSet;
  compare(probe: FeatureSet, candidates: readonly FeatureSet[]): Promise<DesignComparison[]>;
  cut(photo: Photograph, geometry: FaceGeometry): Promise<FaceCrop>;
  draw(probe: FaceCrop, candidate: FaceCrop, comparison: DesignComparison): Promise<ComparisonPicture[]>;
}

/** Length of the embedding of the present feature version. */
const EMBEDDING_DIMENSION = 256;

const drawing = new DrawingThread();

export const productionEngine: Engine = {
  featureVersion: FEATURE_VERSION,
  dimension: EMBEDDING_DIMENSION,
  parameters: {
    imaging: parametersDigestOf('imaging', MEASURE_PARAMETERS),
    features: featuresDigest,
    comparison: comparisonDigest,
  },
  decode,
  async examine(photo, hints, progress) {
    const faces = await measure(photo, hints);
    const examined: ExaminedFace[] = [];
    for (const face of faces) {
      progress(examined.length, faces.length);
      examined.push({ face, features: await extract(face) });
    }
    return examined;
  },
  encodeFeatures: encodeFeatureSet,
  decodeFeatures: decodeFeatureSet,
  compare: compareDesigns,
  cut: cutFace,
  draw: (probe, candidate, comparison) => drawing.draw(probe, candidate, comparison),
};
