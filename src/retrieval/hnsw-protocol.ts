/** What the main thread and the graph's worker say to each other. Vectors travel packed, one after another. */

export interface GraphShape {
  readonly dimension: number;
  /** Links a node keeps a layer (twice as many on the lowest). */
  readonly m: number;
  readonly efConstruction: number;
}

export interface GraphRequests {
  create: { readonly shape: GraphShape; readonly capacity: number };
  /** Loads a file whose SHA-256 is `sha256`; any other is never opened by the graph library. */
  load: { readonly shape: GraphShape; readonly path: string; readonly sha256: string; readonly removed: readonly number[] };
  add: { readonly keys: Uint32Array; readonly vectors: Int8Array };
  remove: { readonly keys: readonly number[] };
  search: { readonly queries: Int8Array; readonly fetch: number; readonly ef: number };
  /** Writes the graph to `path` by way of a temporary file. */
  save: { readonly path: string };
}

export interface GraphAnswers {
  create: { readonly count: number };
  load: { readonly count: number } | { readonly refused: string };
  add: { readonly count: number; readonly removed: number };
  remove: { readonly count: number; readonly removed: number };
  /** Best first within each query; the queries one after another, `counts` results each. */
  search: { readonly keys: Uint32Array; readonly scores: Int32Array };
  save: { readonly sha256: string; readonly count: number; readonly removed: readonly number[] };
}

export type GraphOperation = keyof GraphRequests;
export type GraphMessage = { [O in GraphOperation]: { readonly id: number; readonly operation: O; readonly request: GraphRequests[O] } }[GraphOperation];
export type GraphReply = { readonly id: number; readonly answer: GraphAnswers[GraphOperation] } | { readonly id: number; readonly error: string };
