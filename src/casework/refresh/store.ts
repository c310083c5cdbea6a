/** Stale faces: those whose features or marks were made by other parameters than the running ones. */
import type { Database } from '../../platform/database/index.ts';
import type { Engine } from '../engine.ts';

/** One range of one index each, where `<>` would read every face; a face may come more than once. */
const STALE = `SELECT serial FROM face_features WHERE version < @version
  UNION ALL SELECT serial FROM face_features WHERE version > @version
  UNION ALL SELECT serial FROM faces WHERE made_with < @madeWith
  UNION ALL SELECT serial FROM faces WHERE made_with > @madeWith
  UNION ALL SELECT serial FROM faces WHERE made_with IS NULL`;

export class RefreshStore {
  readonly #db: Database;
  readonly #running: { readonly version: number; readonly madeWith: string };

  constructor(db: Database, { featureVersion, parameters }: Pick<Engine, 'featureVersion' | 'parameters'>) {
    this.#db = db;
    this.#running = { version: featureVersion, madeWith: `${parameters['features']} ${parameters['marks']}` };
  }

  /** Photographs with stale faces and no unfinished job of this kind: those of casework first, in the order they came. */
  photographs(kind: string): string[] {
    return this.#db
      .prepare<{ id: string }>(
        `SELECT photograph_id AS id FROM faces WHERE serial IN (${STALE})
          AND NOT EXISTS (SELECT 1 FROM jobs WHERE subject = photograph_id AND kind = @kind AND status IN ('queued', 'running'))
          GROUP BY photograph_id ORDER BY max(specimen_id) IS NULL, min(serial)`,
      )
      .all({ ...this.#running, kind })
      .map(({ id }) => id);
  }

  /** Serials of the stale faces of a photograph. */
  ofPhotograph(id: string): number[] {
    return this.#db
      .prepare<{ serial: number }>('SELECT serial FROM faces JOIN face_features USING (serial) WHERE photograph_id = @id AND (version <> @version OR made_with IS NOT @madeWith) ORDER BY serial')
      .all({ ...this.#running, id })
      .map(({ serial }) => serial);
  }

  count(): number {
    return this.#db.prepare<{ n: number }>(`SELECT count(DISTINCT serial) AS n FROM (${STALE})`).get(this.#running)!.n;
  }
}
