/** The crops that were compared, grey and at one size, for peers that want pictures. */
import sharp from 'sharp';
import { cropOf, type EvaluatedFace } from '../../src/cli/evaluate/faces.ts';
import { type GrayPicture, grayOf } from '../peers/index.ts';

export const PEER_SIDE_PX = 448;

/** @throws RangeError for a face that was not measured */
export async function peerPicture(folder: string, face: EvaluatedFace): Promise<GrayPicture> {
  const crop = await cropOf(folder, face.record);
  const fit = (bytes: Uint8Array, channels: 1 | 3): Promise<Buffer> => sharp(bytes, { raw: { width: crop.size, height: crop.size, channels } }).resize(PEER_SIDE_PX, PEER_SIDE_PX, { kernel: 'lanczos3' }).toColourspace(channels === 1 ? 'b-w' : 'srgb').raw().toBuffer();
  const [rgb, mask] = await Promise.all([fit(crop.rgb, 3), fit(crop.mask, 1)]);
  return grayOf(rgb, PEER_SIDE_PX, PEER_SIDE_PX, mask.map((v) => (v > 127 ? 255 : 0)));
}
