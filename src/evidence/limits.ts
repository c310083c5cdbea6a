import type { ImageLimits } from '../platform/config/index.ts';

/** What an intake accepts; operators set it (platform/config). */
export interface IntakeLimits extends ImageLimits {
  /** Keep the position of the EXIF block in the record. */
  readonly keepGps: boolean;
}

export const STANDARD_LIMITS: IntakeLimits = Object.freeze({
  maxBytes: 64 * 2 ** 20,
  maxPixels: 100_000_000,
  maxSidePx: 16_384,
  decodeTimeoutSeconds: 60,
  keepGps: false,
});
