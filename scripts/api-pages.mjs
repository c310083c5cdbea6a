#!/usr/bin/env node
// Writes docs/openapi.json and docs/problems.md from the routes and their schemas.
import { readFileSync, writeFileSync } from 'node:fs';
import { apiToDescribe, openapiText, problemsPage } from '../src/api/index.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const app = await apiToDescribe(version);
writeFileSync(new URL('../docs/openapi.json', import.meta.url), openapiText(app));
writeFileSync(new URL('../docs/problems.md', import.meta.url), problemsPage(app));
await app.close();
