/** Opium alkaloids and their acetylation products beside heroin. */
import { definePanel, DEGRADES, GC_FID, GC_MS, LC_MS, LC_UV, listedIn } from './define.ts';

const peak = listedIn('area');

export const HEROIN = definePanel({
  id: 'heroin-alkaloids', version: 1, title: 'Heroin: alkaloids', kind: 'chemical', substance: 'heroin',
  analytes: [
    peak('heroin', 'Heroin', { cas: '561-27-3', synonyms: ['diamorphine', 'diacetylmorphine'] }),
    peak('meconine', 'Meconine', { cas: '569-31-3', synonyms: ['meconin'] }),
    peak('acetylcodeine', 'Acetylcodeine', { cas: '6703-27-1', synonyms: ['6-acetylcodeine'] }),
    peak('acetylthebaol', 'Acetylthebaol', {}),
    peak('6-monoacetylmorphine', '6-Monoacetylmorphine', { stability: DEGRADES, cas: '2784-73-8', synonyms: ['6-MAM', '6MAM', '6-acetylmorphine', 'O6-monoacetylmorphine'] }),
    peak('morphine', 'Morphine', { stability: DEGRADES, cas: '57-27-2' }),
    peak('codeine', 'Codeine', { cas: '76-57-3' }),
    peak('papaverine', 'Papaverine', { cas: '58-74-2' }),
    peak('noscapine', 'Noscapine', { cas: '128-62-1', synonyms: ['narcotine'] }),
  ],
  mainPeak: 'heroin',
  recipe: 'main-peak-started-log', distance: 'robust-mahalanobis', minimumOverlap: 4,
  methodFamilies: [GC_FID, GC_MS, LC_MS, LC_UV],
  source: 'Alkaloids commonly named in heroin profiling. Alkaloids relative to heroin are usual; the started logarithm and the distance are our choice: divided by their sum, of which noscapine and acetylcodeine are most, one wrong value moves all others. Half weight for 6-monoacetylmorphine and morphine, which heroin hydrolyses to. Methods with 16 peaks add peaks of their own.',
});
