#!/usr/bin/env node
// Writes docs/configuration.md from the settings themselves.
import { writeFileSync } from 'node:fs';
import { configurationPage } from '../src/platform/config/index.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationPage());
