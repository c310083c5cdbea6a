/** Stable isotope ratios, as differences from the international standards. */
import { definePanel, IRMS, listedIn } from './define.ts';

const delta = listedIn('permille', { scale: 'interval' });

export const ISOTOPES = definePanel({
  id: 'stable-isotopes', version: 1, title: 'Stable isotope ratios', kind: 'chemical', substance: 'any',
  analytes: [
    delta('delta-13c', 'δ13C (VPDB)', { synonyms: ['d13C', 'delta 13C', 'δ13C', '13C'], plausible: [-80, 20] }),
    delta('delta-15n', 'δ15N (air)', { synonyms: ['d15N', 'delta 15N', 'δ15N', '15N'], plausible: [-60, 60] }),
    delta('delta-2h', 'δ2H (VSMOW)', { synonyms: ['d2H', 'delta 2H', 'δ2H', 'dD', '2H'], plausible: [-500, 400] }),
    delta('delta-18o', 'δ18O (VSMOW)', { synonyms: ['d18O', 'delta 18O', 'δ18O', '18O'], plausible: [-60, 80] }),
  ],
  recipe: 'population-scaled', distance: 'euclid', minimumOverlap: 2,
  methodFamilies: [IRMS],
  source: 'The four ratios used for drugs. Each is divided by its SD over the population, for their ranges differ tenfold.',
});
