/** What made the figures: version and digests, printed with them and part of every cached result's key. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parametersDigest as comparisonDigest, surfaceSearchDigest, toolDigest } from '../../comparison/index.ts';
import { parametersDigestOf } from '../../domain/index.ts';
import { FEATURE_VERSION, lightsDigest, marksDigest, parametersDigest as featuresDigest, surfaceDigest } from '../../features/index.ts';
import { MEASURE_PARAMETERS } from '../../imaging/index.ts';
import { addonDigest } from '../../platform/native/index.ts';

export interface EngineStamp {
  readonly engine: string;
  readonly featureVersion: number;
  /** SHA-256 of each stage's parameters, and of the compiled addon. */
  readonly digests: { readonly measure: string; readonly features: string; readonly marks: string; readonly lights: string; readonly comparison: string; readonly tools: string; readonly addon: string };
  /** The same of the stages that scanned surfaces go through. */
  readonly surfaces: { readonly relief: string; readonly comparison: string };
}

export const sha256 = (...parts: (string | Uint8Array)[]): string => parts.reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256')).digest('hex');

export function engineStamp(): EngineStamp {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
  return { engine: version, featureVersion: FEATURE_VERSION, digests: { measure: parametersDigestOf('imaging', MEASURE_PARAMETERS), features: featuresDigest, marks: marksDigest, lights: lightsDigest, comparison: comparisonDigest, tools: toolDigest, addon: addonDigest() }, surfaces: { relief: surfaceDigest, comparison: surfaceSearchDigest } };
}
