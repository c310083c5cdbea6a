/** The database as the index follows it. */
import type { VectorSource } from '../../retrieval/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Engine } from '../engine.ts';
import { IntakeStore } from './store.ts';

export function vectorSource(db: Database, { featureVersion, dimension }: Pick<Engine, 'featureVersion' | 'dimension'>): VectorSource {
  const store = new IntakeStore(db);
  return {
    generation: store.history(),
    dimension,
    featureVersion,
    count: () => store.vectorCount(featureVersion),
    watermark: () => store.latestChange(),
    changes: (after) => store.changes(after, featureVersion),
  };
}
