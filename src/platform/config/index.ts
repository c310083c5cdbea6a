export { ConfigurationError, readConfiguration } from './config.ts';
export type { Configuration, ImageLimits, ReadConfiguration } from './config.ts';
export { configurationPage } from './documentation.ts';
export { SETTINGS } from './settings.ts';
export type { SettingName } from './settings.ts';
