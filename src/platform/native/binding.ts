/** Loads the compiled addon, once, and turns what it throws into Problems. The only file that sees it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PROBLEMS, problem, type ProblemCode } from '../../domain/index.ts';

type Kernel = (input: object) => Promise<unknown>;

const ADDON = fileURLToPath(new URL('../../../native/build/Release/relievo.node', import.meta.url));
let kernels: Readonly<Record<string, Kernel>> | undefined;

function load(): Readonly<Record<string, Kernel>> {
  try {
    return (kernels ??= createRequire(import.meta.url)(ADDON) as Record<string, Kernel>);
  } catch (error) {
    throw problem('addon-missing', { reason: error instanceof Error ? error.message.split('\n')[0]! : String(error) });
  }
}

/**
 * Runs one kernel on the thread pool: plain structs and typed arrays in, the same out.
 * The caller must not change the buffers it passed until the promise settles.
 * @throws Problem with the kernel's own code when it refuses its input
 */
export async function callKernel<Result>(name: string, input: object): Promise<Result> {
  const kernel = load()[name];
  if (!kernel) throw problem('addon-missing', { reason: `the addon has no kernel "${name}"; it is older than the sources` });
  try {
    return (await kernel(input)) as Result;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code && code !== 'internal' && code in PROBLEMS) throw problem(code as ProblemCode, { reason: (error as Error).message });
    throw error;
  }
}

/** SHA-256 of the compiled addon: results made by another build are not mixed with this one's. */
export function addonDigest(): string {
  load();
  return createHash('sha256').update(readFileSync(ADDON)).digest('hex');
}
