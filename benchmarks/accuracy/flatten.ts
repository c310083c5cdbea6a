/** The face of a simulated photograph laid flat by the TRUE pose: what only a benchmark may do. */
import type { Capture, Tool } from '../../fixtures/press-simulator/index.ts';
import { project } from '../../fixtures/press-simulator/view.ts';
import type { GrayPicture } from '../peers/index.ts';

const PX_PER_MM = 36;

/** Samples the first specimen's face on a grid of the tool's own frame (y up), 36 px/mm. */
export function flatten(picture: GrayPicture, tool: Tool, capture: Capture): GrayPicture {
  const reach = Math.max(...tool.outline.map(([x, y]) => Math.hypot(x, y)));
  const side = Math.ceil(2 * reach * PX_PER_MM);
  const gray = new Uint8Array(side * side);
  const mask = new Uint8Array(side * side);
  const { camera } = capture.scene;
  const pose = capture.poses[0]!;
  const [co, si] = [Math.cos(pose.rotation), Math.sin(pose.rotation)];
  for (let r = 0; r < side; r++)
    for (let c = 0; c < side; c++) {
      const [u, v] = [(c + 0.5) / PX_PER_MM - reach, reach - (r + 0.5) / PX_PER_MM];
      const at = project(camera, pose.x + co * u - si * v, pose.y + si * u + co * v, camera.faceZ);
      const [x, y] = [at.px - 0.5, at.py - 0.5];
      const [i, j] = [Math.floor(x), Math.floor(y)];
      if (i < 0 || j < 0 || i + 1 >= picture.width || j + 1 >= picture.height) continue;
      const k = j * picture.width + i;
      const [fu, fv] = [x - i, y - j];
      const g = picture.gray;
      gray[r * side + c] = Math.round((g[k]! * (1 - fu) + g[k + 1]! * fu) * (1 - fv) + (g[k + picture.width]! * (1 - fu) + g[k + picture.width + 1]! * fu) * fv);
      if (Math.min(picture.mask[k]!, picture.mask[k + 1]!, picture.mask[k + picture.width]!, picture.mask[k + picture.width + 1]!) > 0) mask[r * side + c] = 255;
    }
  return { width: side, height: side, gray, mask };
}
