/** By-products and precursors of MDMA. */
import { definePanel, GC_MS, listedIn } from './define.ts';

const peak = listedIn('area');

export const MDMA = definePanel({
  id: 'mdma-impurities', version: 1, title: 'MDMA: organic impurities', kind: 'chemical', substance: 'mdma',
  analytes: [
    peak('mdma', 'MDMA', { cas: '42542-10-9', synonyms: ['3,4-methylenedioxymethamphetamine'] }),
    peak('piperonal', 'Piperonal', { cas: '120-57-0', synonyms: ['3,4-methylenedioxybenzaldehyde', 'heliotropin'] }),
    peak('safrole', 'Safrole', { cas: '94-59-7' }),
    peak('isosafrole', 'Isosafrole', { cas: '120-58-1' }),
    peak('pmk', 'PMK', { cas: '4676-39-5', synonyms: ['MDP2P', 'MDP-2-P', '3,4-methylenedioxyphenyl-2-propanone', 'piperonyl methyl ketone'] }),
    peak('mdp-2-propanol', '3,4-Methylenedioxyphenyl-2-propanol', { synonyms: ['MDP-2-propanol', 'MDP2Pol'] }),
    peak('n-formyl-mdma', 'N-Formyl-MDMA', {}),
    peak('n-acetyl-mdma', 'N-Acetyl-MDMA', {}),
    peak('n-formyl-mda', 'N-Formyl-MDA', {}),
    peak('mda', 'MDA', { cas: '4764-17-4', synonyms: ['3,4-methylenedioxyamphetamine'] }),
    peak('mdea', 'MDEA', { cas: '82801-81-8', synonyms: ['MDE', '3,4-methylenedioxyethylamphetamine'] }),
    peak('n-n-dimethyl-mda', 'N,N-Dimethyl-MDA', { synonyms: ['N-methyl-MDMA', 'MDDMA', 'N,N-dimethyl-3,4-methylenedioxyamphetamine'] }),
    peak('3-4-methylenedioxybenzyl-n-methylamine', 'N-Methyl-3,4-methylenedioxybenzylamine', { synonyms: ['3,4-methylenedioxy-N-methylbenzylamine', 'N-methyl-(3,4-methylenedioxy)benzylamine'] }),
    peak('3-4-methylenedioxybenzyl-alcohol', '3,4-Methylenedioxybenzyl alcohol', { cas: '495-76-1', synonyms: ['piperonyl alcohol'] }),
  ],
  mainPeak: 'mdma',
  recipe: 'sum-fourth-root', distance: 'pearson', minimumOverlap: 6,
  methodFamilies: [GC_MS],
  source: 'Organic impurities commonly named in MDMA profiling; a published method uses 14. The recipe and distance of amphetamine are taken over.',
});
