/** Active substances of tablets sold as captagon. */
import { definePanel, GC_MS, LC_MS, LC_UV, listedIn } from './define.ts';

const content = listedIn('percent', { plausible: [0, 100] });

export const CAPTAGON = definePanel({
  id: 'captagon-composition', version: 1, title: 'Captagon: composition', kind: 'chemical', substance: 'captagon',
  analytes: [
    content('amphetamine', 'Amphetamine', { cas: '300-62-9' }),
    content('caffeine', 'Caffeine', { cas: '58-08-2', synonyms: ['coffein'] }),
    content('theophylline', 'Theophylline', { cas: '58-55-9' }),
    content('quinine', 'Quinine', { cas: '130-95-0' }),
    content('lidocaine', 'Lidocaine', { cas: '137-58-6', synonyms: ['lignocaine'] }),
    content('8-chlorotheophylline', '8-Chlorotheophylline', { cas: '85-18-7' }),
    content('diphenhydramine', 'Diphenhydramine', { cas: '58-73-1' }),
    content('paracetamol', 'Paracetamol', { cas: '103-90-2', synonyms: ['acetaminophen'] }),
    content('procaine', 'Procaine', { cas: '59-46-1' }),
  ],
  recipe: 'started-log', distance: 'euclid', minimumOverlap: 3,
  methodFamilies: [GC_MS, LC_MS, LC_UV],
  source: 'Substances reported in seized tablets (amphetamine 1 to 37 %, caffeine 23 to 45 %). Recipe and distance are our choice: contents differ by factors, but traces near their limits by the noise of a blank; no published rule was read.',
});
