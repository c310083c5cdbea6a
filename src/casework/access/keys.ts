/** API keys `rk_<id>_<secret>`: 256 random bits, shown once; the database holds an HMAC that needs a file to check. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problem, type CountryCode } from '../../domain/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { SCOPES, type Principal } from '../types.ts';
import { AccessStore } from './store.ts';

const SECRET_BYTES = 32;
const KEY = /^(rk_[0-9A-Z]{26})_([A-Za-z0-9_-]{43})$/;
/** The first key, for the commands on the same machine. */
export const KEY_FILE = 'operator-key';

export interface AccessKeyOptions {
  readonly keySecretFile: string;
  readonly dataFolder: string;
}

export interface KeyHolder {
  readonly agency: string;
  /** null: may act for any country. */
  readonly country: CountryCode | null;
}

export class AccessKeys {
  readonly #store: AccessStore;
  readonly #clock: Clock;
  readonly #pepper: Uint8Array;
  readonly #dataFolder: string;

  constructor(db: Database, clock: Clock, { keySecretFile, dataFolder }: AccessKeyOptions) {
    this.#store = new AccessStore(db);
    this.#clock = clock;
    this.#dataFolder = dataFolder;
    if (!existsSync(keySecretFile)) writePrivate(keySecretFile, Buffer.from(clock.randomBytes(SECRET_BYTES)).toString('base64url'));
    this.#pepper = readFileSync(keySecretFile);
  }

  /** Makes the first key when there is none, writes it beside the data for the commands, and gives it to be shown once. */
  firstKey(holder: KeyHolder): { readonly key: string; readonly file: string } | undefined {
    if (this.#store.keyCount() > 0) return undefined;
    const id = this.#clock.newId('rk');
    const secret = Buffer.from(this.#clock.randomBytes(SECRET_BYTES)).toString('base64url');
    const file = join(this.#dataFolder, KEY_FILE);
    // File before row: a file without its row is overwritten at the next start, a row without its file would lock everyone out.
    writePrivate(file, `${id}_${secret}\n`);
    this.#store.addKey({ id, ...holder, scopes: SCOPES, hmac: this.#hmac(secret), createdAt: this.#clock.timestamp(), expiresAt: null });
    return { key: `${id}_${secret}`, file };
  }

  /** @throws Problem unauthenticated; the reason is the same for an unknown key and a wrong secret */
  authenticate(key: string): Principal {
    const parts = KEY.exec(key);
    const record = parts ? this.#store.key(parts[1]!) : undefined;
    const given = this.#hmac(parts?.[2] ?? '');
    if (!record || !timingSafeEqual(record.hmac, given)) throw problem('unauthenticated', { reason: 'the key is not known' });
    if (record.expiresAt !== null && record.expiresAt <= this.#clock.timestamp()) throw problem('unauthenticated', { reason: 'the key has expired' });
    return { keyId: record.id, agency: record.agency, country: record.country, scopes: record.scopes };
  }

  #hmac(secret: string): Uint8Array {
    return createHmac('sha256', this.#pepper).update(secret).digest();
  }
}

/** @throws Problem not-allowed when the key is bound to another country or agency */
export function mayActFor(principal: Principal, country: CountryCode, agency?: string): void {
  if (principal.country === null) return;
  if (principal.country !== country) throw problem('not-allowed', { reason: `this key acts for ${principal.country}, not for ${country}` });
  if (agency !== undefined && agency !== principal.agency) throw problem('not-allowed', { reason: `this key acts for ${principal.agency}, not for ${agency}` });
}

function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}
