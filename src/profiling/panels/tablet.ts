/** What is measured on a tablet with a gauge, a balance and a colorimeter. */
import { definePanel, listedIn } from './define.ts';

const length = listedIn('mm');
const colour = listedIn('1', { scale: 'interval', plausible: [-128, 128] });
const lightness = listedIn('1', { scale: 'interval', plausible: [0, 100] });
const word = listedIn('word', { scale: 'category' });

export const TABLET = definePanel({
  id: 'tablet-measurements', version: 1, title: 'Physical measurements of tablets', kind: 'physical', substance: 'tablet',
  analytes: [
    length('diameter', 'Diameter', { plausible: [2, 30] }),
    length('length', 'Length', { plausible: [2, 40] }),
    length('width', 'Width', { plausible: [2, 30], synonyms: ['breadth'] }),
    length('thickness', 'Thickness', { plausible: [0.5, 20], synonyms: ['height'] }),
    length('bevel', 'Bevel width', { plausible: [0, 5] }),
    listedIn('mg')('mass', 'Mass', { plausible: [10, 3000], synonyms: ['weight'] }),
    listedIn('percent')('purity', 'Purity', { plausible: [0, 100], synonyms: ['active content', 'content', 'drug content', 'concentration'] }),
    lightness('outside-l', 'Colour outside, L*', { synonyms: ['colour outside L', 'color outside L', 'outside L*', 'L* outside'] }),
    colour('outside-a', 'Colour outside, a*', { synonyms: ['colour outside a', 'color outside a', 'outside a*', 'a* outside'] }),
    colour('outside-b', 'Colour outside, b*', { synonyms: ['colour outside b', 'color outside b', 'outside b*', 'b* outside'] }),
    lightness('inside-l', 'Colour inside, L*', { synonyms: ['colour inside L', 'color inside L', 'inside L*', 'L* inside'] }),
    colour('inside-a', 'Colour inside, a*', { synonyms: ['colour inside a', 'color inside a', 'inside a*', 'a* inside'] }),
    colour('inside-b', 'Colour inside, b*', { synonyms: ['colour inside b', 'color inside b', 'inside b*', 'b* inside'] }),
    word('shape', 'Shape', { categories: ['round', 'oval', 'rectangle', 'triangle', 'other'] }),
    word('score-line', 'Score line', { synonyms: ['score', 'breaking line'], categories: ['none', 'single', 'cross', 'other'] }),
    word('coating', 'Coating', { categories: ['none', 'film', 'sugar', 'other'] }),
    word('speckles', 'Speckles', { categories: ['none', 'few', 'many'] }),
    word('defects', 'Defects', { synonyms: ['defect'], categories: ['none', 'chip', 'sticking', 'capping', 'double-strike', 'several'] }),
  ],
  recipe: 'as-measured', distance: 'log-deviations', minimumOverlap: 2,
  methodFamilies: [],
  source: 'What laboratories record of tablets. Words are shown beside a score and are in none: they are class characteristics of the press, not of the powder.',
});
