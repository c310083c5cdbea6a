/** Pieces of a plot: a frame with ticks and names, as SVG text. */

export const WIDTH = 520;
export const HEIGHT = 330;
const LEFT = 74;
const RIGHT = 16;
const TOP = 14;
const BOTTOM = 46;

export interface Tick {
  /** 0..1 along the axis. */
  readonly at: number;
  readonly text: string;
}

/** Place in the picture of a point given in 0..1 along both axes, y up. */
export const px = (x: number): number => LEFT + x * (WIDTH - LEFT - RIGHT);
export const py = (y: number): number => HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM);

export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function frame(xTicks: readonly Tick[], yTicks: readonly Tick[], xName: string, yName: string, body: string, title: string): string {
  const vertical = xTicks.map((t) => `<line class="grid" x1="${px(t.at)}" x2="${px(t.at)}" y1="${py(0)}" y2="${py(1)}"/><text class="tick" x="${px(t.at)}" y="${py(0) + 17}" text-anchor="middle">${t.text}</text>`);
  const level = yTicks.map((t) => `<line class="grid" x1="${px(0)}" x2="${px(1)}" y1="${py(t.at)}" y2="${py(t.at)}"/><text class="tick" x="${px(0) - 8}" y="${py(t.at) + 4}" text-anchor="end">${t.text}</text>`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${vertical.join('')}${level.join('')}<line class="axis" x1="${px(0)}" x2="${px(1)}" y1="${py(0)}" y2="${py(0)}"/>${body}<text class="name" x="${px(0.5)}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(xName)}</text><text class="name" transform="translate(15 ${py(0.5)}) rotate(-90)" text-anchor="middle">${escaped(yName)}</text></svg>`;
}

export const path = (points: readonly (readonly [number, number])[]): string => points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join('');
