/** Pictures of faces and comparisons, drawn from the sealed originals when somebody looks. */
import sharp from 'sharp';
import { problem } from '../domain/index.ts';
import type { ComparisonPicture } from '../comparison/index.ts';
import type { FaceCrop } from '../imaging/index.ts';
import type { Database } from '../platform/database/index.ts';
import type { Vault } from '../platform/vault/index.ts';
import type { DrawnTool } from './drawing.ts';
import type { Engine } from './engine.ts';
import { IntakeStore } from './intake/store.ts';
import type { Comparison, ToolEvidence } from './searches/types.ts';
import { StoredFaces } from './stored-face.ts';
import type { Face } from './types.ts';

export const FACE_PICTURES = [
  { key: 'crop', title: 'The face, flat and upright as photographed' },
  { key: 'outline', title: 'The outline of the face on its photograph' },
] as const;
export type FacePictureKey = (typeof FACE_PICTURES)[number]['key'];

export const COMPARISON_PICTURES = [
  { key: 'side-by-side', title: 'Probe, and candidate turned into its pose' },
  { key: 'probe', title: 'Probe' },
  { key: 'candidate-aligned', title: 'Candidate laid on the probe' },
  { key: 'overlay', title: "Probe in grey, the candidate's edges in orange" },
  { key: 'agreement', title: 'Strokes of both (green), of the probe only (blue), of the candidate only (orange); fainter where the other lamp hides them' },
] as const;

/** Of comparisons whose marks were laid on each other. */
export const TOOL_PICTURES = [
  { key: 'tool-aligned', title: 'Candidate laid on the probe by its strokes and marks' },
  { key: 'tool-marks-probe', title: 'Fine relief of the probe: ridges bright, holes dark' },
  { key: 'tool-marks-candidate', title: 'Fine relief of the candidate, aligned' },
  { key: 'tool-marks-shared', title: 'Relief that both show (green), relief of opposite sign (orange)' },
  { key: 'tool-cells', title: 'Cells that agree (green), disagree (orange), are undecided (grey) or uninformative (dark)' },
] as const;

/** The pictures that a comparison has. */
export const picturesOf = (tool: ToolEvidence): readonly { readonly key: string; readonly title: string }[] => ('comparison' in tool && tool.comparison.pose ? [...COMPARISON_PICTURES, ...TOOL_PICTURES] : COMPARISON_PICTURES);

/** Long side of the photograph under an outline. */
const PREVIEW_PX = 1600;
/** Comparisons whose pictures stay in memory: a viewer asks for all of one comparison. */
const KEPT = 4;

export class Pictures {
  readonly #store: IntakeStore;
  readonly #stored: StoredFaces;
  readonly #vault: Vault;
  readonly #engine: Engine;
  readonly #drawn = new Map<string, Promise<ComparisonPicture[]>>();

  constructor(db: Database, vault: Vault, engine: Engine) {
    this.#store = new IntakeStore(db);
    this.#stored = new StoredFaces(this.#store, engine);
    this.#vault = vault;
    this.#engine = engine;
  }

  /** PNG. */
  async ofFace(face: Face, key: string): Promise<Uint8Array> {
    if (key === 'crop') {
      const { rgb, size } = await this.#crop(face);
      return sharp(rgb, { raw: { width: size, height: size, channels: 3 } }).png().toBuffer();
    }
    if (key === 'outline') return this.#outline(face);
    throw problem('not-found', { what: `the picture ${key}` });
  }

