/** The environment as a checked Configuration. The only file that reads process.env. */
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { SETTINGS, type SettingName } from './settings.ts';

export interface ImageLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
  readonly maxSidePx: number;
  readonly decodeTimeoutSeconds: number;
}

export interface Configuration {
  /** Absolute folder of everything the service keeps. */
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** Absolute path of the file that holds the secret of the API keys. */
  readonly keySecretFile: string;
  /** Whom the key of the first start acts for; country null: an operator, for any. */
  readonly firstKey: { readonly agency: string; readonly country: string | null };
  readonly workers: number;
  readonly imageLimits: ImageLimits;
  readonly keepGps: boolean;
  /** Absolute path of the calibration of tool scores; undefined: the bundled one. */
  readonly calibrationFile: string | undefined;
  /** Absolute path of the folder of calibrations of batches; undefined: the bundled ones. */
  readonly batchCalibrations: string | undefined;
  /** Absolute paths of the calibrations of designs and of links; undefined: the bundled ones. */
  readonly designCalibrationFile: string | undefined;
  readonly linkCalibrationFile: string | undefined;
  readonly requestsPerMinute: number;
  /** For the client commands. */
  readonly serviceUrl: string;
  readonly apiKey: string | undefined;
}

export interface ReadConfiguration {
  readonly configuration: Configuration;
  /** One sentence for each variable that begins with RELIEVO_ and means nothing. */
  readonly warnings: readonly string[];
}

export class ConfigurationError extends Error {
  /** @param faults one sentence a variable */
  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}\nSee docs/configuration.md.`);
    this.name = 'ConfigurationError';
  }
}

const absolute = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolve(path));

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param overrides settings a command line gives; they win over the environment
 * @throws ConfigurationError that lists every wrong variable at once
 */
export function readConfiguration(environment: Environment = process.env, overrides: Environment = {}): ReadConfiguration {
  const given: Environment = { ...environment, ...Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)) };
  const faults: string[] = [];
  const read = <Name extends SettingName>(name: Name): z.output<(typeof SETTINGS)[Name]['schema']> => {
    // An empty variable is the same as none: that is how a compose file unsets one.
    const text = given[name] === undefined || given[name] === '' ? SETTINGS[name].standard : given[name];
    const result = SETTINGS[name].schema.safeParse(text);
    if (result.success) return result.data as z.output<(typeof SETTINGS)[Name]['schema']>;
    faults.push(`${name}: ${result.error.issues.map((issue) => issue.message).join('; ')}`);
    return undefined as never;
  };
  const dataFolder = resolve(read('RELIEVO_DATA') ?? '.');
  const configuration: Configuration = {
    dataFolder,
    host: read('RELIEVO_HOST'),
    port: read('RELIEVO_PORT'),
    logLevel: read('RELIEVO_LOG_LEVEL'),
    keySecretFile: resolve(read('RELIEVO_KEY_SECRET_FILE') ?? join(dataFolder, 'key-secret')),
    firstKey: { agency: read('RELIEVO_FIRST_KEY_AGENCY'), country: read('RELIEVO_FIRST_KEY_COUNTRY') ?? null },
    workers: read('RELIEVO_WORKERS'),
    imageLimits: {
      maxBytes: read('RELIEVO_MAX_IMAGE_BYTES'),
      maxPixels: read('RELIEVO_MAX_IMAGE_PIXELS'),
      maxSidePx: read('RELIEVO_MAX_IMAGE_SIDE'),
      decodeTimeoutSeconds: read('RELIEVO_DECODE_TIMEOUT_SECONDS'),
    },
    keepGps: read('RELIEVO_KEEP_GPS'),
    calibrationFile: absolute(read('RELIEVO_CALIBRATION')),
    batchCalibrations: absolute(read('RELIEVO_BATCH_CALIBRATIONS')),
    designCalibrationFile: absolute(read('RELIEVO_DESIGN_CALIBRATION')),
    linkCalibrationFile: absolute(read('RELIEVO_LINK_CALIBRATION')),
    requestsPerMinute: read('RELIEVO_RATE_LIMIT'),
    serviceUrl: read('RELIEVO_URL') ?? 'http://127.0.0.1:8117',
    apiKey: read('RELIEVO_API_KEY'),
  };
  if (faults.length > 0) throw new ConfigurationError(faults);
  const warnings = Object.keys(given)
    .filter((name) => name.startsWith('RELIEVO_') && !(name in SETTINGS))
    .map((name) => `${name} is no setting of Relievo and has no effect`);
  return { configuration, warnings };
}
