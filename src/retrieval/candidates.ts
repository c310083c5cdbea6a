import { ExactIndex } from './exact.ts';
import { choosePlan, type GraphState } from './planner.ts';
import type { KeyFilter, Neighbour, ProbeVectors, SearchPlan, VectorSource } from './types.ts';

export interface CandidateSearch {
  readonly filter?: KeyFilter;
  /** `exact`: scan, whatever it costs. Default `auto`. */
  readonly mode?: 'auto' | 'exact';
}

export interface CandidateAnswer {
  readonly neighbours: readonly Neighbour[];
  readonly plan: SearchPlan;
}

export interface CandidateIndexOptions {
  readonly source: VectorSource;
  /** Where index files are kept; everything in it can be deleted at any time. Without it nothing is written. */
  readonly folder?: string;
  /** Told while vectors are read or the graph is built. */
  readonly progress?: (phase: 'load' | 'graph', done: number, total: number) => void;
}

/**
 * The index of one database: keeps an exact index (always) and a graph (when it pays) in step with
 * the source, and answers every search with the plan it was answered by.
 */
export class CandidateIndex {
  readonly #options: CandidateIndexOptions;
  #exact: ExactIndex;
  #watermark = 0;
  #graph: GraphState = { state: 'absent', why: 'There is no graph index yet.' };
  #running: Promise<void> = Promise.resolve();

  private constructor(options: CandidateIndexOptions) {
    this.#options = options;
    this.#exact = new ExactIndex(options.source.dimension);
  }

  /** Opens the index and brings it up to the source's watermark. */
  static async open(options: CandidateIndexOptions): Promise<CandidateIndex> {
    const index = new CandidateIndex(options);
    await index.catchUp();
    return index;
  }

  /** Number of the latest database change the index holds. */
  get watermark(): number {
    return this.#watermark;
  }

  get count(): number {
    return this.#exact.size;
  }

  /** Reads what changed in the source since the watermark. Calls are worked off one after another. */
  catchUp(): Promise<void> {
    const next = this.#running.then(() => this.#catchUp());
    this.#running = next.catch(() => undefined);
    return next;
  }

  async search(probe: ProbeVectors, k: number, { filter, mode = 'auto' }: CandidateSearch = {}): Promise<CandidateAnswer> {
    const of = this.#exact.size;
    const watermark = this.#watermark;
    const passing = this.#exact.passing(filter);
    const { plan, why } = choosePlan({ mode, k, of, passing, graph: this.#graph });
    const { neighbours, scored } = await this.#exact.scan(probe, k, filter);
    return { neighbours, plan: { plan, why, searched: passing, of, scored, watermark } };
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#exact.close();
  }

  async #catchUp(): Promise<void> {
    const { source, progress } = this.#options;
    if (source.watermark() > this.#watermark) {
      for await (const { watermark, added, removed } of source.changes(this.#watermark)) {
        await this.#exact.remove(removed);
        await this.#exact.add(added);
        this.#watermark = watermark;
        progress?.('load', this.#exact.size, source.count());
      }
    }
  }
}
