/** `relievo simulate-profiles`: what it takes, says and refuses. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, it, vi } from 'vitest';
import { registerSimulateProfiles } from '../../src/cli/simulate-profiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'relievo-simulate-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<string> {
  const program = new Command('relievo').exitOverride().configureOutput({ writeErr: () => undefined });
  registerSimulateProfiles(program);
  program.commands[0]!.exitOverride().configureOutput({ writeErr: () => undefined });
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await program.parseAsync(['simulate-profiles', ...args], { from: 'user' });
    return said.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    said.mockRestore();
  }
}

it('writes a table and its truth, and says that both are simulated', async () => {
  const out = join(folder, 'mdma');
  const said = await run('--drug', 'mdma', '--panels', 'impurities,physical', '--batches', '5', '--replicates', '2', '--laboratories', '2', '--shared', '0', '--missing', '0', '--entry-errors', '1', '--seed', 'x', '--out', out);
  expect(said).toMatch(/^10 simulated profiles of 5 batches of mdma .*not for the engine\n$/);
  const [head, ...rows] = readFileSync(join(out, 'profiles.csv'), 'utf8').trimEnd().split('\n');
  expect(head).toMatch(/^batch_id,replicate,laboratory,method,method_family,date,mdma_area,.*,thickness_mm,mass_mg,purity_percent$/);
  expect(rows).toHaveLength(10);
  for (const row of rows) expect(row).toMatch(/^SIM-B\d{4},[12],SIM-LAB-[12],SIM-LAB-[12] gc-ms,gc-ms,20\d\d-\d\d-\d\d,/);
  expect(readFileSync(join(out, 'truth.csv'), 'utf8').trimEnd().split('\n').slice(1).filter((row) => /decimal-slip|unit-slip|swapped-columns|zero-entered/.test(row))).toHaveLength(10);
});

it.each([
  [['--drug', 'sugar'], /choices are/],
  [['--drug', 'mdma', '--panels', 'colours'], /a panel is one of/],
  [['--drug', 'mdma', '--missing', '1'], /from 0 to 0\.9/],
  [['--drug', 'mdma', '--entry-errors', ''], /from 0 to 1/],
  [['--drug', 'mdma', '--batches', '2.5'], /whole number/],
  [[], /--drug/],
] as const)('refuses %j', async (flags, reason) => {
  await expect(run('--out', join(folder, 'none'), ...flags)).rejects.toThrow(reason);
});
