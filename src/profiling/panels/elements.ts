/** Trace elements: catalysts, reagents, vessels, excipients. */
import { definePanel, ICP_MS, LA_ICP_MS, listedIn } from './define.ts';

const element = listedIn('mg/kg', { plausible: [0, 1e6] });

const ELEMENTS: readonly (readonly [symbol: string, name: string])[] = [
  ['Li', 'Lithium'], ['B', 'Boron'], ['Na', 'Sodium'], ['Mg', 'Magnesium'], ['Al', 'Aluminium'], ['P', 'Phosphorus'], ['K', 'Potassium'], ['Ca', 'Calcium'], ['Ti', 'Titanium'], ['Cr', 'Chromium'],
  ['Mn', 'Manganese'], ['Fe', 'Iron'], ['Co', 'Cobalt'], ['Ni', 'Nickel'], ['Cu', 'Copper'], ['Zn', 'Zinc'], ['Br', 'Bromine'], ['Rb', 'Rubidium'], ['Sr', 'Strontium'], ['Zr', 'Zirconium'],
  ['Pd', 'Palladium'], ['Ag', 'Silver'], ['Cd', 'Cadmium'], ['Sn', 'Tin'], ['I', 'Iodine'], ['Ba', 'Barium'], ['Pt', 'Platinum'], ['Hg', 'Mercury'], ['Pb', 'Lead'],
];

export const TRACE_ELEMENTS = definePanel({
  id: 'trace-elements', version: 1, title: 'Trace elements', kind: 'chemical', substance: 'any',
  analytes: ELEMENTS.map(([symbol, name]) => element(name.toLowerCase(), name, { synonyms: [symbol] })),
  recipe: 'log', distance: 'euclid', minimumOverlap: 5,
  methodFamilies: [ICP_MS, LA_ICP_MS],
  source: 'Elements reported in drugs: reagents and catalysts (Li, P, I, Pd, Pt, Hg), vessels (Fe, Cr, Ni), excipients (Mg, Ca, Ti). Columns that name isotopes or ratios are no mass fractions and are not taken for these. Recipe and distance are our choice.',
});
