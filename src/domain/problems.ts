/**
 * Every refusal Relievo can give. One table: code -> HTTP status, title, what the user can do.
 * The same object travels through jobs, bulk lines, the CLI and (as RFC 9457) the API.
 */

export interface ProblemDefinition {
  readonly status: number;
  readonly title: string;
  /** What the user can do about it. `{name}` is replaced by the parameter of that name. */
  readonly action: string;
}

const define = <T extends Record<string, ProblemDefinition>>(table: T): T => table;

export const PROBLEMS = define({
  'internal': { status: 500, title: 'Something went wrong inside Relievo', action: 'Try again; when it persists, give the request id to the operator.' },
  'addon-missing': { status: 500, title: 'The native addon is not built', action: 'Run `node scripts/setup.mjs` in the Relievo folder. ({reason})' },
  'invalid-request': { status: 400, title: 'The request is not valid', action: 'Correct the fields listed in `errors`.' },
  'not-found': { status: 404, title: 'There is no such resource', action: 'Check the address; {what} was not found.' },
  // the API's own refusals
  'unauthenticated': { status: 401, title: 'A valid API key is needed', action: 'Send `Authorization: Bearer rk_...`. ({reason})' },
  'not-allowed': { status: 403, title: 'This key may not do that', action: 'Use a key that may: {reason}.' },
  'method-not-allowed': { status: 405, title: 'The resource does not know this method', action: 'Use one of: {allowed}.' },
  'media-type-unsupported': { status: 415, title: 'The body has a media type this route does not read', action: 'Send one of: {allowed}.' },
  'body-too-large': { status: 413, title: 'The request body is larger than the limit', action: 'Send at most {limit} bytes.' },
  'reference-taken': { status: 409, title: 'The reference is already in use', action: 'Use {existing}, or give the new record another reference.' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used with another request', action: 'Send a new key with a new request, or repeat the first request unchanged.' },
  'request-still-running': { status: 409, title: 'The first request with this Idempotency-Key is still running', action: 'Repeat the request after a moment.' },
  'search-unfinished': { status: 409, title: 'The search has no result yet', action: 'Follow {job}; its status is {status}.' },
  'too-many-requests': { status: 429, title: 'Too many requests', action: 'Wait {seconds} s, then go on.' },
  'service-busy': { status: 503, title: 'The service cannot answer right now', action: 'Try again after a moment. ({reason})' },
  'data-folder-in-use': { status: 503, title: 'Another service uses this data folder', action: 'Stop the other service, or set RELIEVO_DATA to another folder than {folder}.' },
  'job-interrupted': { status: 500, title: 'The work was cut off too often', action: 'The service ended {found} times while it worked on this; send it again when the service is stable, and tell the operator.' },
  // bytes -> sealed original
  'image-type-unsupported': { status: 415, title: 'The file is not an image Relievo reads', action: 'Send a JPEG, PNG, TIFF or WebP file; these bytes look like {found}.' },
  'image-type-mismatch': { status: 415, title: 'The declared type is not the type of the bytes', action: 'Declare {found} instead of {declared}, or check the file.' },
  'image-too-large': { status: 413, title: 'The image is larger than the limit', action: 'Send at most {limit}; this one has {found}.' },
  'image-corrupt': { status: 422, title: 'The image cannot be decoded', action: 'Export the photograph again from the camera or the original; the decoder said: {reason}' },
  'image-animated': { status: 422, title: 'The file holds more than one frame', action: 'Send one photograph a file; this one holds {found} frames.' },
  'digest-mismatch': { status: 422, title: 'The bytes do not have the stated SHA-256', action: 'Send the file again; its digest is {found}.' },
  // sealed original -> bytes
  'original-unreadable': { status: 500, title: 'The sealed original cannot be read', action: 'Put the file {sha256} back into the vault from a backup and start the service again: {reason}.' },
  // X3P file -> surface
  'surface-corrupt': { status: 422, title: 'The X3P file cannot be read', action: 'Export the surface again from the instrument\'s software: {reason}.' },
  'surface-unsupported': { status: 422, title: 'The X3P file holds no surface of one layer', action: 'Export one layer on a grid of even steps (ISO 25178-72, feature type SUR); this file holds {found}.' },
  'surface-too-large': { status: 413, title: 'The surface is larger than the limit', action: 'Send at most {limit} heights; this one has {found}.' },
  'surface-unusable': { status: 422, title: 'The surface cannot be compared', action: 'Scan a larger part of the face, or check the steps of the grid: {reason}.' },
  // face -> feature set
  'feature-set-unreadable': { status: 422, title: 'The stored feature set cannot be read', action: 'Extract the features again from the original photograph. ({reason})' },
  // face -> mark set
  'scale-implausible': { status: 422, title: 'The scale cannot be right', action: 'Check the millimetres per pixel: by them the crop of the face spans {mm} mm, the size of no specimen.' },
  'photographs-apart': { status: 422, title: 'The photographs do not show one unmoved face', action: 'Photograph the specimen again and move nothing but the lamp, or compare its photographs one by one. ({reason})' },
  // profiles -> likelihood ratio
  'profiles-unequal': { status: 422, title: 'The profiles do not have the same analytes', action: 'Give each measurement a number an analyte of the panel, NaN where it was not analysed: measurement {row} has {found}, {required} are needed.' },
  'profile-not-finite': { status: 422, title: 'A value of a profile is not a number', action: 'Correct analyte {analyte} of measurement {row}, or leave it out as not analysed.' },
  'reference-set-too-small': { status: 422, title: 'The reference set is too small for a calibration', action: 'Measure more sources at least twice: there are {found}, {required} are needed.' },
  // original -> faces
  'face-not-found': { status: 422, title: 'No specimen was found in the photograph', action: 'Photograph the specimen whole, on a plain ground that differs from it. ({reason})' },
  'image-too-small': { status: 422, title: 'The specimen is too small in the photograph', action: 'Move closer: the face spans {found} px, {required} are needed.' },
  'image-too-blurred': { status: 422, title: 'The photograph is too blurred', action: 'Focus on the face: sharpness is {found}, {required} is needed.' },
  'image-badly-exposed': { status: 422, title: 'The photograph is badly exposed', action: 'Change the exposure: {found} of the face is {side}, at most {required} is allowed.' },
  // tables, panels -> profiles
  'table-unreadable': { status: 422, title: 'The table cannot be read', action: 'Save it as CSV in UTF-8 with one row of column names, or as JSON: {reason}.' },
  'table-invalid': { status: 422, title: 'Parts of the table cannot be read', action: 'Correct what `errors` lists ({bad} of {rows} rows), or ask for the good rows alone.' },
  'table-too-large': { status: 413, title: 'The table is larger than the limit', action: 'Split it: at most {limit} {what} are read at once, this one has {found}.' },
  'panel-invalid': { status: 422, title: 'The panel is not valid', action: 'Correct the fields listed in `errors`.' },
  'profile-invalid': { status: 422, title: 'The profiles are not valid', action: 'Correct the fields listed in `errors`.' },
  // profiles -> comparison
  'profile-settings-invalid': { status: 422, title: 'Profiles cannot be compared this way', action: 'Choose another recipe or distance, or give what is missing: {reason}.' },
  // two specimens or seizures -> lines of evidence
  'nothing-to-compare': { status: 422, title: 'The two have nothing to be compared by', action: 'Add photographs, or profiles of one panel, to both, and wait until they are examined: {reason}.' },
  // faces -> candidates
  'vector-dimension-mismatch': { status: 422, title: 'The feature vector does not fit the index', action: 'Extract the features again with this version: the vector has {found} numbers, the index {required}.' },
} as const);

export type ProblemCode = keyof typeof PROBLEMS;
export type ProblemParameters = Readonly<Record<string, string | number>>;

/** One entry of the list a validation problem carries; `pointer` is an RFC 6901 JSON pointer. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly parameters: ProblemParameters;
  readonly errors: readonly FieldError[];

  constructor(code: ProblemCode, parameters: ProblemParameters = {}, errors: readonly FieldError[] = []) {
    super(PROBLEMS[code].title);
    this.name = 'Problem';
    this.code = code;
    this.parameters = parameters;
    this.errors = errors;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  get title(): string {
    return PROBLEMS[this.code].title;
  }

  /** What the user can do, with the parameters filled in. */
  get detail(): string {
    return PROBLEMS[this.code].action.replace(/\{(\w+)\}/g, (_, name: string) => String(this.parameters[name] ?? '?'));
  }
}

/** Makes a Problem to throw: `throw problem('image-too-blurred', { found: 0.8, required: 1.5 })`. */
export function problem(code: ProblemCode, parameters?: ProblemParameters, errors?: readonly FieldError[]): Problem {
  return new Problem(code, parameters, errors);
}

/** Any thrown value as a Problem; what is not one becomes `internal`, whose text leaks nothing. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : new Problem('internal');
}
