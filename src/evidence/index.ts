export { openEvidence } from './admit.ts';
export type { Admitted, AdmitOptions, Evidence, EvidenceParts } from './admit.ts';
export { createImageStore } from './images.store.ts';
export type { ImageStore, SealedImage } from './images.store.ts';
export type { ExifRecord } from './exif.ts';
export { STANDARD_LIMITS } from './limits.ts';
export type { IntakeLimits } from './limits.ts';
export type { ImageType } from './sniff.ts';
