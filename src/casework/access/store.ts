/** Keys and remembered requests in the database. */
import type { Database } from '../../platform/database/index.ts';
import type { Row } from '../rows.ts';
import type { Scope } from '../types.ts';

export interface KeyRecord {
  readonly id: string;
  readonly agency: string;
  readonly country: string | null;
  readonly scopes: readonly Scope[];
  /** HMAC-SHA256 of the secret. */
  readonly hmac: Uint8Array;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

export interface RememberedRequest {
  readonly fingerprint: string;
  readonly reserved: string;
  readonly status: number | null;
  readonly headers: string | null;
  readonly body: string | null;
}

export class AccessStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  keyCount(): number {
    return (this.#db.prepare('SELECT count(*) AS n FROM access_keys').get() as { n: number }).n;
  }

  addKey(key: KeyRecord): void {
    this.#db
      .prepare('INSERT INTO access_keys (id, agency, country, scopes, hmac, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run([key.id, key.agency, key.country, JSON.stringify(key.scopes), Buffer.from(key.hmac), key.createdAt, key.expiresAt]);
  }

  key(id: string): KeyRecord | undefined {
    const row = this.#db.prepare('SELECT * FROM access_keys WHERE id = ?').get([id]) as Row | undefined;
    if (!row) return undefined;
    return {
      id: row['id'] as string,
      agency: row['agency'] as string,
      country: row['country'] as string | null,
      scopes: JSON.parse(row['scopes'] as string) as Scope[],
      hmac: row['hmac'] as Uint8Array,
      createdAt: row['created_at'] as string,
      expiresAt: row['expires_at'] as string | null,
    };
  }

  request(keyId: string, key: string): RememberedRequest | undefined {
    return this.#db.prepare('SELECT fingerprint, reserved, status, headers, body FROM remembered_requests WHERE key_id = ? AND request_key = ?').get([keyId, key]) as RememberedRequest | undefined;
  }

  addRequest(keyId: string, key: string, fingerprint: string, reserved: string, at: string): void {
    this.#db.prepare('INSERT INTO remembered_requests (key_id, request_key, fingerprint, reserved, created_at) VALUES (?, ?, ?, ?, ?)').run([keyId, key, fingerprint, reserved, at]);
  }

  finishRequest(keyId: string, key: string, status: number, headers: string, body: string): void {
    this.#db.prepare('UPDATE remembered_requests SET status = ?, headers = ?, body = ? WHERE key_id = ? AND request_key = ?').run([status, headers, body, keyId, key]);
  }

  removeRequest(keyId: string, key: string): void {
    this.#db.prepare('DELETE FROM remembered_requests WHERE key_id = ? AND request_key = ?').run([keyId, key]);
  }

  removeRequestsBefore(at: string): void {
    this.#db.prepare('DELETE FROM remembered_requests WHERE created_at < ?').run([at]);
  }
}
