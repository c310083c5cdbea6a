/** The robustness tests at full length: 500 bad images, 50 kills. `npm test` runs a short version of the same files. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/robustness/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    provide: { robustness: 'full' },
  },
});
