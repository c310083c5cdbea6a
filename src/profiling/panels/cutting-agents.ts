/** Cutting agents and excipients: separate evidence from that of the synthesis. */
import { definePanel, GC_MS, LC_MS, LC_UV, listedIn } from './define.ts';

const content = listedIn('percent', { plausible: [0, 100] });

export const CUTTING_AGENTS = definePanel({
  id: 'cutting-agents', version: 1, title: 'Cutting agents and excipients', kind: 'chemical', substance: 'any',
  analytes: [
    content('levamisole', 'Levamisole', { cas: '14769-73-4', synonyms: ['levamisole/tetramisole'] }),
    content('phenacetin', 'Phenacetin', { cas: '62-44-2' }),
    content('lidocaine', 'Lidocaine', { cas: '137-58-6', synonyms: ['lignocaine'] }),
    content('caffeine', 'Caffeine', { cas: '58-08-2', synonyms: ['coffein'] }),
    content('paracetamol', 'Paracetamol', { cas: '103-90-2', synonyms: ['acetaminophen'] }),
    content('procaine', 'Procaine', { cas: '59-46-1' }),
    content('benzocaine', 'Benzocaine', { cas: '94-09-7' }),
    content('diltiazem', 'Diltiazem', { cas: '42399-41-7' }),
    content('hydroxyzine', 'Hydroxyzine', { cas: '68-88-2' }),
    content('griseofulvin', 'Griseofulvin', { cas: '126-07-8' }),
    content('creatine', 'Creatine', { cas: '57-00-1' }),
    content('lactose', 'Lactose', { cas: '63-42-3' }),
    content('mannitol', 'Mannitol', { cas: '69-65-8' }),
    content('sorbitol', 'Sorbitol', { cas: '50-70-4' }),
    content('glucose', 'Glucose', { cas: '50-99-7', synonyms: ['dextrose'] }),
    content('sucrose', 'Sucrose', { cas: '57-50-1', synonyms: ['saccharose'] }),
    content('inositol', 'Inositol', { cas: '87-89-8', synonyms: ['myo-inositol'] }),
    content('cellulose', 'Cellulose', { cas: '9004-34-6', synonyms: ['microcrystalline cellulose'] }),
    content('magnesium-stearate', 'Magnesium stearate', { cas: '557-04-0' }),
  ],
  recipe: 'sum-square-root', distance: 'cosine', minimumOverlap: 3,
  methodFamilies: [GC_MS, LC_MS, LC_UV],
  source: 'Agents and excipients commonly reported in cocaine, heroin and tablets. Recipe and distance are our choice: no published rule was read.',
});
