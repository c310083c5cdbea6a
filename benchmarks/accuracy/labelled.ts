/** Labelled photographs: a manifest's rows by photograph, true boxes, and how well boxes agree. */
import { readFileSync } from 'node:fs';

export type Row = Readonly<Record<string, string>>;
/** Pixels of the upright original. */
export type Box = readonly [x: number, y: number, w: number, h: number];

export function readManifest(path: string): Map<string, Row[]> {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/).map((line) => line.split(','));
  const byFile = new Map<string, Row[]>();
  for (const line of lines) {
    const row = Object.fromEntries(head!.map((name, i) => [name, line[i] ?? '']));
    byFile.set(row['file']!, [...(byFile.get(row['file']!) ?? []), row]);
  }
  return byFile;
}

/** Area that two boxes share. */
export function shared(a: Box, b: Box): number {
  return Math.max(0, Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]));
}

/** Intersection over union. */
export function overlap(a: Box, b: Box): number {
  const both = shared(a, b);
  return both / (a[2] * a[3] + b[2] * b[3] - both);
}

/** The true box of a row, cut at the frame. */
export function boxOf(row: Row, width: number, height: number): Box {
  const [x, y, w, h] = ['bbox_x', 'bbox_y', 'bbox_w', 'bbox_h'].map((k) => Number(row[k])) as [number, number, number, number];
  const [x0, y0] = [Math.max(0, x), Math.max(0, y)];
  return [x0, y0, Math.min(width, x + w) - x0, Math.min(height, y + h) - y0];
}
