/** The vectors of designs, in memory for as long as they are searched: an exact index each. */
import { ExactIndex } from '../../retrieval/index.ts';
import { PLACING_PARAMETERS as P } from './parameters.ts';
import type { DesignRow, DesignStore } from './store.ts';

interface Kept {
  readonly index: ExactIndex;
  readonly grown: number;
  /** Number of the last place that is in it. */
  place: number;
  /** Searches at one time read the places once. */
  read: Promise<void>;
}

const ROWS_AT_ONCE = 1024;
const SEGMENT_ROWS = 256;

export class DesignVectors {
  readonly #store: DesignStore;
  /** Searched longest ago first. */
  readonly #kept = new Map<number, Kept>();

  constructor(store: DesignStore) {
    this.#store = store;
  }

  /**
   * The index of a design with all its faces, of vectors of this length; keys are serials. Vectors of another length belong
   * to a frame that has grown since `design` was read: the next search has them.
   */
  async of({ id, grown }: DesignRow, dimension: number): Promise<ExactIndex> {
    const before = this.#kept.get(id);
    const kept: Kept = before?.grown === grown ? before : { index: new ExactIndex(dimension, { segmentRows: SEGMENT_ROWS, prominence: true }), grown, place: 0, read: Promise.resolve() };
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    kept.read = kept.read.catch(() => undefined).then(() => this.#read(id, kept));
    await kept.read;
    this.#forget();
    return kept.index;
  }

  async #read(id: number, kept: Kept): Promise<void> {
    for (let rows = this.#store.places(id, kept.place, ROWS_AT_ONCE); rows.length > 0; rows = this.#store.places(id, kept.place, ROWS_AT_ONCE)) {
      const fitting = rows.flatMap(({ serial, vector }) => (vector?.length === kept.index.dimension ? [{ key: serial, vector: new Int8Array(vector.buffer, vector.byteOffset, vector.byteLength) }] : []));
      await kept.index.add(fitting);
      kept.place = rows.at(-1)!.place;
    }
  }

  #forget(): void {
    const bytes = (): number => [...this.#kept.values()].reduce((sum, { index }) => sum + index.size * index.dimension, 0);
    while (this.#kept.size > 1 && bytes() > P.keptMb.value * 1e6) this.#kept.delete(this.#kept.keys().next().value!);
  }
}
