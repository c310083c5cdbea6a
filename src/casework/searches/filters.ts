/** Filters of searches as bitmaps, kept as long as the index does not change: many searches share a filter. */
import { keyFilter, type KeyFilter } from '../../retrieval/index.ts';
import type { FaceScope, SearchStore } from './store.ts';

/** Filters kept at most; one of a million faces takes 125 kB. */
const KEPT = 32;

export class Filters {
  readonly #store: SearchStore;
  readonly #latestChange: () => number;
  readonly #known = new Map<string, KeyFilter | undefined>();
  #change = -1;

  constructor(store: SearchStore, latestChange: () => number) {
    this.#store = store;
    this.#latestChange = latestChange;
  }

  /** The faces that a scope lets pass; undefined when it lets all pass. */
  keysIn(scope: FaceScope): KeyFilter | undefined {
    const change = this.#latestChange();
    if (change !== this.#change) this.#known.clear();
    this.#change = change;
    const name = JSON.stringify(Object.entries(scope).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (this.#known.has(name)) return this.#known.get(name);
    const serials = this.#store.serialsIn(scope);
    const filter = serials && keyFilter(serials);
    if (this.#known.size >= KEPT) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(name, filter);
    return filter;
  }
}
