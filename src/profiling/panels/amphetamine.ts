/** By-products of the synthesis of amphetamine (Leuckart, reductive amination, nitrostyrene route). */
import { definePanel, GC_MS, listedIn } from './define.ts';

const peak = listedIn('area');

export const AMPHETAMINE = definePanel({
  id: 'amphetamine-impurities', version: 1, title: 'Amphetamine: organic impurities', kind: 'chemical', substance: 'amphetamine',
  analytes: [
    peak('amphetamine', 'Amphetamine', { cas: '300-62-9', synonyms: ['alpha-methylphenethylamine'] }),
    peak('4-methyl-5-phenylpyrimidine', '4-Methyl-5-phenylpyrimidine', { synonyms: ['5-phenyl-4-methylpyrimidine'] }),
    peak('4-benzylpyrimidine', '4-Benzylpyrimidine', {}),
    peak('benzyl-methyl-ketone', 'Benzyl methyl ketone', { cas: '103-79-7', synonyms: ['BMK', 'P2P', 'phenyl-2-propanone', '1-phenyl-2-propanone', 'phenylacetone'] }),
    peak('1-phenyl-2-propanol', '1-Phenyl-2-propanol', { cas: '698-87-3' }),
    peak('benzyl-methyl-ketoxime', 'Benzyl methyl ketoxime', { synonyms: ['phenylacetone oxime', 'BMK oxime'] }),
    peak('2-methyl-3-phenylaziridine', '2-Methyl-3-phenylaziridine', { synonyms: ['2-phenyl-3-methylaziridine'] }),
    peak('n-formylamphetamine', 'N-Formylamphetamine', {}),
    peak('n-acetylamphetamine', 'N-Acetylamphetamine', {}),
    peak('n-benzoylamphetamine', 'N-Benzoylamphetamine', {}),
    peak('dpia-1', 'N,N-Di(beta-phenylisopropyl)amine, first diastereomer', { synonyms: ['DPIA 1', 'DPIA-1', 'DPIA I', 'di-(beta-phenylisopropyl)amine 1'] }),
    peak('dpia-2', 'N,N-Di(beta-phenylisopropyl)amine, second diastereomer', { synonyms: ['DPIA 2', 'DPIA-2', 'DPIA II', 'di-(beta-phenylisopropyl)amine 2'] }),
    peak('dpif-1', 'N,N-Di(beta-phenylisopropyl)formamide, first diastereomer', { synonyms: ['DPIF', 'DPIF 1', 'DPIF I'] }),
    peak('dpif-2', 'N,N-Di(beta-phenylisopropyl)formamide, second diastereomer', { synonyms: ['DPIF 2', 'DPIF II'] }),
    peak('dpima-1', 'N,N-Di(beta-phenylisopropyl)methylamine, first diastereomer', { synonyms: ['DPIMA', 'DPIMA 1', 'DPIMA I'] }),
    peak('dpima-2', 'N,N-Di(beta-phenylisopropyl)methylamine, second diastereomer', { synonyms: ['DPIMA 2', 'DPIMA II'] }),
    peak('alpha-methyldiphenethylamine', 'alpha-Methyldiphenethylamine', {}),
    peak('2-benzyl-2-methyl-5-phenyl-2-3-dihydropyrid-4-one', '2-Benzyl-2-methyl-5-phenyl-2,3-dihydropyrid-4-one', { synonyms: ['2-benzyl-2-methyl-5-phenyl-2,3-dihydropyridin-4-one'] }),
  ],
  mainPeak: 'amphetamine',
  recipe: 'sum-fourth-root', distance: 'pearson', minimumOverlap: 8,
  methodFamilies: [GC_MS],
  source: 'By-products named with the harmonised European GC-MS method (33 targets, of which 26 are recommended); the ones whose names we are sure of. Recipe and distance are those of that method, but that what is not detected is half of the limit and not nought. A laboratory adds its further targets by a panel of its own.',
});
