import { auditRecall, type RecallAudit } from './audit.ts';
import { sample } from './calibrate.ts';
import { ExactIndex } from './exact.ts';
import { GraphKeeper } from './graph-keeper.ts';
import { RETRIEVAL_PARAMETERS } from './parameters.ts';
import { choosePlan, type GraphState, type SearchCosts } from './planner.ts';
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
  /** Where the graph's file is kept; everything in it can be deleted at any time. Without it nothing is written. */
  readonly folder?: string;
  /** From so many vectors on a graph is kept. */
  readonly graphFrom?: number;
  /** Expected times that the plan is chosen by. */
  readonly costs?: SearchCosts;
  /** Told while vectors are read or the graph is built. */
  readonly progress?: (phase: 'load' | 'graph', done: number, total: number) => void;
  /** Told in one sentence what happened to the graph: why a file was not used, how wide it is searched. */
  readonly log?: (sentence: string) => void;
}

/**
 * The index of one database: keeps an exact index (always) and a graph (when it pays) in step with
 * the source, and answers every search with the plan it was answered by.
 */
export class CandidateIndex {
  readonly #source: VectorSource;
  readonly #options: CandidateIndexOptions;
  readonly #exact: ExactIndex;
  readonly #graph: GraphKeeper;
  #watermark = 0;
  #running: Promise<void> = Promise.resolve();
  /** Change after which the index is compared with the database again: counting a large one takes its time. */
  #compareAt = 0;

  private constructor(options: CandidateIndexOptions) {
    const { source, progress } = options;
    this.#options = options;
    this.#source = source;
    this.#exact = new ExactIndex(source.dimension);
    this.#graph = new GraphKeeper({ ...options, exact: this.#exact, progress: (done, total) => progress?.('graph', done, total) });
  }

  /** Opens the index and brings it up to the source's watermark. A graph is loaded or built meanwhile: see `settled`. */
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

  get graph(): GraphState {
    return this.#graph.stateAt(this.#watermark);
  }

  /** Reads what changed in the source since the watermark. Calls are worked off one after another. */
  catchUp(): Promise<void> {
    const next = this.#running.then(() => this.#catchUp());
    this.#running = next.catch(() => undefined);
    return next;
  }

  /** Settles when the graph is ready, or it is clear that there will be none for now. */
  settled(): Promise<void> {
    return this.#graph.settled();
  }

  /** @throws Problem `vector-dimension-mismatch` */
  async search(probe: ProbeVectors, k: number, { filter, mode = 'auto' }: CandidateSearch = {}): Promise<CandidateAnswer> {
    const of = this.#exact.size;
    const watermark = this.#watermark;
    const searched = this.#exact.passing(filter);
    const choice = choosePlan({ mode, k, of, passing: searched, graph: this.graph, costs: this.#options.costs });
    let { why } = choice;
    if (choice.plan === 'hnsw') {
      const neighbours = await this.#graph.fetch(probe, k, filter);
      if (neighbours && this.#watermark === watermark) return { neighbours, plan: { plan: 'hnsw', why, searched, of, scored: null, watermark } };
      why = 'The graph index found too few vectors that pass the filter, or changed meanwhile; all of them were scanned.';
    }
    // The scan starts in this very turn: what it covers is what the index holds now.
    const now = { searched: this.#exact.passing(filter), of: this.#exact.size, watermark: this.#watermark };
    const { neighbours, scored } = await this.#exact.scan(probe, k, filter);
    return { neighbours, plan: { plan: 'exact', why, scored, ...now } };
  }

  /**
   * Recall of the graph against the exact index.
   * @param probes vectors to search with; a number takes so many stored ones
   * @returns undefined when there is no graph that could answer
   */
  async audit(probes: readonly ProbeVectors[] | number, k: number, filter?: KeyFilter): Promise<RecallAudit | undefined> {
    if (this.graph.state !== 'ready') return undefined;
    const search = async (probe: ProbeVectors, most: number, passing?: KeyFilter): Promise<Neighbour[]> => (await this.#graph.fetch(probe, most, passing)) ?? this.#exact.search(probe, most, passing);
    return auditRecall(this.#exact, { search }, typeof probes === 'number' ? sample(this.#exact, probes) : probes, k, filter);
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#graph.close();
    await this.#exact.close();
  }

  async #catchUp(): Promise<void> {
    await this.#read();
    if (this.#apart()) {
      // The database is the truth: whatever came apart, all of it is read again.
      await this.#exact.remove([...this.#exact.keys()]);
      await this.#graph.discard('it had come apart from the database');
      this.#watermark = 0;
      await this.#read();
      // What remains is a source that contradicts itself; reading it again and again would not help.
      if (this.#apart()) this.#options.log?.(`The database states ${this.#source.count()} vectors and gives ${this.#exact.size}.`);
    }
    if (this.#watermark >= this.#compareAt) this.#compareAt = this.#watermark + RETRIEVAL_PARAMETERS.compareEvery.value;
    this.#graph.follow(this.#watermark);
  }

  /** Whether the index and the database hold different numbers of vectors at the same change. */
  #apart(): boolean {
    return this.#watermark >= this.#compareAt && this.#watermark === this.#source.watermark() && this.#exact.size !== this.#source.count();
  }

  async #read(): Promise<void> {
    for await (const { watermark, added, removed } of this.#watermark < this.#source.watermark() ? this.#source.changes(this.#watermark) : []) {
      await this.#exact.remove(removed);
      await this.#exact.add(added);
      this.#watermark = watermark;
      this.#options.progress?.('load', this.#exact.size, this.#source.count());
    }
  }
}
