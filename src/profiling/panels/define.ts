/** Shorthand for the tables of this folder. */
import type { Analyte, MethodFamily, Panel } from '../types.ts';

type Details = Partial<Omit<Analyte, 'id' | 'name'>>;

/** An analyte of the unit and scale of its panel, stable unless said otherwise. */
export const listedIn = (unit: string, common: Details = {}) => (id: string, name: string, details: Details = {}): Analyte => Object.freeze({ id, name, synonyms: [], scale: 'amount', unit, stability: 1, ...common, ...details });

export const definePanel = (panel: Panel): Panel => Object.freeze({ ...panel, analytes: Object.freeze(panel.analytes), methodFamilies: Object.freeze(panel.methodFamilies) });

/** Weight of an analyte that forms or vanishes in storage. */
export const DEGRADES = 0.5;

export const GC_MS: MethodFamily = { id: 'gc-ms', title: 'Gas chromatography with mass spectrometry' };
export const GC_FID: MethodFamily = { id: 'gc-fid', title: 'Gas chromatography with flame ionisation detection' };
export const LC_MS: MethodFamily = { id: 'lc-ms', title: 'Liquid chromatography with mass spectrometry' };
export const LC_UV: MethodFamily = { id: 'lc-uv', title: 'Liquid chromatography with ultraviolet detection' };
export const HEADSPACE: MethodFamily = { id: 'hs-gc-ms', title: 'Headspace gas chromatography with mass spectrometry' };
export const IRMS: MethodFamily = { id: 'irms', title: 'Isotope ratio mass spectrometry' };
export const ICP_MS: MethodFamily = { id: 'icp-ms', title: 'Inductively coupled plasma mass spectrometry of a digest' };
export const LA_ICP_MS: MethodFamily = { id: 'la-icp-ms', title: 'Laser ablation with inductively coupled plasma mass spectrometry' };
