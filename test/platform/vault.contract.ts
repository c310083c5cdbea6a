/** What every vault must do, wherever it keeps its files. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Vault } from '../../src/platform/vault/index.ts';

export interface VaultUnderTest {
  readonly vault: Vault;
  /** The same place, opened again as after a restart. */
  reopen(): Promise<Vault>;
  /** Changes one byte of a sealed file behind the vault's back. */
  damage(sha256: string): Promise<void>;
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

export async function sealBytes(vault: Vault, bytes: Uint8Array): Promise<string> {
  const staged = await vault.stage(bytes);
  await staged.seal();
  await staged.settle();
  return staged.sha256;
}

export function vaultContract(open: () => Promise<VaultUnderTest>): void {
  const bytes = Buffer.from('the original, as it came');
  const sha256 = sha256Of(bytes);

  describe('sealing', () => {
    it('keeps the bytes under their digest', async () => {
      const { vault, reopen } = await open();
      expect(await sealBytes(vault, bytes)).toBe(sha256);
      expect(await vault.has(sha256)).toBe(true);
      expect(await (await reopen()).read(sha256, { verify: true })).toEqual(bytes);
    });

    it('takes a stream in pieces of any size', async () => {
      const { vault } = await open();
      const staged = await vault.stage((async function* () { for (const byte of bytes) yield Uint8Array.of(byte); yield new Uint8Array(0); })());
      expect(staged).toMatchObject({ sha256, bytes: bytes.length });
      await staged.seal();
      expect(await vault.read(sha256)).toEqual(bytes);
    });

    it('says whether the bytes were new, also when they come at once', async () => {
      const { vault } = await open();
      const staged = await Promise.all(Array.from({ length: 5 }, () => vault.stage(bytes)));
      const isNew = await Promise.all(staged.map((one) => one.seal()));
      expect(isNew.filter(Boolean)).toHaveLength(1);
      await Promise.all(staged.map((one) => one.settle()));
      expect(await collect(vault.list())).toEqual([sha256]);
    });

    it('lists what it holds in order', async () => {
      const { vault } = await open();
      const sealed = await Promise.all(Array.from({ length: 20 }, (_, i) => sealBytes(vault, Buffer.from(`image ${i}`))));
      expect(await collect(vault.list())).toEqual(sealed.sort());
    });
  });

  describe('what is not sealed', () => {
    it('is not there', async () => {
      const { vault } = await open();
      await (await vault.stage(bytes)).discard();
      expect(await vault.has(sha256)).toBe(false);
      await expect(vault.read(sha256)).rejects.toMatchObject({ code: 'not-found' });
      await expect(vault.openStream(sha256)).rejects.toMatchObject({ code: 'not-found' });
    });

    it('is taken back when its record could not be made, unless it was there before', async () => {
      const { vault } = await open();
      const first = await vault.stage(bytes);
      await first.seal();
      await first.discard();
      expect(await vault.has(sha256)).toBe(false);
      await sealBytes(vault, bytes);
      const again = await vault.stage(bytes);
      expect(await again.seal()).toBe(false);
      await again.discard();
      expect(await vault.has(sha256)).toBe(true);
    });

    it('cannot be larger than the limit', async () => {
      const { vault } = await open();
      await expect(vault.stage(bytes, { maxBytes: bytes.length - 1 })).rejects.toMatchObject({ code: 'image-too-large' });
      expect((await vault.stage(bytes, { maxBytes: bytes.length })).bytes).toBe(bytes.length);
    });

    it.each(['', '../../etc/passwd', 'A'.repeat(64), 'a'.repeat(63)])('is not looked for under the name %j', async (name) => {
      const { vault } = await open();
      await expect(vault.read(name)).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  describe('reading', () => {
    it('streams', async () => {
      const { vault } = await open();
      await sealBytes(vault, bytes);
      const { bytes: length, stream } = await vault.openStream(sha256);
      expect(length).toBe(bytes.length);
      expect(Buffer.concat(await collect<Buffer>(stream))).toEqual(bytes);
    });

    it('notices a changed byte', async () => {
      const { vault, damage } = await open();
      await sealBytes(vault, bytes);
      await damage(sha256);
      await expect(vault.read(sha256, { verify: true })).rejects.toMatchObject({ code: 'digest-mismatch' });
    });
  });

  it('a sweep clears what was cut off, and nothing that was settled', async () => {
    const { vault, reopen } = await open();
    await sealBytes(vault, Buffer.from('settled, though no record is left of it'));
    await vault.stage(Buffer.from('staged only'));
    const unrecorded = await vault.stage(Buffer.from('sealed, no record'));
    const recorded = await vault.stage(Buffer.from('sealed, recorded'));
    await unrecorded.seal();
    await recorded.seal();
    const later = await reopen();
    expect(await later.sweep((sha) => sha === recorded.sha256)).toEqual({ temporary: 3, unsealed: 1 });
    expect(await later.sweep(() => false)).toEqual({ temporary: 0, unsealed: 0 });
    expect(await collect(later.list())).toEqual([recorded.sha256, sha256Of(Buffer.from('settled, though no record is left of it'))].sort());
  });
}
