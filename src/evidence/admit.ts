/**
 * Intake: bytes become a sealed original, or are refused and leave nothing behind.
 *
 * 1 write the bytes to a temporary file, counted and digested on the way
 * 2 compare the digest with the stated one
 * 3 a known digest: answer with the known image
 * 4 inspect: type, limits, one frame, a full decode
 * 5 seal the file in the vault (durable)
 * 6 commit the row, together with what the caller writes (durable)
 * Only then is there an answer. Byte-identical uploads are one image; near-identical ones are two.
 */
import sharp from 'sharp';
import { problem } from '../domain/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Database } from '../platform/database/index.ts';
import type { ByteSource, StagedFile, Vault } from '../platform/vault/index.ts';
import { createImageStore, type ImageStore, type SealedImage } from './images.store.ts';
import { inspect } from './inspect.ts';
import { checkDeclared } from './sniff.ts';
import { STANDARD_LIMITS, type IntakeLimits } from './limits.ts';
import { keyedTurns, slots } from './turns.ts';

export interface AdmitOptions<Written> {
  /** The media type the sender states; `application/octet-stream` states nothing. */
  readonly declaredType?: string;
  /** The SHA-256 the sender states, in lower-case hexadecimal. */
  readonly expectedSha256?: string;
  /**
   * Runs in the transaction that commits the row (also when the image was known): what it writes, a link to a
   * specimen or a job, is durable with the image or not at all. Must be synchronous.
   */
  readonly within?: (image: SealedImage, known: boolean) => Written;
}

export interface Admitted<Written> {
  readonly image: SealedImage;
  /** True when the same bytes had been admitted before. */
  readonly known: boolean;
  readonly written: Written | undefined;
}

export interface Evidence {
  /** @throws Problem image-*, digest-mismatch; whatever `within` throws. Nothing is kept then. */
  admit<Written = undefined>(source: ByteSource, options?: AdmitOptions<Written>): Promise<Admitted<Written>>;
  readonly images: ImageStore;
  /** The sealed bytes. @throws Problem not-found, digest-mismatch */
  read(sha256: string): Promise<Buffer>;
}

export interface EvidenceParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly limits?: IntakeLimits;
  /** Images that are decoded at the same time. */
  readonly decodes?: number;
}

/** Opens the intake and clears what an earlier process was killed over. Call it before anything is admitted. */
export async function openEvidence({ database, vault, clock, limits = STANDARD_LIMITS, decodes = 2 }: EvidenceParts): Promise<Evidence> {
  const images = createImageStore(database);
  // The decoder would keep temporary files open that are gone: their room on the disk would not come free.
  sharp.cache({ files: 0 });
  const decoding = slots(decodes);
  const turnOf = keyedTurns();
  await vault.sweep((sha256) => images.find(sha256) !== undefined);

  async function admitStaged<Written>(staged: StagedFile, { declaredType, expectedSha256, within }: AdmitOptions<Written>): Promise<Admitted<Written>> {
    // 2
    if (expectedSha256 !== undefined && staged.sha256 !== expectedSha256) throw problem('digest-mismatch', { found: staged.sha256 });
    // 3
    const commit = (image: SealedImage, known: boolean): Admitted<Written> => database.transaction(() => {
      if (!known) images.insert(image);
      return { image, known, written: within?.(image, known) };
    });
    const before = images.find(staged.sha256);
    if (before) {
      checkDeclared(declaredType, before.mime);
      return commit(before, true);
    }
    // 4
    const { type, ...seen } = await decoding(() => inspect(staged.path, declaredType, limits));
    // The same bytes may come twice at once: one after the other from here, so that the second finds the first.
    return turnOf(staged.sha256, async () => {
      const meanwhile = images.find(staged.sha256);
      if (meanwhile) return commit(meanwhile, true);
      try {
        // 5
        await staged.seal();
        // 6
        return commit({ sha256: staged.sha256, id: clock.newId('im'), mime: type, bytes: staged.bytes, ...seen, receivedAt: clock.timestamp() }, false);
      } catch (error) {
        await staged.discard();
        throw error;
      }
    });
  }

  return {
    images,
    read: (sha256) => vault.read(sha256, { verify: true }),
    async admit(source, options = {}) {
      // 1
      const staged = await vault.stage(source, { maxBytes: limits.maxBytes });
      try {
        return await admitStaged(staged, options);
      } finally {
        // What is left of the temporary name is cleared at the next start; the answer does not depend on it.
        await staged.settle().catch(() => undefined);
      }
    },
  };
}
