/**
 * A face gets its place.
 *
 * 1. designs   the known designs nearest by embedding are compared with the face
 * 2. lay       the face on the frames of the best of them; logo and strokes together say whether it fits
 * 3. found     where none fits, the face founds a design of its own: a design seen once works too
 * 4. grow      a frame whose faces have become many is the mean of their strokes from then on, and all are laid again
 */
import type { LaidFace, ToolFace } from '../../comparison/index.ts';
import { FRAME_PARAMETERS } from '../../comparison/index.ts';
import type { FeatureSet } from '../../features/index.ts';
import type { Engine } from '../engine.ts';
import { ExactIndex } from '../../retrieval/index.ts';
import { DESIGN_PARAMETERS as P, PLACING_PARAMETERS } from './parameters.ts';
import type { DesignRow, DesignStore } from './store.ts';

const GROW_AT = [P.growAt0.value, P.growAt1.value, P.growAt2.value];

/** The design that a face is of, and where it lies on its frame. */
interface Fitting {
  readonly design: number;
  readonly laid: LaidFace | undefined;
}

/** What stored faces are compared by; undefined where it is of other parameters or cannot be read. */
export interface ReadFaces {
  features(serial: number): FeatureSet | undefined;
  both(serial: number): Promise<ToolFace | undefined>;
}

export interface PlacerDependencies {
  readonly store: DesignStore;
  readonly engine: Engine;
  readonly digest: string;
  readonly faces: ReadFaces;
  transaction(work: () => void): void;
}

export class Placer {
  readonly #with: PlacerDependencies;
  readonly #references: ExactIndex;
  /** Id of the last design among the references. */
  #latest = 0;

  constructor(dependencies: PlacerDependencies) {
    this.#with = dependencies;
    this.#references = new ExactIndex(dependencies.engine.dimension, { segmentRows: 1024 });
  }

  /** Places faces, and grows the frames whose faces have become many. */
  async place(serials: readonly number[]): Promise<void> {
    const { store, transaction } = this.#with;
    const touched = new Set<number>();
    for (const serial of serials) {
      const face = await this.#with.faces.both(serial);
      const fitting = face && ((await this.#fitting(face)) ?? (await this.#found(serial, face)));
      if (fitting) touched.add(fitting.design);
      transaction(() => (fitting ? store.put(serial, fitting.design, fitting.laid?.vectors[0] ?? null) : store.drop(serial)));
    }
    for (const id of touched) await this.#grow(store.design(id)!);
  }

  /** Of the designs nearest by embedding those whose first face has at least this design score with a face, best first. */
  async likely(probe: FeatureSet, nearest: number, least: number): Promise<{ readonly design: DesignRow; readonly features: FeatureSet; readonly score: number }[]> {
    const { store, engine } = this.#with;
    await this.#follow();
    const near = (await this.#references.search(probe.embedding, nearest)).map(({ key }) => store.design(key)!).filter(({ kind }) => kind === probe.kind);
    const references = near.flatMap((design) => {
      const features = this.#with.faces.features(design.reference);
      return features ? [{ design, features }] : [];
    });
    const scores = await engine.compare(probe, references.map(({ features }) => features));
    return references.map((r, i) => ({ ...r, score: scores[i]!.designScore })).filter(({ score }) => score >= least).sort((a, b) => b.score - a.score || a.design.id - b.design.id);
  }

  /** 1. and 2. */
  async #fitting(face: ToolFace): Promise<Fitting | undefined> {
    const { engine } = this.#with;
    const likely = (await this.likely(face.features, P.nearest.value, P.leastDesign.value)).slice(0, P.laid.value);
    let best: { readonly design: number; readonly laid: LaidFace; readonly fit: number } | undefined;
    for (const { design, features, score } of likely) {
      const [laid] = await engine.layOnFrame(this.#frame(design, features), [face]);
      if (laid && score + laid.strokes >= Math.max(P.fits.value, best?.fit ?? 0)) best = { design: design.id, laid, fit: score + laid.strokes };
    }
    return best;
  }

  /** 3. */
  async #found(serial: number, face: ToolFace): Promise<Fitting> {
    const { store, engine, digest } = this.#with;
    const frame = engine.newFrame(face);
    const [laid] = await engine.layOnFrame({ ...face, marks: frame }, [face]);
    return { design: store.addDesign(digest, face.features.kind, serial, engine.encodeMarks(frame)), laid };
  }

  /** 4. */
  async #grow(design: DesignRow): Promise<void> {
    const { store, engine, transaction } = this.#with;
    const due = GROW_AT.filter((count) => count > design.grown && count <= store.memberCount(design.id)).at(-1);
    if (due === undefined) return;
    const features = this.#with.faces.features(design.reference);
    if (!features) return;
    const frame = this.#frame(design, features);
    const members = (await this.#read(store.membersOf(design.id).slice(0, due))).filter((face) => face !== undefined);
    const laid = await engine.layOnFrame(frame, members);
    const agreeing = members.flatMap(({ marks }, i) => (laid[i] && laid[i].strokes >= FRAME_PARAMETERS.strokesAgree.value ? [{ marks, toFace: laid[i].toFace }] : []));
    const grown = await engine.growFrame(frame.marks, agreeing);
    const serials = store.membersOf(design.id);
    const vectors = await this.#lay({ ...frame, marks: grown }, serials);
    transaction(() => {
      store.grow(design.id, engine.encodeMarks(grown), due);
      serials.forEach((serial, i) => store.put(serial, design.id, vectors[i]!));
    });
  }

  async #lay(frame: ToolFace, serials: readonly number[]): Promise<(Int8Array | null)[]> {
    const vectors: (Int8Array | null)[] = [];
    for (let at = 0; at < serials.length; at += PLACING_PARAMETERS.batch.value) {
      const faces = await this.#read(serials.slice(at, at + PLACING_PARAMETERS.batch.value));
      const laid = await this.#with.engine.layOnFrame(frame, faces.filter((face) => face !== undefined));
      let next = 0;
      for (const face of faces) vectors.push((face && laid[next++]?.vectors[0]) ?? null);
    }
    return vectors;
  }

  #read(serials: readonly number[]): Promise<(ToolFace | undefined)[]> {
    return Promise.all(serials.map((serial) => this.#with.faces.both(serial)));
  }

  #frame(design: DesignRow, features: ToolFace['features']): ToolFace {
    return { features, marks: this.#with.engine.decodeMarks(this.#with.store.frame(design.id)) };
  }

  /** The references of designs that were founded since. */
  async #follow(): Promise<void> {
    const fresh = this.#with.store.designs(this.#latest);
    await this.#references.add(fresh.map(({ id, reference }) => ({ key: id, vector: this.#with.store.embedding(reference) })));
    this.#latest = fresh.at(-1)?.id ?? this.#latest;
  }
}
