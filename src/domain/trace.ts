/**
 * How a stage shows its inner results: costs nothing when off, yields the explanation pictures and
 * the golden checksums when on.
 */
export interface Trace {
  accepts(key: string): boolean;
  take(key: string, mime: string, bytes: Uint8Array): void;
}

export const NO_TRACE: Trace = { accepts: () => false, take: () => undefined };

/** A trace that keeps what it is given, for the CLI's pictures and for tests. */
export function collectingTrace(accepts: (key: string) => boolean = () => true): Trace & { readonly taken: Map<string, { mime: string; bytes: Uint8Array }> } {
  const taken = new Map<string, { mime: string; bytes: Uint8Array }>();
  return { taken, accepts, take: (key, mime, bytes) => void taken.set(key, { mime, bytes }) };
}
