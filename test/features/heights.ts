/** Scans of made-up tools with a known truth: the same random relief, wherever and however it is scanned. */
import { Random } from '../../fixtures/press-simulator/index.ts';
import type { Surface } from '../../src/imaging/index.ts';

export interface Scan {
  /** The tool's marks: the same seed, the same relief. */
  readonly tool: string;
  readonly turnDeg?: number;
  /** Where the middle of the scan lies on the tool, mm. */
  readonly at?: readonly [number, number];
  readonly sideMm?: number;
  readonly stepUm?: number;
  /** Noise of the instrument and of the material, um. */
  readonly noiseUm?: number;
  readonly noise?: string;
  /** Slope of the specimen under the instrument, um a mm. */
  readonly tilt?: readonly [number, number];
  /** What was measured, by place in the scan (mm from its middle). */
  readonly measured?: (x: number, y: number) => boolean;
}

const WAVES = 260;

/** Height of a tool in um at a place in mm: waves of 0.03 to 0.4 mm in random directions. */
function relief(tool: string): (x: number, y: number) => number {
  const random = new Random(`relief ${tool}`);
  const waves = Array.from({ length: WAVES }, () => {
    const length = 0.03 * (0.4 / 0.03) ** random.next();
    const direction = 2 * Math.PI * random.next();
    return { kx: (2 * Math.PI * Math.cos(direction)) / length, ky: (2 * Math.PI * Math.sin(direction)) / length, phase: 2 * Math.PI * random.next(), height: 0.6 * Math.sqrt(length) };
  });
  return (x, y) => waves.reduce((sum, w) => sum + w.height * Math.sin(w.kx * x + w.ky * y + w.phase), 0);
}

export function scanOf({ tool, turnDeg = 0, at = [0, 0], sideMm = 2, stepUm = 10, noiseUm = 0, noise = '', tilt = [0, 0], measured = () => true }: Scan): Surface {
  const height = relief(tool);
  const random = new Random(`noise ${noise}`);
  const n = Math.round((sideMm * 1000) / stepUm);
  const [c, s] = [Math.cos((turnDeg * Math.PI) / 180), Math.sin((turnDeg * Math.PI) / 180)];
  const heightsM = new Float64Array(n * n);
  for (let i = 0; i < n * n; i++) {
    const [x, y] = [((i % n) - (n - 1) / 2) * (stepUm / 1000), (Math.floor(i / n) - (n - 1) / 2) * (stepUm / 1000)];
    const um = height(at[0] + c * x + s * y, at[1] - s * x + c * y) + tilt[0] * x + tilt[1] * y + noiseUm * random.normal();
    heightsM[i] = measured(x, y) ? um * 1e-6 : Number.NaN;
  }
  const none = '';
  return { width: n, height: n, stepXM: stepUm * 1e-6, stepYM: stepUm * 1e-6, offsetXM: 0, offsetYM: 0, heightsM, precision: 'double', record: { featureType: 'SUR', revision: none, date: none, creator: null, comment: null, calibrationDate: none, instrument: { manufacturer: none, model: none, serial: none, version: none }, probing: { type: none, identification: none } } };
}
