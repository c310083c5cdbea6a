/** Original -> measured faces. Pure: bytes and numbers in, numbers and pictures out. */
export { decode } from './decode.ts';
export { drawMeasured } from './draw.ts';
export { cutFace, measureKernel } from './kernel.ts';
export { largestFace, measure } from './measure.ts';
export { PARAMETERS as MEASURE_PARAMETERS } from './parameters.ts';
export { turnedOver } from './surface.ts';
export type { Surface, SurfaceRecord } from './surface.ts';
export type { FaceCrop, FaceGeometry, FaceQuality, MeasuredFace, MeasureHints, Photograph } from './types.ts';
export { looksLikeX3p, readX3p } from './x3p-read.ts';
export { writeX3p } from './x3p-write.ts';