  /** PNG. */
  async ofComparison(comparison: Comparison, key: string): Promise<Uint8Array> {
    if (!picturesOf(comparison.tool).some((picture) => picture.key === key)) throw problem('not-found', { what: `the picture ${key}` });
    const found = (await this.#draw(comparison)).find((picture) => picture.key === key);
    if (!found) throw problem('not-found', { what: `the picture ${key}` });
    return found.png;
  }

  /**
   * PNG. Of two faces, compared once more: nothing of a comparison is kept but by searches.
   * @throws Problem not-found where they cannot be laid on each other as the picture needs it
   */
  async ofFaces([first, second]: readonly [Face, Face], key: string): Promise<Uint8Array> {
    const pictures = await this.#remember(`${first.id} ${second.id}`, async () => {
      const [one, other] = [first, second].map(({ serial }) => this.#stored.features(serial));
      if (!one || !other) throw problem('not-found', { what: `the picture ${key}` });
      const [comparison] = await this.#engine.compare(one, [other]);
      return this.#engine.draw(await this.#crop(first), await this.#crop(second), comparison!, await this.#toolOfFaces(first, second));
    });
    const found = pictures.find((picture) => picture.key === key);
    if (!found) throw problem('not-found', { what: `the picture ${key}` });
    return found.png;
  }

  async #toolOfFaces(first: Face, second: Face): Promise<DrawnTool | null> {
    const [one, other] = await Promise.all([first, second].map(({ serial }) => this.#stored.both(serial)));
    if (!one || !other) return null;
    const [comparison] = await this.#engine.compareTools(one, [other]);
    return comparison!.pose ? { probe: one.marks, candidate: other.marks, comparison: comparison! } : null;
  }

  #draw(comparison: Comparison): Promise<ComparisonPicture[]> {
    return this.#remember(comparison.id, async () => {
      const [probe, candidate] = [await this.#crop(comparison.probe), await this.#crop(comparison.candidate)];
      return this.#engine.draw(probe, candidate, comparison.comparison, await this.#tool(comparison));
    });
  }

  #remember(id: string, draw: () => Promise<ComparisonPicture[]>): Promise<ComparisonPicture[]> {
    const known = this.#drawn.get(id);
    if (known) return known;
    const drawing = draw();
    this.#drawn.set(id, drawing);
    drawing.catch(() => this.#drawn.delete(id));
    if (this.#drawn.size > KEPT) this.#drawn.delete(this.#drawn.keys().next().value!);
    return drawing;
  }

  /** Null also where parameters changed since the search: its pose and cells do not lie on the marks of today. */
  async #tool({ probe, candidate, tool, provenance }: Comparison): Promise<DrawnTool | null> {
    if (!('comparison' in tool) || !tool.comparison.pose) return null;
    const { parameters } = this.#engine;
    if (['features', 'marks'].some((stage) => provenance.parameters[stage] !== parameters[stage])) return null;
    const [a, b] = await Promise.all([probe, candidate].map(({ serial }) => this.#store.marks(serial, parameters['marks']!)));
    return a && b ? { probe: this.#engine.decodeMarks(a), candidate: this.#engine.decodeMarks(b), comparison: tool.comparison } : null;
  }

  async #crop(face: Face): Promise<FaceCrop> {
    const geometry = this.#store.geometry(face.serial);
    if (!geometry) throw problem('not-found', { what: `the face ${face.id}` });
    return this.#engine.cut(await this.#engine.decode(await this.#vault.read(face.imageSha256)), geometry);
  }

  async #outline(face: Face): Promise<Uint8Array> {
    const photo = await this.#engine.decode(await this.#vault.read(face.imageSha256));
    const scale = Math.min(1, PREVIEW_PX / Math.max(photo.width, photo.height));
    const [width, height] = [Math.max(1, Math.round(photo.width * scale)), Math.max(1, Math.round(photo.height * scale))];
    const points = face.outlinePx.map(([x, y]) => `${(x * scale).toFixed(1)},${(y * scale).toFixed(1)}`).join(' ');
    const line = Math.max(1.5, Math.max(width, height) / 500);
    // A dark line under a bright one is seen on any ground.
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="none" stroke-linejoin="round"><polygon points="${points}" stroke="#000" stroke-opacity="0.6" stroke-width="${2 * line}"/><polygon points="${points}" stroke="#ff8c00" stroke-width="${line}"/></g></svg>`;
    return sharp(photo.rgb, { raw: { width: photo.width, height: photo.height, channels: 3 } }).resize(width, height, { fit: 'fill' }).composite([{ input: Buffer.from(svg) }]).png().toBuffer();
  }
}
