/** Which kind of specimen, and which ruler, a face's size in divisions and its shape speak for. */
import { describe, expect, it } from 'vitest';
import type { FoundFace } from '../../src/imaging/kernel.ts';
import { readingOf } from '../../src/imaging/kind.ts';

/** A face so many divisions across (0: no ruler), ten pixels a division. */
const face = (across: number, shape: Partial<FoundFace>): FoundFace => ({ areaPx: (Math.PI / 4) * (10 * (across || 30)) ** 2, divisionPx: across > 0 ? 10 : 0, boxFill: 0.79, boxAspect: 1, solidity: 0.998, ...shape }) as FoundFace;
const ROUND = {};
const BLOCK = { boxFill: 0.95, boxAspect: 1.43, solidity: 0.97 };
const WRAPPED = { boxFill: 0.88, boxAspect: 1.2, solidity: 0.94 };

describe('what a photograph shows', () => {
  it.each([
    ['a tablet of 8 mm', face(8, ROUND), 'tablet', 1],
    ['a large tablet above its ruler', face(14, ROUND), 'tablet', 1],
    ['a brick of 20 x 14 cm beside centimetres', face(19, BLOCK), 'brick', 10],
    ['the same half wrapped', face(16, WRAPPED), 'brick', 10],
    ['the same beside millimetres', face(190, BLOCK), 'brick', 1],
    ['a small rectangular tablet', face(8.5, { ...BLOCK, solidity: 0.99 }), 'tablet', 1],
  ])('%s', (_, found, kind, mmPerDivision) => expect(readingOf([found], {})).toEqual({ kind, mmPerDivision }));

  it('is told by the shape where there is no scale, and by the size where it is given', () => {
    expect(readingOf([face(0, ROUND)], {}).kind).toBe('tablet');
    expect(readingOf([face(0, BLOCK)], {}).kind).toBe('brick');
    expect(readingOf([face(0, BLOCK)], { mmPerPx: 0.03 }).kind).toBe('tablet');
    expect(readingOf([face(0, WRAPPED)], { mmPerPx: 0.6 }).kind).toBe('brick');
  });

  it('is not asked when it is known, and decides what the ruler shows', () => {
    expect(readingOf([face(8, ROUND)], { kind: 'brick' })).toEqual({ kind: 'brick', mmPerDivision: 10 });
    expect(readingOf([face(19, BLOCK)], { kind: 'tablet' })).toEqual({ kind: 'tablet', mmPerDivision: 1 });
  });

  it('is one for all specimens in it', () => {
    expect(readingOf([face(9, ROUND), face(12.5, WRAPPED), face(9, ROUND)], {})).toEqual(readingOf([face(12.5, WRAPPED)], {}));
  });
});
