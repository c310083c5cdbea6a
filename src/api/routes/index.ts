import type { Api, ApiContext } from '../types.ts';
import { comparisonRoutes } from './comparisons.ts';
import { evaluationRoutes } from './evaluations.ts';
import { exhibitRoutes } from './exhibits.ts';
import { faceRoutes } from './faces.ts';
import { imageRoutes } from './images.ts';
import { jobRoutes } from './jobs.ts';
import { linkSearchRoutes } from './link-searches.ts';
import { panelRoutes } from './panels.ts';
import { photographRoutes } from './photographs.ts';
import { problemRoutes } from './problems.ts';
import { profileRoutes } from './profiles.ts';
import { profileSearchRoutes } from './profile-searches.ts';
import { searchRoutes } from './searches.ts';
import { seizureRoutes } from './seizures.ts';
import { specimenRoutes } from './specimens.ts';

export function registerRoutes(app: Api, context: ApiContext): void {
  for (const routes of [seizureRoutes, exhibitRoutes, specimenRoutes, imageRoutes, photographRoutes, faceRoutes, searchRoutes, comparisonRoutes, panelRoutes, profileRoutes, profileSearchRoutes, evaluationRoutes, linkSearchRoutes, jobRoutes, problemRoutes]) routes(app, context);
}
