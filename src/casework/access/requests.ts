/**
 * Requests with an Idempotency-Key. A row is made before the work and holds an id part that the work must use, so
 * that a request which died with the process and comes again finds the record it already made.
 */
import { problem, type IdPrefix } from '../../domain/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { AccessStore } from './store.ts';

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** An answer is repeated for so long. */
const KEPT_MS = 24 * 3600_000;

export class RememberedRequests {
  readonly #store: AccessStore;
  readonly #clock: Clock;
  /** Requests this process is working on; a row without an answer that is not here died with an earlier process. */
  readonly #running = new Set<string>();

  constructor(db: Database, clock: Clock) {
    this.#store = new AccessStore(db);
    this.#clock = clock;
  }

  /** @throws Problem idempotency-key-reused, request-still-running */
  begin(keyId: string, key: string, fingerprint: string): { readonly answer: StoredAnswer } | { readonly reserved: string } {
    this.#store.removeRequestsBefore(new Date(this.#clock.nowMs() - KEPT_MS).toISOString());
    const name = `${keyId} ${key}`;
    const known = this.#store.request(keyId, key);
    if (known && known.fingerprint !== fingerprint) throw problem('idempotency-key-reused');
    if (known?.status != null) return { answer: { status: known.status, headers: JSON.parse(known.headers!) as Record<string, string>, body: JSON.parse(known.body!) as unknown } };
    if (this.#running.has(name)) throw problem('request-still-running');
    const reserved = known?.reserved ?? this.#clock.newId('rq').slice(3);
    if (!known) this.#store.addRequest(keyId, key, fingerprint, reserved, this.#clock.timestamp());
    this.#running.add(name);
    return { reserved };
  }

  finish(keyId: string, key: string, answer: StoredAnswer): void {
    this.#store.finishRequest(keyId, key, answer.status, JSON.stringify(answer.headers), JSON.stringify(answer.body));
    this.#running.delete(`${keyId} ${key}`);
  }

  /** The work was refused and changed nothing: the key is free again. After anything else the row stays, with its reserved id. */
  release(keyId: string, key: string, refused: boolean): void {
    if (refused) this.#store.removeRequest(keyId, key);
    this.#running.delete(`${keyId} ${key}`);
  }
}

/** The reserved id of a repeatable request, or a new one. */
export function reservedId(prefix: IdPrefix, reserved: string | undefined, clock: Clock): string {
  return reserved === undefined ? clock.newId(prefix) : `${prefix}_${reserved}`;
}
