/** The network that reads the fine marks. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MARK_PARAMETERS } from '../../src/features/index.ts';

describe('the network that reads marks', () => {
  it('has a new version in the parameters when its bytes change, so that results say which one was used', () => {
    const bytes = readFileSync(fileURLToPath(new URL('../../native/mark-network.onnx', import.meta.url)));
    expect({ version: MARK_PARAMETERS.network.value, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({ version: 1, sha256: '7e928c8fdd5d8542dd14c20a487c05614f04e1e57006b619d92a0fc88280eca7' });
  });
});
