/**
 * Every setting an operator can make: one environment variable each, read once at start.
 * Science is not here: the parameters of a stage live in its own parameters.ts and no variable sets them.
 */
import { z } from 'zod';
import { isCountryCode } from '../../domain/index.ts';

const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const count = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

interface Setting<T> {
  readonly schema: z.ZodType<T>;
  /** The value when the variable is not set, as one would write it in the environment; undefined: not set. */
  readonly standard: string | undefined;
  /** One sentence for docs/configuration.md. */
  readonly about: string;
}

const setting = <T>(schema: z.ZodType<T>, standard: string | undefined, about: string): Setting<T> => ({ schema, standard, about });

export const SETTINGS = {
  RELIEVO_DATA: setting(z.string().min(1), './data', 'Folder of the database, the vault and the index files; made when it does not exist.'),
  RELIEVO_HOST: setting(z.string().min(1), '127.0.0.1', 'Address the service listens on; `0.0.0.0` opens it to the network.'),
  RELIEVO_PORT: setting(count(0, 65_535), '8117', 'Port the service listens on; `0` takes a free one.'),
  RELIEVO_LOG_LEVEL: setting(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']), 'info', 'Least severe log line that is written: trace, debug, info, warn, error, fatal or silent.'),
  RELIEVO_KEY_SECRET_FILE: setting(z.string().min(1).optional(), undefined, 'File with the secret that API keys are hashed with (HMAC-SHA-256); made at first start, readable by its owner only. Without it, `key-secret` in the data folder.'),
  RELIEVO_FIRST_KEY_AGENCY: setting(z.string().min(1).max(200), 'operator', 'Agency that the API key made at first start acts for.'),
  RELIEVO_FIRST_KEY_COUNTRY: setting(z.string().refine(isCountryCode, 'an ISO 3166-1 alpha-2 code in capitals').optional(), undefined, 'Country that the API key made at first start acts for. Not set: an operator, who may register seizures of any country.'),
  RELIEVO_WORKERS: setting(count(1, 64), '2', 'Jobs worked on at the same time; each holds one decoded photograph in memory.'),
  RELIEVO_MAX_IMAGE_BYTES: setting(count(1_024, 1_073_741_824), '67108864', 'Largest image file, in bytes.'),
  RELIEVO_MAX_IMAGE_PIXELS: setting(count(1_000, 1_000_000_000), '100000000', 'Most pixels an image may have (width times height); checked before it is decoded.'),
  RELIEVO_MAX_IMAGE_SIDE: setting(count(16, 65_535), '16384', 'Longest side of an image, in pixels; checked before it is decoded.'),
  RELIEVO_DECODE_TIMEOUT_SECONDS: setting(count(1, 600), '60', 'Longest time one image may take to decode when it is received.'),
  RELIEVO_KEEP_GPS: setting(flag, 'false', "Keep the GPS position of a photograph's EXIF block in the record (the sealed original always keeps it)."),
  RELIEVO_CALIBRATION: setting(z.string().min(1).optional(), undefined, 'Calibration that turns tool scores into likelihood ratios (made by `relievo calibrate`). Without it, the bundled one, which is simulated and not for casework.'),
  RELIEVO_BATCH_CALIBRATIONS: setting(z.string().min(1).optional(), undefined, 'Folder of calibrations (.json, made by `relievo calibrate` of profiles) that turn profiles into likelihood ratios of one batch. Without it, the bundled ones, which are simulated and not for casework.'),
  RELIEVO_DESIGN_CALIBRATION: setting(z.string().min(1).optional(), undefined, 'Calibration that turns design scores into likelihood ratios of one design, for evaluations of pairs (made by `relievo calibrate-designs`). Without it, the bundled one, which is simulated and not for casework.'),
  RELIEVO_LINK_CALIBRATION: setting(z.string().min(1).optional(), undefined, 'Calibration that weighs several panels of one powder together and makes the LR of a link of three lines (made by `relievo calibrate-links`). Without it, the bundled one, which is simulated and not for casework.'),
  RELIEVO_RATE_LIMIT: setting(count(1, 1_000_000), '1200', 'Requests one API key may make in a minute.'),
  RELIEVO_URL: setting(z.url({ protocol: /^https?$/ }).optional(), undefined, 'Service the client commands (import, search, link) talk to. Without it, `http://127.0.0.1:8117`.'),
  RELIEVO_API_KEY: setting(z.string().min(1).optional(), undefined, 'API key the client commands send.'),
} as const;

export type SettingName = keyof typeof SETTINGS;
