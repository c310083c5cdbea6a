/** The bundled panels, and how one is found. */
import { AMPHETAMINE } from './panels/amphetamine.ts';
import { BRICK } from './panels/brick.ts';
import { CAPTAGON } from './panels/captagon.ts';
import { COCAINE } from './panels/cocaine.ts';
import { CUTTING_AGENTS } from './panels/cutting-agents.ts';
import { TRACE_ELEMENTS } from './panels/elements.ts';
import { HEROIN } from './panels/heroin.ts';
import { ISOTOPES } from './panels/isotopes.ts';
import { MDMA } from './panels/mdma.ts';
import { SOLVENTS } from './panels/solvents.ts';
import { TABLET } from './panels/tablet.ts';
import type { Analyte, Panel, PanelReference } from './types.ts';

/** Every bundled panel. A laboratory's own (readPanel) stand beside them in the caller's list. */
export const PANELS: readonly Panel[] = Object.freeze([AMPHETAMINE, MDMA, COCAINE, HEROIN, CAPTAGON, CUTTING_AGENTS, SOLVENTS, ISOTOPES, TRACE_ELEMENTS, TABLET, BRICK]);

/** The panel of this id and version (the newest when none is named); undefined when there is none. */
export function findPanel({ id, version }: { readonly id: string; readonly version?: number }, panels: readonly Panel[] = PANELS): Panel | undefined {
  return panels.filter((panel) => panel.id === id && (version === undefined || panel.version === version)).sort((a, b) => b.version - a.version)[0];
}

export const samePanel = (a: PanelReference, b: PanelReference): boolean => a.id === b.id && a.version === b.version;

/** Analytes that make up a vector, in the panel's order: numbers, without the main peak and the internal standard. */
export function vectorAnalytes({ analytes, mainPeak, internalStandard }: Pick<Panel, 'analytes' | 'mainPeak' | 'internalStandard'>): readonly Analyte[] {
  return analytes.filter(({ id, scale }) => scale !== 'category' && id !== mainPeak && id !== internalStandard);
}
