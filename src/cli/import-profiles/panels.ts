/** The panels of an import: bundled ones, those of the service, and those that files bring. */
import { existsSync, readFileSync } from 'node:fs';
import { findPanel, PANELS, readPanel, type Panel } from '../../profiling/index.ts';
import type { Client } from '../client.ts';

type PanelView = Panel & { readonly digest: string; readonly owner: unknown };

export interface ImportPanels {
  /** Looked for in the table. */
  readonly panels: readonly Panel[];
  /** Of files; the service does not have them yet. */
  readonly fresh: readonly Panel[];
}

/**
 * @param wanted `mdma-impurities`, `mdma-impurities@1`, or the file of a laboratory's own panel; none: the bundled ones
 * @throws Problem panel-invalid; Error when there is no such panel
 */
export async function panelsOf(client: Client, wanted: readonly string[]): Promise<ImportPanels> {
  // A laboratory's own panel may know a column by a name that others use for something else: it is named to be used.
  if (wanted.length === 0) return { panels: PANELS, fresh: [] };
  const there: Panel[] = [];
  for await (const { digest: _digest, owner: _owner, ...panel } of client.items<PanelView>('/v1/panels')) there.push(panel);
  const fresh: Panel[] = [];
  const panels = wanted.map((name) => {
    if (!existsSync(name)) return namedPanel(name, there);
    const panel = readPanel(readFileSync(name, 'utf8'), []);
    // The service says whether it is the same one: it compares when the panel is sent.
    fresh.push(panel);
    return panel;
  });
  return { panels, fresh };
}

/** Sends the panels of files; the service knows the same ones again. @throws Problem panel-invalid */
export async function sendPanels(client: Client, panels: readonly Panel[], runKey: string): Promise<void> {
  for (const panel of panels) await client.post('/v1/panels', { json: panel, idempotencyKey: `${runKey}-${panel.id}-${panel.version}` });
}

function namedPanel(name: string, there: readonly Panel[]): Panel {
  const [id, version] = name.split('@') as [string, string | undefined];
  const panel = findPanel({ id, ...(version !== undefined && { version: Number(version) }) }, there);
  if (!panel) throw new Error(`${name} is neither a panel of the service nor a file. Its panels are ${[...new Set(there.map((known) => known.id))].join(', ')}.`);
  return panel;
}
