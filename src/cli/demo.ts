/**
 * `relievo demo`: the whole path on bundled, simulated seizures, as a laboratory would use it: through the REST API.
 *
 * 1. start     the real service, as a child process with an empty data folder
 * 2. import    22 seizures of 9 countries, and the profiles of their powders
 * 3. search    the seizures of other countries, once for each seizure
 * 4. evaluate  seizures that have something in common: design, tool, batch, link
 * 5. report    the candidate table, pictures, a contact page, the table of evidence
 * 6. stop      the service, whatever happened
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { KEY_FILE } from '../casework/index.ts';
import { Client, ServiceError } from './client.ts';
import { evaluateRelated, evidenceTable } from './demo/evidence.ts';
import { probesOf, searchAbroad, type Answer } from './demo/lookup.ts';
import { contactPage, writePictures, type WrittenAnswer } from './demo/page.ts';
import { crossCountryTable, firstCandidates } from './demo/report.ts';
import { freshDataFolder, startService } from './demo/service.ts';
import { readTruth } from './demo/truth.ts';
import { TOOL_NOTE } from './search.ts';
import { progressBar, type ProgressBar } from './import/progress.ts';
import { reportText } from './import/report.ts';
import { importFolder } from './import/run.ts';
import { importProfiles } from './import-profiles/run.ts';
import { LINK_ASSUMPTION } from '../likelihood/index.ts';

const OPERATION = fileURLToPath(new URL('../../fixtures/demonstration/', import.meta.url));
/** Candidates shown for each seizure. */
const SHOWN = 3;

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('start a service, load the simulated demonstration operation through the REST API, print the cross-country candidates')
    .option('--out <folder>', 'folder for the service’s data and the pictures; emptied first', 'data/demo')
    .action(async ({ out }: { readonly out: string }) => {
      const stopper = new AbortController();
      const interrupt = (): void => stopper.abort(new ServiceError('Interrupted; the service was stopped.'));
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
      const bar = progressBar(true);
      try {
        await demonstrate(resolve(out), bar, stopper.signal);
      } catch (error) {
        throw stopper.signal.aborted ? stopper.signal.reason : error;
      } finally {
        bar.stop();
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
      }
    });
}

async function demonstrate(out: string, bar: ProgressBar, signal: AbortSignal): Promise<void> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const [data, pictures] = [join(out, 'service'), join(out, 'pictures')];
  // 1. start
  freshDataFolder(data);
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  const service = await startService(data, join(out, 'service.log'), signal);
  try {
    say(`A Relievo service runs at ${service.url}/v1 (data: ${data}).`);
    const client = new Client({ url: service.url, key: (await readFile(join(data, KEY_FILE), 'utf8')).trim(), signal });
    // 2. import
    const report = await importFolder({ folder: OPERATION, client, concurrency: 2, dryRun: false, runKey: 'demo', onProgress: bar.update });
    bar.stop();
    signal.throwIfAborted();
    say(reportText(report, false));
    if (report.counts.failed > 0) throw new ServiceError('Some photographs could not be imported; see the lines above and service.log.');
    const profiles = await importProfiles({
      table: await readFile(join(OPERATION, 'profiles.csv')), client, panels: [], names: {}, defaults: {}, specimens: {}, dryRun: false, keepGoing: false, concurrency: 4, runKey: 'demo-profiles',
      onProgress: (phase, done, total) => bar.update(`profiles: ${phase}`, done, total),
    });
    bar.stop();
    signal.throwIfAborted();
    say(`${profiles.specimens.reduce((sum, { added }) => sum + added, 0)} profiles of ${profiles.specimens.length} specimens.`);
    if (profiles.specimens.some(({ outcome }) => outcome === 'failed' || outcome === 'refused')) throw new ServiceError('Some profiles could not be imported; see service.log.');
    // 3. search
    const truth = readTruth(join(OPERATION, 'truth.csv'));
    const probes = await probesOf(client, report, (done, total) => bar.update('probes', done, total));
    const answers: Answer[] = [];
    for (const probe of probes) {
      bar.update('search', answers.length, probes.length);
      answers.push(await searchAbroad(client, probe));
    }
    bar.update('search', probes.length, probes.length);
    // 4. evaluate
    const evaluated = await evaluateRelated(client, probes, truth, (done, total) => bar.update('evaluate', done, total));
    // 5. report
    const written: WrittenAnswer[] = [];
    for (const [i, answer] of answers.entries()) {
      bar.update('pictures', i, answers.length);
      const one = await writePictures(client, answer, pictures);
      if (one) written.push(one);
    }
    bar.update('pictures', answers.length, answers.length);
    bar.stop();
    const page = join(pictures, 'index.html');
    await writeFile(page, contactPage(written, truth));
    say(`\nCandidates in other countries (SIMULATED DATA; at most ${SHOWN} seizures for each probe, the best specimen of each)\n`);
    say(crossCountryTable(answers, truth, SHOWN));
    say(`\nThe design score and its parts (logo, outline, size) are class-level: they speak of the logo design only, which many tools\nshare. They are no evidence that one tool pressed both.\n${TOOL_NOTE}\nThe last column is the ground truth of the simulation, unknown to the search.`);
    say(firstCandidates(answers, truth));
    say(answers[0]?.search.statement ?? '');
    say(`\nEvidence of pairs of seizures that have a tool, a batch or a logo in common, or nearly (SIMULATED DATA AND CALIBRATIONS)\n`);
    say(evidenceTable(evaluated, truth));
    say(`\nLR: how many times more probable the evidence is if both have the design, tool or batch in common than if not; 1 says nothing,\n1/10 speaks ten to one against. (bound): its calibration carries no more. -: no LR, which is LR 1 in the link. Link: a tool or a batch\nin common over neither. ${LINK_ASSUMPTION}\nOne pair with all it rests on: relievo link ${evaluated[0]?.first.seizureId} ${evaluated[0]?.second.seizureId}, while the service runs.`);
    say(`\nPictures of every first candidate: ${pictures}\nContact page: ${page}`);
  } finally {
    // 6. stop
    await service.stop();
  }
}
