export { PROBLEMS, Problem, asProblem, problem } from './problems.ts';
export type { FieldError, ProblemCode, ProblemDefinition, ProblemParameters } from './problems.ts';
export { NO_TRACE, collectingTrace } from './trace.ts';
export type { Trace } from './trace.ts';
export type { FaceSide, Scale, ScaleSource, SpecimenKind } from './face.ts';
export { COUNTRIES, countryName, isCountryCode } from './countries.ts';
export type { CountryCode } from './countries.ts';
export { ID_ENTROPY_BYTES, ID_PREFIXES, idTimeMs, isId, makeId } from './ids.ts';
export type { IdPrefix } from './ids.ts';
