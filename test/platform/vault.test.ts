import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVault } from '../../src/platform/vault/index.ts';
import { sealBytes, vaultContract } from './vault.contract.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relievo-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the vault in a folder', () => {
  vaultContract(async () => {
    const vault = await openVault(folder);
    return {
      vault,
      reopen: () => openVault(folder),
      damage: async (sha256) => {
        const bytes = readFileSync(vault.pathOf(sha256));
        bytes[3]! ^= 1;
        chmodSync(vault.pathOf(sha256), 0o600);
        writeFileSync(vault.pathOf(sha256), bytes);
      },
    };
  });

  it('names files by their digest and lets nobody write them', async () => {
    const vault = await openVault(folder);
    const sha256 = await sealBytes(vault, Buffer.from('x'));
    expect(vault.pathOf(sha256)).toBe(join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256));
    expect(statSync(vault.pathOf(sha256)).mode & 0o222).toBe(0);
  });

  it('leaves no temporary file when an upload breaks off', async () => {
    const vault = await openVault(folder);
    await expect(vault.stage((async function* () { yield Buffer.from('x'); throw new Error('gone'); })())).rejects.toThrow('gone');
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
  });
});
