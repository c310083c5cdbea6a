/** Faces in the committed photographs: all simulated, none shown to the network that finds them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Box, boxOf, overlap, readManifest } from '../../benchmarks/accuracy/labelled.ts';
import { Problem } from '../../src/domain/index.ts';
import { MEASURE_PARAMETERS, type MeasuredFace, decode, measure } from '../../src/imaging/index.ts';

const SETS = fileURLToPath(new URL('../../fixtures/sets', import.meta.url));

async function facesIn(path: string): Promise<{ readonly faces: readonly MeasuredFace[]; readonly width: number; readonly height: number }> {
  const photo = await decode(await readFile(path));
  const { width, height } = photo;
  try {
    return { faces: await measure(photo), width, height };
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Problem);
    return { faces: [], width, height };
  }
}

function expectBoxes(faces: readonly MeasuredFace[], truth: readonly Box[]): void {
  expect(faces).toHaveLength(truth.length);
  for (const box of truth) expect(Math.max(...faces.map((f) => overlap(f.bboxPx, box)))).toBeGreaterThan(0.9);
}

describe('the network that sees faces', () => {
  it('has a new version in the parameters when its bytes change, so that results say which one was used', () => {
    const bytes = readFileSync(fileURLToPath(new URL('../../native/face-network.onnx', import.meta.url)));
    expect({ version: MEASURE_PARAMETERS.faceNetwork.value, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({ version: 6, sha256: '703da10646029c3515dc5277aff598381451500561a8ce747cb3d028bb02f361' });
  });
});

describe('the faces of single tablets', () => {
  it('are found in at least 31 of 32 photographs', async () => {
    const missed: string[] = [];
    for (const [file, rows] of readManifest(join(SETS, 'logos', 'manifest.csv'))) {
      const { faces, width, height } = await facesIn(join(SETS, 'logos', file));
      const truth = rows.map((row) => boxOf(row, width, height));
      if (faces.length !== truth.length || !truth.every((box) => faces.some((f) => overlap(f.bboxPx, box) >= 0.9))) missed.push(file);
    }
    expect(missed.length, missed.join(', ')).toBeLessThanOrEqual(1);
  });
});

describe('a photograph that is hard to measure', () => {
  const [, ...lines] = readFileSync(join(SETS, 'awkward', 'manifest.csv'), 'utf8').trim().split('\n');
  const rows = lines.map((line) => line.split(',')).map(([file, what, , outcome, boxes]) => ({ file: file!, what: what!, outcome: outcome!, boxes: boxes ? boxes.split(';').map((b) => b.split(' ').map(Number) as unknown as Box) : [] }));
  it.each(rows)('$what: $outcome', async ({ file, outcome, boxes }) => {
    const { faces } = await facesIn(join(SETS, 'awkward', file));
    if (outcome === 'measured' || (outcome === 'either' && faces.length > 0)) expectBoxes(faces, boxes);
    else expect(faces).toEqual([]);
  });
});
