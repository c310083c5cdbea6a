/** What is true of a face in a simulated photograph: where it lies, and how high the marks of its tool are at every pixel. */
import { encodePhoto, onPlane, outlineInPicture, type Photo, type PlannedShot, type Relief } from '../../fixtures/press-simulator/index.ts';
import { extractField, MARK_PARAMETERS } from '../../src/features/index.ts';
import { cutFace, decode, type FaceCrop } from '../../src/imaging/index.ts';
import { type GridPlace, type Homography, type SeenFace, seeFace, type TrueMarks } from './mark-example.ts';

const MARGIN = 1.12; // side of a crop, of the outline's longer side

/** The face where it truly lies. */
async function cutTrueFace(photo: Photo, { pieces, tool, capture }: PlannedShot): Promise<FaceCrop> {
  const outline = outlineInPicture({ specimen: pieces[0]!.specimen, tool }, capture.poses[0]!, capture);
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = Math.ceil(MARGIN * Math.max(x1 - x0, y1 - y0)) + 2;
  const [left, top] = [Math.round((x0 + x1 - size) / 2), Math.round((y0 + y1 - size) / 2)];
  // in the picture's outline edges are at whole numbers, in the product's the middles of pixels
  const outlinePx = Float32Array.from(outline.flat(), (v) => v - 0.5);
  return cutFace(await decode(await encodePhoto(photo, capture)), { outlinePx, size, pxScale: 1, toOriginal: Float64Array.of(1, 0, left, 0, 1, top, 0, 0, 1) });
}

/** From a face's grid (middles of pixels at whole numbers) to its specimen (mm, y up), row by row. */
function gridToSpecimen({ pieces, capture }: PlannedShot, { toOriginal }: FaceCrop, { centreX, centreY, perCrop }: GridPlace, size: number): Homography {
  const pose = capture.poses[0]!;
  const [co, si] = [Math.cos(pose.rotation), Math.sin(pose.rotation)];
  const middle = size / 2 - 0.5;
  const at = (column: number, row: number): [number, number, number] => {
    const [px, py] = [(column - middle) / perCrop + centreX + toOriginal[2]! + 0.5, (row - middle) / perCrop + centreY + toOriginal[5]! + 0.5];
    const [x, y, w] = onPlane(capture.scene.camera, px, py, pieces[0]!.specimen.thickness);
    const [dx, dy] = [x - pose.x * w, y - pose.y * w];
    return [co * dx + si * dy, co * dy - si * dx, w];
  };
  const [zero, right, down] = [at(0, 0), at(1, 0), at(0, 1)];
  return zero.flatMap((v, i) => [right[i]! - v, down[i]! - v, v]) as unknown as Homography;
}

/** The relief on the grid of a face, side x side, between its cells as a bilinear surface; 0 beyond it. */
function heightsOn(relief: Relief, h: Homography, { size, side }: SeenFace, press: number): Float32Array {
  const { data, width, height, cellMm } = relief;
  const out = new Float32Array(side * side);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const w = h[6] * column + h[7] * row + h[8];
      const x = (h[0] * column + h[1] * row + h[2]) / w / cellMm + width / 2 - 0.5;
      const y = height / 2 - 0.5 - (h[3] * column + h[4] * row + h[5]) / w / cellMm;
      const [ix, iy] = [Math.floor(x), Math.floor(y)];
      if (ix < 0 || iy < 0 || ix + 1 >= width || iy + 1 >= height) continue;
      const [fx, fy, k] = [x - ix, y - iy, iy * width + ix];
      const line = (from: number): number => data[from]! + fx * (data[from + 1]! - data[from]!);
      out[row * side + column] = press * (line(k) + fy * (line(k + width) - line(k)));
    }
  return out;
}

export interface TruePhotograph {
  readonly photo: Photo;
  readonly shot: PlannedShot;
}

/**
 * One specimen under one lamp or several.
 * @param told whether the lamps' azimuths are known
 * @param relief of the tool's marks alone
 * @throws Problem where the marks are not read
 */
export async function simulatedExample(exposures: readonly TruePhotograph[], told: boolean, relief: Relief): Promise<{ readonly face: SeenFace; readonly truth: TrueMarks }> {
  const { photo, shot } = exposures[0]!;
  const crops = await Promise.all(exposures.map((e) => cutTrueFace(e.photo, e.shot)));
  const fields = await Promise.all(crops.map((crop) => extractField(crop)));
  const { centreX, centreY } = fields[0]!;
  const place = { centreX, centreY, perCrop: photo.truth[0]!.mmPerPx * MARK_PARAMETERS.pxPerMm.value };
  // the scene's y points up, the crop's down
  const face = await seeFace(crops[0]!, exposures.map((e, i) => ({ rgb: crops[i]!.rgb, light: fields[i]!.light, azimuthDeg: told ? -e.shot.capture.lightAzimuthDeg : Number.NaN })), place);
  const toSpecimen = gridToSpecimen(shot, crops[0]!, place, face.size);
  return { face, truth: { heights: heightsOn(relief, toSpecimen, face, shot.pieces[0]!.specimen.press), toSpecimen } };
}
