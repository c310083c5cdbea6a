/** What came of each file of an import. */
import type { Problem } from '../../domain/index.ts';

/**
 * imported: new, examined, faces are in the index. known: the specimen had this photograph already.
 * refused: Relievo says no, for the stated reason; sending it again changes nothing. failed: it could not be tried or
 * finished; run the import again. In a dry run: new (would be sent) or sealed (the bytes are already there).
 */
export type FileOutcome = 'imported' | 'known' | 'refused' | 'failed' | 'new' | 'sealed';

export interface FileReport {
  readonly file: string;
  readonly outcome: FileOutcome;
  readonly sha256?: string;
  readonly photographId?: string;
  /** Faces found in the photograph. */
  readonly faces?: number;
  /** Why it was refused: code, title, what to do. */
  readonly problem?: { readonly code: string; readonly title: string; readonly detail: string };
  /** Why it failed, or a remark. */
  readonly reason?: string;
}

export interface ImportReport {
  readonly folder: string;
  readonly service: string;
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<FileOutcome, number>>;
  readonly files: readonly FileReport[];
}

export function importReport(folder: string, service: string, dryRun: boolean, files: readonly FileReport[]): ImportReport {
  const counts: Record<FileOutcome, number> = { imported: 0, known: 0, refused: 0, failed: 0, new: 0, sealed: 0 };
  for (const { outcome } of files) counts[outcome]++;
  return { folder, service, dryRun, counts, files };
}

export const problemOf = ({ code, title, detail, errors }: Problem): NonNullable<FileReport['problem']> => ({ code, title, detail: errors.length > 0 ? errors.map((error) => error.detail).join(' ') : detail });

/** 0: everything is in; 2: something was refused; 1: something failed. */
export function exitCodeOf({ counts }: ImportReport): number {
  return counts.failed > 0 ? 1 : counts.refused > 0 ? 2 : 0;
}

/** A line for each file (only for those that need a look, unless `all`) and one with the totals. */
export function reportText({ files, counts, dryRun }: ImportReport, all: boolean): string {
  const shown = files.filter(({ outcome }) => all || outcome === 'refused' || outcome === 'failed');
  const width = Math.max(0, ...shown.map(({ file }) => file.length));
  const lines = shown.map(({ file, outcome, problem, reason, faces }) => {
    const rest = problem ? `${problem.title}. ${problem.detail}` : (reason ?? (faces === undefined ? '' : `${faces} ${faces === 1 ? 'face' : 'faces'}`));
    return `${outcome.padEnd(8)}  ${file.padEnd(width)}  ${rest}`.trimEnd();
  });
  const totals = dryRun
    ? `${files.length} files: ${counts.new} would be sent, ${counts.sealed} are there already, ${counts.refused + counts.failed} cannot be imported. Nothing was changed.`
    : `${files.length} files: ${counts.imported} imported, ${counts.known} known already, ${counts.refused} refused, ${counts.failed} failed.`;
  return [...lines, totals].join('\n');
}
