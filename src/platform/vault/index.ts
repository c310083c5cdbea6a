export { openVault } from './vault.ts';
export type { ByteSource, StagedFile, Vault } from './vault.ts';
