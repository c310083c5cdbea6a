export type { DesignComparison } from './types.ts';
