import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurationPage, ConfigurationError, readConfiguration, SETTINGS } from '../../src/platform/config/index.ts';

describe('the configuration', () => {
  it('has a valid standard value for every setting', () => {
    const { configuration, warnings } = readConfiguration({});
    expect(configuration.imageLimits).toEqual({ maxBytes: 64 * 2 ** 20, maxPixels: 100_000_000, maxSidePx: 16_384, decodeTimeoutSeconds: 60 });
    expect(configuration.keySecretFile).toBe(`${configuration.dataFolder}/key-secret`);
    expect(warnings).toEqual([]);
  });

  it('takes the environment, and overrides before it', () => {
    const environment = { RELIEVO_PORT: '9000', RELIEVO_KEEP_GPS: 'true', RELIEVO_HOST: '0.0.0.0', PATH: '/bin' };
    const { configuration } = readConfiguration(environment, { RELIEVO_PORT: '9001', RELIEVO_HOST: undefined });
    expect(configuration).toMatchObject({ port: 9001, keepGps: true, host: '0.0.0.0' });
  });

  it('treats an empty variable as none', () => {
    expect(readConfiguration({ RELIEVO_PORT: '', RELIEVO_API_KEY: '' }).configuration).toMatchObject({ port: 8117, apiKey: undefined });
  });

  it('names every wrong variable at once', () => {
    const wrong = { RELIEVO_PORT: '70000', RELIEVO_LOG_LEVEL: 'loud', RELIEVO_URL: 'ftp://x', RELIEVO_KEEP_GPS: 'maybe', RELIEVO_WORKERS: '1.5' };
    expect(() => readConfiguration(wrong)).toThrow(ConfigurationError);
    try {
      readConfiguration(wrong);
    } catch (error) {
      for (const name of Object.keys(wrong)) expect((error as Error).message).toContain(name);
    }
  });

  it('warns about a variable that means nothing', () => {
    expect(readConfiguration({ RELIEVO_PROT: '1', OTHER: '2' }).warnings).toEqual(['RELIEVO_PROT is no setting of Relievo and has no effect']);
  });

  it('is described by docs/configuration.md', () => {
    const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    expect(page, 'run `npm run docs:configuration`').toBe(configurationPage());
    for (const name of Object.keys(SETTINGS)) expect(page).toContain(`\`${name}\``);
  });
});
