import { calibrateEf } from './calibrate.ts';
import type { ExactIndex } from './exact.ts';
import { loadGraph, saveGraph, type LoadedGraph } from './graph-file.ts';
import { HnswIndex } from './hnsw.ts';
import { RETRIEVAL_PARAMETERS } from './parameters.ts';
import type { GraphState, SearchCosts } from './planner.ts';
import type { KeyFilter, Neighbour, ProbeVectors, VectorSource } from './types.ts';

export interface GraphKeeperOptions {
  readonly source: VectorSource;
  readonly exact: ExactIndex;
  readonly folder?: string;
  readonly graphFrom?: number;
  readonly costs?: SearchCosts;
  readonly progress?: (done: number, total: number) => void;
  readonly log?: (sentence: string) => void;
}

type Kept = { -readonly [K in keyof LoadedGraph]: LoadedGraph[K] } & { saved: number };

/**
 * Keeps the graph of a source in the background: loads it, or builds it; follows the changes; measures
 * how wide it must be searched; writes it. Whatever goes wrong here costs time, never an answer: the
 * exact index stands in until the graph is ready.
 */
export class GraphKeeper {
  readonly #options: GraphKeeperOptions;
  readonly #graphFrom: number;
  #kept: Kept | undefined;
  #why = 'There are too few vectors for a graph index to be faster.';
  #building = false;
  #tried = false;
  #closed = false;
  /** After a failure the exact index answers alone until the next start. */
  #failed = false;
  #work: Promise<void> = Promise.resolve();

  constructor(options: GraphKeeperOptions) {
    this.#options = options;
    this.#graphFrom = options.graphFrom ?? RETRIEVAL_PARAMETERS.graphFrom.value;
  }

  /** The state for a search that is to cover the changes up to `watermark`. */
  stateAt(watermark: number): GraphState {
    const kept = this.#kept;
    if (!kept) return { state: 'absent', why: this.#why };
    if (this.#building) return { state: 'building', done: kept.watermark, total: this.#options.source.watermark() };
    if (kept.watermark !== watermark) return { state: 'absent', why: 'The graph index is being brought up to date.' };
    if (kept.ef === null) return { state: 'absent', why: `No search of the graph index reaches a recall of ${RETRIEVAL_PARAMETERS.targetRecall.value} faster than a scan.` };
    return { state: 'ready', ef: kept.ef, parts: kept.graph.parts };
  }

  /** Lets the graph catch up with the source in the background. */
  follow(watermark: number): void {
    if (this.#failed || (this.#kept?.watermark === watermark && !this.#building)) return;
    if (!this.#kept && this.#options.exact.size < this.#graphFrom) return;
    this.#enqueue(() => this.#follow());
  }

  settled(): Promise<void> {
    return this.#work;
  }

  /** What the graph finds; undefined when it cannot give k, or is gone. */
  async fetch(probe: ProbeVectors, k: number, filter?: KeyFilter): Promise<Neighbour[] | undefined> {
    const graph = this.#kept?.graph;
    try {
      return await graph?.fetch(probe, k, filter);
    } catch (error) {
      if (this.#kept?.graph === graph) await this.#fail(error);
      return undefined;
    }
  }

  /** Throws the graph away; the next `follow` builds another. */
  async discard(why: string): Promise<void> {
    await this.#drop(`The graph index is built anew: ${why}.`);
    this.#tried = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    // Ending the worker ends a build: what waits for it is rejected.
    await this.#kept?.graph.close();
    await this.#work;
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#closed) return;
      try {
        await work();
      } catch (error) {
        if (!this.#closed) await this.#fail(error);
      }
    });
  }

  async #follow(): Promise<void> {
    const kept = this.#kept ?? (await this.#load()) ?? (await this.#create());
    if (this.#closed) return void (await kept.graph.close());
    this.#kept = kept;
    await this.#read(kept);
    if (kept.graph.removedShare > RETRIEVAL_PARAMETERS.compactAbove.value) {
      await this.discard('too many of its vectors were removed');
      return this.#follow();
    }
    await this.#calibrate(kept);
    // Changes that came while it was measured; few, so that the measurement still holds.
    await this.#read(kept);
    this.#building = false;
    await this.#save(kept);
  }

  async #load(): Promise<Kept | undefined> {
    const { folder, source, exact, costs } = this.#options;
    if (folder === undefined || this.#tried) return undefined;
    this.#tried = true;
    this.#why = 'The graph index is being loaded.';
    const loaded = await loadGraph(folder, source, exact, costs);
    if ('refused' in loaded) {
      this.#say(`The stored graph index is not used: ${loaded.refused}.`);
      return undefined;
    }
    this.#say(`The graph index was loaded at change ${loaded.watermark}.`);
    return { ...loaded, saved: loaded.watermark };
  }

  async #create(): Promise<Kept> {
    this.#building = true;
    return { graph: await HnswIndex.create(this.#options.exact, { costs: this.#options.costs }), watermark: 0, ef: null, calibratedAt: 0, saved: 0 };
  }

  async #read(kept: Kept): Promise<void> {
    const { source, progress } = this.#options;
    while (kept.watermark < source.watermark()) {
      const before = kept.watermark;
      for await (const { watermark, added, removed } of source.changes(before)) {
        await kept.graph.remove(removed);
        await kept.graph.add(added);
        kept.watermark = watermark;
        if (this.#building) progress?.(watermark, source.watermark());
      }
      // The latest change may concern no vector at all.
      if (kept.watermark === before) return;
    }
  }

  async #calibrate(kept: Kept): Promise<void> {
    const size = this.#options.exact.size;
    if (kept.calibratedAt > 0 && size < 1.5 * kept.calibratedAt && size > kept.calibratedAt / 1.5) return;
    // While it is measured with changing widths no search may use it.
    this.#building = true;
    const { ef, steps } = await calibrateEf(this.#options.exact, kept.graph);
    kept.ef = ef;
    kept.calibratedAt = size;
    const last = steps.at(-1);
    this.#say(last ? `The graph index of ${size} vectors has a recall of ${last.audit.recall.value.toFixed(4)} at ef ${last.ef}${ef === null ? ', which is not enough' : ''}.` : `A scan of ${size} vectors is faster than any search of the graph index.`);
  }

  async #save(kept: Kept): Promise<void> {
    const { folder, source } = this.#options;
    if (folder === undefined || kept.saved === kept.watermark) return;
    if (kept.saved > 0 && kept.watermark - kept.saved < RETRIEVAL_PARAMETERS.saveAfter.value * (await kept.graph.count())) return;
    try {
      await saveGraph(folder, source, kept);
      kept.saved = kept.watermark;
    } catch (error) {
      // A full disk costs a rebuild at the next start, no answer now.
      if (!this.#closed) this.#say(`The graph index could not be written: ${(error as Error).message}.`);
    }
  }

  async #fail(error: unknown): Promise<void> {
    this.#failed = true;
    await this.#drop(`The graph index failed and is not used until the next start: ${(error as Error).message}.`);
  }

  async #drop(why: string): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    this.#building = false;
    this.#why = why;
    this.#say(why);
    await kept?.graph.close();
  }

  #say(sentence: string): void {
    this.#options.log?.(sentence);
  }
}
