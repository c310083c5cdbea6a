export { buildApi } from './app.ts';
export type { ApiOptions } from './app.ts';
export type { ReadinessCheck } from './health.ts';
export type { Gauge } from './metrics.ts';
export { problemDocument } from './problems.ts';
export type { ProblemDocument } from './problems.ts';
export { apiToDescribe, openapiText, operationsByCode, problemsPage } from './documents.ts';
export type { Api } from './types.ts';
