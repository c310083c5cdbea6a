/** What vitest.robustness.config.ts hands to the tests; absent in the ordinary run. */
import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    robustness?: 'full';
  }
}
