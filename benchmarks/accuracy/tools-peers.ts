/** SIFT + RANSAC, and plain correlation in the pose that the design comparison finds, for pairs of one design. */
import { compareDesigns, type Pose } from '../../src/comparison/index.ts';
import type { EvaluatedFace } from '../../src/cli/evaluate/faces.ts';
import type { Manifest } from '../../src/cli/evaluate/manifest.ts';
import { scoreTable, type ScoreTable } from '../../src/likelihood/index.ts';
import { correlationPairs, type GrayPicture } from '../peers/index.ts';
import { PEER_SIDE_PX, peerPicture } from './crops.ts';
import { PEER_METHODS, scoreAll } from './peer-methods.ts';

export interface NamedTable {
  readonly name: string;
  readonly table: ScoreTable;
}

export async function peerTables(folder: string, faces: readonly EvaluatedFace[], labels: Manifest, work: string, say: (line: string) => void): Promise<NamedTable[]> {
  const designs = labels.label('design_id')!;
  const measured = faces.flatMap((face, at) => (face.features ? [{ face, at }] : []));
  const pictures: GrayPicture[] = [];
  for (const { face } of measured) pictures.push(await peerPicture(folder, face));
  const pairs: number[] = [];
  measured.forEach((a, i) => measured.forEach((b, j) => void (i < j && designs[a.at] === designs[b.at] && pairs.push(i, j))));
  const list = Uint32Array.from(pairs);
  const tableOf = (scores: Float64Array): ScoreTable => scoreTable(faces.length, Array.from(scores, (score, k) => ({ first: measured[list[2 * k]!]!.at, second: measured[list[2 * k + 1]!]!.at, score })));
  const sift = PEER_METHODS[0]!;
  say(sift.name);
  const siftScores = await scoreAll(await sift.prepare(pictures), list, work, JSON.stringify([sift.name, sift.settings, measured.map((m) => m.face.record)]), () => undefined);
  say('correlation');
  const poses = new Float64Array(9 * (list.length / 2));
  for (let k = 0; k < list.length; k += 2) {
    const [compared] = await compareDesigns(measured[list[k]!]!.face.features!, [measured[list[k + 1]!]!.face.features!]);
    poses.set(pixels(compared!.pose), (9 * k) / 2);
  }
  const correlated = await correlationPairs(pictures, list, poses);
  return [{ name: sift.name, table: tableOf(siftScores) }, { name: 'plain correlation in the pose of the designs', table: tableOf(correlated.scores) }];
}

/** A pose between crops as a homography between the peers' pictures: second -> first, row-major. */
function pixels({ rotationDeg, shift, scale }: Pose): number[] {
  const [c, s] = [scale * Math.cos((rotationDeg * Math.PI) / 180), scale * Math.sin((rotationDeg * Math.PI) / 180)];
  const middle = PEER_SIDE_PX / 2 - 0.5;
  const at = (k: 0 | 1): number => middle + PEER_SIDE_PX * shift[k];
  return [c, -s, at(0) - (c - s) * middle, s, c, at(1) - (s + c) * middle, 0, 0, 1];
}
