/** Solvents that crystals enclosed. */
import { definePanel, HEADSPACE, listedIn } from './define.ts';

const amount = listedIn('ug/g');

export const SOLVENTS = definePanel({
  id: 'occluded-solvents', version: 1, title: 'Occluded solvents', kind: 'chemical', substance: 'any',
  analytes: [
    amount('acetone', 'Acetone', { cas: '67-64-1' }),
    amount('methyl-ethyl-ketone', 'Methyl ethyl ketone', { cas: '78-93-3', synonyms: ['MEK', '2-butanone', 'butanone'] }),
    amount('methyl-isobutyl-ketone', 'Methyl isobutyl ketone', { cas: '108-10-1', synonyms: ['MIBK', '4-methyl-2-pentanone'] }),
    amount('methyl-acetate', 'Methyl acetate', { cas: '79-20-9' }),
    amount('ethyl-acetate', 'Ethyl acetate', { cas: '141-78-6' }),
    amount('n-propyl-acetate', 'n-Propyl acetate', { cas: '109-60-4', synonyms: ['propyl acetate'] }),
    amount('isopropyl-acetate', 'Isopropyl acetate', { cas: '108-21-4' }),
    amount('isobutyl-acetate', 'Isobutyl acetate', { cas: '110-19-0' }),
    amount('n-butyl-acetate', 'n-Butyl acetate', { cas: '123-86-4', synonyms: ['butyl acetate'] }),
    amount('diethyl-ether', 'Diethyl ether', { cas: '60-29-7', synonyms: ['ether'] }),
    amount('dichloromethane', 'Dichloromethane', { cas: '75-09-2', synonyms: ['methylene chloride'] }),
    amount('chloroform', 'Chloroform', { cas: '67-66-3' }),
    amount('benzene', 'Benzene', { cas: '71-43-2' }),
    amount('toluene', 'Toluene', { cas: '108-88-3' }),
    amount('o-xylene', 'o-Xylene', { cas: '95-47-6' }),
    amount('n-hexane', 'n-Hexane', { cas: '110-54-3', synonyms: ['hexane'] }),
    amount('cyclohexane', 'Cyclohexane', { cas: '110-82-7' }),
    amount('ethanol', 'Ethanol', { cas: '64-17-5' }),
    amount('isopropanol', 'Isopropanol', { cas: '67-63-0', synonyms: ['2-propanol', 'isopropyl alcohol'] }),
  ],
  recipe: 'sum-square-root', distance: 'cosine', minimumOverlap: 5,
  methodFamilies: [HEADSPACE],
  source: 'Solvents of cocaine processing (methods report up to 18) and of other drugs. Recipe and distance are our choice: no published rule was read.',
});
