import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idTimeMs, isId, makeId } from '../../src/domain/index.ts';

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const entropy = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('an id', () => {
  it('is a prefix and a ULID', () => {
    // The time of the ULID specification's example, 01ARZ3NDEK...
    expect(makeId('sp', 1469922850259, new Uint8Array(10))).toBe('sp_01ARZ3NDEK0000000000000000');
    expect(makeId('im', 2 ** 48 - 1, new Uint8Array(10).fill(255))).toBe('im_7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
  });

  it('sorts like its time, then like its entropy', () => {
    fc.assert(fc.property(time, time, entropy, entropy, (ta, tb, ea, eb) => {
      const [a, b] = [makeId('sp', ta, ea), makeId('sp', tb, eb)];
      const order = ta - tb || Buffer.compare(Buffer.from(ea), Buffer.from(eb));
      expect(Math.sign(a < b ? -1 : a > b ? 1 : 0)).toBe(Math.sign(order));
    }));
  });

  it('keeps its time and is recognised', () => {
    fc.assert(fc.property(time, entropy, (t, e) => {
      const id = makeId('jb', t, e);
      expect(idTimeMs(id)).toBe(t);
      expect(isId(id)).toBe(true);
      expect(isId(id, 'sp')).toBe(false);
    }));
  });

  it.each(['', 'sp_', 'sp_01ARZ3NDEK000000000000000I', 'xx_01ARZ3NDEK0000000000000000', 'sp_81ARZ3NDEK0000000000000000', 'sp_01ARZ3NDEK0000000000000000\n'])('is not %j', (text) => {
    expect(isId(text)).toBe(false);
  });

  it('refuses a time or entropy that is none', () => {
    expect(() => makeId('sp', -1, new Uint8Array(10))).toThrow(RangeError);
    expect(() => makeId('sp', 1.5, new Uint8Array(10))).toThrow(RangeError);
    expect(() => makeId('sp', 1, new Uint8Array(9))).toThrow(RangeError);
  });
});
