/** The progress of a command on standard error: a bar on a terminal, a line at every quarter elsewhere. */
import { Presets, SingleBar } from 'cli-progress';

export interface ProgressBar {
  update(phase: string, done: number, total: number): void;
  /** Leaves the last state standing; may be called twice. */
  stop(): void;
}

const SILENT: ProgressBar = { update: () => undefined, stop: () => undefined };

export function progressBar(wanted: boolean, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  if (!wanted) return SILENT;
  return stream.isTTY ? drawnBar(stream) : writtenLines(stream);
}

function drawnBar(stream: NodeJS.WriteStream): ProgressBar {
  let phase: string | undefined;
  let bar: SingleBar | undefined;
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    stop,
    update(nextPhase, done, total) {
      if (nextPhase !== phase) {
        stop();
        phase = nextPhase;
        if (total === 0) return;
        bar = new SingleBar({ format: `${nextPhase.padEnd(8)} {bar} {percentage} %  {value}/{total}  {eta_formatted} left`, stream, hideCursor: true }, Presets.shades_classic);
        bar.start(total, done);
      } else bar?.update(done);
    },
  };
}

function writtenLines(stream: NodeJS.WriteStream): ProgressBar {
  let last = '';
  return {
    stop: () => undefined,
    update(phase, done, total) {
      if (total === 0) return;
      const line = `${phase} ${Math.floor((4 * done) / total) * 25} %`;
      if (line !== last) stream.write(`${line} (${done}/${total})\n`);
      last = line;
    },
  };
}
