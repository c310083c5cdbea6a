export type { FaceCrop, FaceQuality, MeasuredFace, MeasureHints, Photograph } from './types.ts';
