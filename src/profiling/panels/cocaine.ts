/** Alkaloids of the coca leaf and by-products of its processing, beside cocaine. */
import { definePanel, DEGRADES, GC_FID, GC_MS, LC_MS, LC_UV, listedIn } from './define.ts';

const peak = listedIn('area');
const degrades = { stability: DEGRADES };

export const COCAINE = definePanel({
  id: 'cocaine-alkaloids', version: 1, title: 'Cocaine: alkaloids and by-products', kind: 'chemical', substance: 'cocaine',
  analytes: [
    peak('cocaine', 'Cocaine', { cas: '50-36-2' }),
    peak('tropacocaine', 'Tropacocaine', { cas: '537-26-8' }),
    peak('norcocaine', 'Norcocaine', { cas: '18717-72-1' }),
    peak('cis-cinnamoylcocaine', 'cis-Cinnamoylcocaine', { ...degrades, synonyms: ['cis-cinnamoyl cocaine', 'cis cinnamoylcocaine'] }),
    peak('trans-cinnamoylcocaine', 'trans-Cinnamoylcocaine', { ...degrades, synonyms: ['trans-cinnamoyl cocaine', 'trans cinnamoylcocaine'] }),
    peak('n-formylnorcocaine', 'N-Formylnorcocaine', { synonyms: ['N-formyl norcocaine'] }),
    peak('trimethoxycocaine', '3\',4\',5\'-Trimethoxycocaine', { synonyms: ['trimethoxycocaine', '3,4,5-trimethoxycocaine', 'TMC'] }),
    peak('ecgonine', 'Ecgonine', { ...degrades, cas: '481-37-8' }),
    peak('ecgonine-methyl-ester', 'Ecgonine methyl ester', { ...degrades, cas: '7143-09-1', synonyms: ['EME', 'methylecgonine', 'methyl ecgonine'] }),
    peak('benzoylecgonine', 'Benzoylecgonine', { ...degrades, cas: '519-09-5', synonyms: ['BE', 'BZE'] }),
    peak('anhydroecgonine-methyl-ester', 'Anhydroecgonine methyl ester', { cas: '43021-26-7', synonyms: ['AEME', 'methylecgonidine'] }),
    peak('truxillines', 'Total truxillines', { synonyms: ['truxillines total', 'truxilline'] }),
  ],
  mainPeak: 'cocaine',
  recipe: 'n-plus-s-square-root', distance: 'cosine', minimumOverlap: 5,
  methodFamilies: [GC_FID, GC_MS, LC_MS, LC_UV],
  source: 'Alkaloids commonly named in cocaine profiling. Half weight for what hydrolysis forms (ecgonine, its methyl ester, benzoylecgonine) and for the cinnamoyl isomers, which light turns into each other. N+S (sum, then SD over the population), a root and cosine are a common choice.',
});
