/** What is measured on a brick with a ruler and a balance. */
import { definePanel, listedIn } from './define.ts';

const length = listedIn('mm');

export const BRICK = definePanel({
  id: 'brick-measurements', version: 1, title: 'Physical measurements of bricks', kind: 'physical', substance: 'brick',
  analytes: [
    length('length', 'Length', { plausible: [40, 500], synonyms: ['brick length'] }),
    length('width', 'Width', { plausible: [30, 400], synonyms: ['breadth', 'brick width'] }),
    length('thickness', 'Thickness', { plausible: [10, 150], synonyms: ['height', 'brick thickness'] }),
    listedIn('g')('mass', 'Mass', { plausible: [50, 5000], synonyms: ['weight', 'brick mass', 'brick weight', 'net mass', 'net weight'] }),
    listedIn('percent')('purity', 'Purity', { plausible: [0, 100], synonyms: ['active content', 'content', 'drug content', 'concentration'] }),
  ],
  recipe: 'as-measured', distance: 'log-deviations', minimumOverlap: 3,
  methodFamilies: [],
  source: 'What laboratories record of bricks, unwrapped. Ranges are wide round the usual kilogram; recipe and distance are those of tablets. Length, width and thickness are of the mould, mass and purity of the powder as well.',
});
