/** Loads the peers' addon (native/peers), which the product itself never does. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

type Kernel = (input: object) => Promise<unknown>;
const ADDON = fileURLToPath(new URL('../../native/build/Release/relievo_peers.node', import.meta.url));
let kernels: Readonly<Record<string, Kernel>> | undefined;

export async function callPeer<Result>(name: string, input: object): Promise<Result> {
  try {
    kernels ??= createRequire(import.meta.url)(ADDON) as Record<string, Kernel>;
  } catch (error) {
    throw new Error(`the peers' addon is not built; run \`node scripts/setup.mjs\` (${(error as Error).message})`);
  }
  return (await kernels[name](input)) as Result;
}
