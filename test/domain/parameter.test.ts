import { describe, expect, it } from 'vitest';
import { parameter, parametersDigestOf, parameterValues } from '../../src/domain/index.ts';

const reach = parameter(3, 'mm', [1, 5], 'How far it reaches.', 'Measured');
const turn = parameter(10, 'degrees', [0, 90], 'How far it turns.', 'Chosen');
const digest = parametersDigestOf('stage/1', { reach, turn });

describe('the digest of parameters', () => {
  it('changes with a value, a name, and the stage', () => {
    const others = [
      parametersDigestOf('stage/1', { reach: { ...reach, value: 4 }, turn }),
      parametersDigestOf('stage/1', { distance: reach, turn }),
      parametersDigestOf('stage/1', { reach }),
      parametersDigestOf('stage/2', { reach, turn }),
    ];
    expect(new Set([digest, ...others]).size).toBe(5);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not change with the order or with the words', () => {
    expect(parametersDigestOf('stage/1', { turn, reach: { ...reach, meaning: 'Reach.', range: [0, 9] } })).toBe(digest);
  });
});

describe('a parameter', () => {
  it('cannot be changed', () => {
    expect(() => Object.assign(reach, { value: 4 })).toThrow(TypeError);
    expect(() => (reach.range as unknown as number[]).push(6)).toThrow(TypeError);
  });

  it('gives its value to a kernel by name', () => {
    expect(parameterValues({ reach, turn })).toEqual({ reach: 3, turn: 10 });
  });
});
