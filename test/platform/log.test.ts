import { expect, it } from 'vitest';
import { createLog } from '../../src/platform/log/index.ts';

it('the log keeps secrets and bodies out', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', to: { write: (line) => void lines.push(line) } });
  log.info({ apiKey: 'rk_hidden', req: { headers: { authorization: 'Bearer rk_hidden' }, body: 'rk_hidden' }, key: { secret: 'rk_hidden' }, route: '/v1/images' }, 'seen');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('rk_hidden');
  expect(JSON.parse(lines[0]!)).toMatchObject({ msg: 'seen', route: '/v1/images', time: expect.stringMatching(/Z$/) });
});
