/**
 * The vault: sealed originals, each a read-only file named by the SHA-256 of its bytes
 * (`ab/cd/abcd...`). A file is there whole or not at all: it is written under a temporary name, synced,
 * given its sealed name, and its folders are synced, before `seal` answers.
 *
 * The temporary name stays until the record of the file is committed (`settle`). A process that is
 * killed in between leaves it behind, and `sweep` knows by it which sealed files are in doubt: only
 * those can be removed, so a vault next to an older copy of the database loses nothing.
 */
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { link, mkdir, open, readFile, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { problem } from '../../domain/index.ts';
import { systemClock, type Clock } from '../clock/index.ts';

export type ByteSource = Uint8Array | AsyncIterable<Uint8Array>;

/** Bytes that are on the disk under a temporary name, neither kept nor thrown away yet. */
export interface StagedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Makes the bytes durable under their digest. Answers true when the vault did not have them yet. */
  seal(): Promise<boolean>;
  /** The record of the sealed file is committed: drops the temporary name. */
  settle(): Promise<void>;
  /** Nothing is to be kept: drops the temporary name, and the sealed file when this call to `seal` made it. */
  discard(): Promise<void>;
}

export interface Vault {
  /** Writes the bytes to a temporary file and counts and digests them on the way. @throws Problem image-too-large beyond `maxBytes` */
  stage(source: ByteSource, options?: { readonly maxBytes?: number }): Promise<StagedFile>;
  has(sha256: string): Promise<boolean>;
  /** Absolute path of a sealed file, for a reader that wants a path; the file may not exist. */
  pathOf(sha256: string): string;
  /** @throws Problem not-found; digest-mismatch when `verify` finds other bytes than were sealed */
  read(sha256: string, options?: { readonly verify?: boolean }): Promise<Buffer>;
  /** @throws Problem not-found */
  openStream(sha256: string): Promise<{ readonly bytes: number; readonly stream: ReadStream }>;
  /** Digests of all sealed files, in order. */
  list(): AsyncIterable<string>;
  /**
   * Clears what a killed process left: temporary files, and the sealed files they are in doubt about that have no
   * record. Call it at start, before anything is staged.
   * @param isRecorded whether the sealed file with this digest has a record
   */
  sweep(isRecorded: (sha256: string) => boolean): Promise<{ readonly temporary: number; readonly unsealed: number }>;
}

const SHA256 = /^[0-9a-f]{64}$/;

export async function openVault(folder: string, clock: Clock = systemClock): Promise<Vault> {
  const temporary = join(folder, 'temporary');
  await mkdir(temporary, { recursive: true });
  const pathOf = (sha256: string): string => {
    if (!SHA256.test(sha256)) throw problem('not-found', { what: 'the image' });
    return join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  };
  const has = async (sha256: string): Promise<boolean> => {
    const path = pathOf(sha256);
    return (await stat(path).catch(() => undefined))?.isFile() ?? false;
  };
  const missing = (error: unknown): never => {
    throw (error as { code?: string }).code === 'ENOENT' ? problem('not-found', { what: 'the image' }) : error;
  };

  /** Gives the temporary file its sealed name too. Answers false when the name is taken: by the same bytes. */
  async function nameSealed(from: string, sha256: string): Promise<boolean> {
    const to = pathOf(sha256);
    await mkdir(dirname(to), { recursive: true });
    return link(from, to).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
  }

  return {
    has,
    pathOf,
    async stage(source, { maxBytes = Infinity } = {}) {
      const path = join(temporary, `${Buffer.from(clock.randomBytes(16)).toString('hex')}.part`);
      try {
        const { sha256, bytes } = await writeDigested(path, source, maxBytes);
        let sealedHere = false;
        return {
          path,
          sha256,
          bytes,
          seal: async () => {
            sealedHere = await nameSealed(path, sha256);
            for (const level of [temporary, dirname(pathOf(sha256)), dirname(dirname(pathOf(sha256))), folder]) await syncFolder(level);
            return sealedHere;
          },
          settle: () => rm(path, { force: true }),
          discard: async () => {
            if (sealedHere) await rm(pathOf(sha256), { force: true });
            await rm(path, { force: true });
          },
        };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
    async read(sha256, { verify = false } = {}) {
      const bytes = await readFile(pathOf(sha256)).catch(missing);
      if (verify) {
        const found = createHash('sha256').update(bytes).digest('hex');
        if (found !== sha256) throw problem('digest-mismatch', { found });
      }
      return bytes;
    },
    async openStream(sha256) {
      const handle = await open(pathOf(sha256), 'r').catch(missing);
      const { size } = await handle.stat();
      return { bytes: size, stream: createReadStream('', { fd: handle }) };
    },
    async *list() {
      for (const first of (await readdir(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort())
        for (const second of (await readdir(join(folder, first))).sort()) yield* (await readdir(join(folder, first, second))).filter((name) => SHA256.test(name)).sort();
    },
    async sweep(isRecorded) {
      let unsealed = 0;
      const left = await readdir(temporary);
      for (const name of left) {
        const sha256 = await digestOf(join(temporary, name));
        if (!isRecorded(sha256) && (await has(sha256))) {
          await rm(pathOf(sha256));
          unsealed++;
        }
        await rm(join(temporary, name));
      }
      return { temporary: left.length, unsealed };
    },
  };
}

async function writeDigested(path: string, source: ByteSource, maxBytes: number): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  // Owner and group may read, nobody may write: an original is never changed in place.
  const file = await open(path, 'wx', 0o440);
  try {
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      bytes += chunk.length;
      // The sender of a file that is too large is heard out, for as much again, so that it can read the refusal.
      if (bytes > 2 * maxBytes) break;
      if (bytes > maxBytes) continue;
      hash.update(chunk);
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
    }
    if (bytes > maxBytes) throw problem('image-too-large', { limit: `${maxBytes} bytes`, found: `more than ${maxBytes} bytes` });
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** A name is durable only when the folder that holds the name is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
