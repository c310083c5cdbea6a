/** pairs.csv: `a,b,same_batch,score,log10_lr,status`, one unordered pair a row, in the table's order. */
import { open } from 'node:fs/promises';
import type { Profile } from '../../../profiling/index.ts';
import { type ProfileScores, REASONS } from './scores.ts';

const quoted = (name: string): string => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/**
 * `same_batch` is 1 or 0, and empty where a batch is not named. The score is the distance with its sign changed. The status
 * is `ok`; `uncalibrated` where there is a score and no LR; or why the pair is not comparable: then it has neither.
 * @param log10Lr NaN where there is none
 */
export async function writeProfilePairs(path: string, profiles: readonly Profile[], { count, score, reason }: ProfileScores, log10Lr: Float64Array): Promise<void> {
  const file = await open(path, 'w');
  const names = profiles.map(({ id }) => quoted(id));
  const shown = (value: number): string => (Number.isNaN(value) ? '' : String(value));
  try {
    await file.write('a,b,same_batch,score,log10_lr,status\n');
    for (let i = 0, k = 0; i < count; i++) {
      const lines: string[] = [];
      for (let j = i + 1; j < count; j++, k++) {
        const [a, b] = [profiles[i]!.batch, profiles[j]!.batch];
        const same = a === undefined || b === undefined ? '' : a === b ? '1' : '0';
        const status = reason[k]! > 0 ? REASONS[reason[k]! - 1]! : Number.isNaN(log10Lr[k]!) ? 'uncalibrated' : 'ok';
        lines.push(`${names[i]!},${names[j]!},${same},${shown(score[k]!)},${shown(log10Lr[k]!)},${status}\n`);
      }
      if (lines.length > 0) await file.write(lines.join(''));
    }
  } finally {
    await file.close();
  }
}
