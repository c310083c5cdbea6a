/** The composition root: the only file that sees every floor. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApi } from './api/index.ts';
import { BUNDLED_CALIBRATION, loadCalibrations, openCasework, productionEngine, readCalibration } from './casework/index.ts';
import { buildProgram, reportFailure, type ServeOptions } from './cli/index.ts';
import { openEvidence } from './evidence/index.ts';
import { systemClock as clock } from './platform/clock/index.ts';
import { readConfiguration } from './platform/config/index.ts';
import { lockDataFolder, openDatabase } from './platform/database/index.ts';
import { createJobStore, startWorkers } from './platform/jobs/index.ts';
import { createLog } from './platform/log/index.ts';
import { openVault } from './platform/vault/index.ts';

const PACKAGE = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** Starts the service; settles when a signal has ended it. */
async function startService({ data, host, port }: ServeOptions): Promise<void> {
  const { configuration, warnings } = readConfiguration(undefined, { RELIEVO_DATA: data, RELIEVO_HOST: host, RELIEVO_PORT: port?.toString() });
  const log = createLog({ level: configuration.logLevel });
  for (const warning of warnings) log.warn(warning);
  const { dataFolder, imageLimits, keepGps } = configuration;
  mkdirSync(dataFolder, { recursive: true });
  const lock = lockDataFolder(dataFolder);
  const db = openDatabase(join(dataFolder, 'relievo.db'), { timestamp: clock.timestamp() });
  const vault = await openVault(join(dataFolder, 'vault'), clock);
  const evidence = await openEvidence({ database: db, vault, clock, limits: { ...imageLimits, keepGps } });
  const jobs = createJobStore(db, clock);
  const calibrations = { calibration: await readCalibration(configuration.calibrationFile ?? BUNDLED_CALIBRATION), ...(await loadCalibrations(configuration)) };
  const casework = await openCasework({ db, vault, evidence, jobs, clock, engine: productionEngine, log, configuration, version: PACKAGE.version, ...calibrations });
  const first = casework.keys.firstKey(configuration.firstKey);
  if (first) process.stdout.write(`First API key, shown once (also in ${first.file}):\n${first.key}\n`);
  const app = await buildApi({ casework, configuration, clock, log, version: PACKAGE.version, checks: casework.checks, gauges: casework.gauges });
  const address = await app.listen({ host: configuration.host, port: configuration.port });
  const workers = startWorkers({ store: jobs, handlers: casework.handlers, concurrency: configuration.workers, clock, log, onlyProcess: true });
  process.stdout.write(`Relievo ${PACKAGE.version} serves ${address}/v1 (viewer: ${address}/docs, data: ${dataFolder})\n`);

  await endingSignal();
  log.info('stopping: no new requests, open ones are finished');
  await app.close();
  await workers.stop();
  await casework.close();
  db.close();
  lock.release();
}

/** The first SIGTERM or SIGINT; a second one ends the process at once. */
function endingSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

/** Runs one command line; errors are printed, never thrown. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram({ startService }, PACKAGE.version).parseAsync(['node', 'relievo', ...argv]);
  } catch (error) {
    reportFailure(error, argv.includes('--debug'));
  }
}
