/** What the main thread and a worker with parts of the graph say to each other. Vectors travel packed, one after another. */

export interface GraphShape {
  readonly dimension: number;
  /** Links a node keeps a layer (twice as many on the lowest). */
  readonly m: number;
  readonly efConstruction: number;
}

export interface GraphRequests {
  create: { readonly part: number; readonly shape: GraphShape; readonly capacity: number };
  /** Loads a file whose SHA-256 is `sha256`; any other is never opened by the graph library. */
  load: { readonly part: number; readonly shape: GraphShape; readonly path: string; readonly sha256: string; readonly removed: readonly number[] };
  add: { readonly part: number; readonly keys: Uint32Array; readonly vectors: Int8Array };
  remove: { readonly part: number; readonly keys: readonly number[] };
  /** Searches every part that the worker holds. */
  search: { readonly queries: Int8Array; readonly fetch: number; readonly ef: number };
  /** Writes the graph to `path` by way of a temporary file. */
  save: { readonly part: number; readonly path: string };
}

export interface GraphAnswers {
  create: { readonly count: number };
  /** All keys in the file, with those marked as deleted. */
  load: { readonly keys: Uint32Array } | { readonly refused: string };
  add: { readonly count: number; readonly removed: number };
  remove: { readonly count: number; readonly removed: number };
  /**
   * In no order. A list that has `fetch` members was cut off there: `hidden` is the highest last score of
   * such lists, and what was left out scores no higher. -Infinity when none was cut off.
   */
  search: { readonly keys: Uint32Array; readonly scores: Int32Array; readonly hidden: number };
  save: { readonly sha256: string; readonly bytes: number; readonly count: number; readonly removed: readonly number[] };
}

export type GraphOperation = keyof GraphRequests;
export type GraphMessage = { [O in GraphOperation]: { readonly id: number; readonly operation: O; readonly request: GraphRequests[O] } }[GraphOperation];
/** `ready`: the worker has loaded the graph library, and may be ended. */
export type GraphReply = { readonly ready: true } | { readonly id: number; readonly answer: GraphAnswers[GraphOperation] } | { readonly id: number; readonly error: string };
