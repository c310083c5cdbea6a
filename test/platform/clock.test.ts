import { describe, expect, it } from 'vitest';
import { heldClock, systemClock } from '../../src/platform/clock/index.ts';

describe.each([['the machine\'s clock', () => systemClock], ['a held clock', () => heldClock()]] as const)('%s', (_, make) => {
  it('makes ids that only grow, also within one millisecond', () => {
    const clock = make();
    const ids = Array.from({ length: 5_000 }, () => clock.newId('ev'));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tells the same time in all its forms', () => {
    const clock = make();
    expect(Math.abs(clock.now().getTime() - clock.nowMs())).toBeLessThan(1_000);
    expect(clock.timestamp()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(clock.randomBytes(7)).toHaveLength(7);
  });
});

it('a held clock stands still, moves when told, and repeats itself', () => {
  const [a, b] = [heldClock(0, 5), heldClock(0, 5)];
  expect(a.newId('sp')).toBe(b.newId('sp'));
  expect(a.timestamp()).toBe('1970-01-01T00:00:00.000Z');
  a.advance(1_500);
  expect(a.timestamp()).toBe('1970-01-01T00:00:01.500Z');
  expect(a.monotonicMs()).toBe(1_500);
  expect(heldClock(0, 6).newId('sp')).not.toBe(b.newId('sp'));
});
