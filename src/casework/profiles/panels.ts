/** Bundled panels, and those that laboratories added. */
import { problem } from '../../domain/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { findPanel, PANELS, readPanel, samePanel, type Panel } from '../../profiling/index.ts';
import { missing } from '../records/records.ts';
import type { Principal } from '../types.ts';
import { ProfileStore } from './store.ts';
import type { StoredPanel } from './types.ts';

export class Panels {
  readonly #store: ProfileStore;
  readonly #db: Database;
  readonly #clock: Clock;

  constructor(db: Database, clock: Clock) {
    this.#store = new ProfileStore(db);
    this.#db = db;
    this.#clock = clock;
  }

  /** Bundled ones first, then by id and version. */
  list(): StoredPanel[] {
    return [...PANELS.map((panel) => ({ panel, owner: null })), ...this.#store.panels()];
  }

  known(): Panel[] {
    return this.list().map(({ panel }) => panel);
  }

  /** Of this version, or the newest. @throws Problem not-found */
  panel(id: string, version?: number): StoredPanel {
    const all = this.list();
    const panel = findPanel({ id, version }, all.map((stored) => stored.panel)) ?? missing('the panel', version === undefined ? id : `${id} of version ${version}`);
    return all.find((stored) => samePanel(stored.panel, panel))!;
  }

  /**
   * Adds a laboratory's own panel. The same panel sent again is the one that is there; a changed one needs a new version.
   * @throws Problem panel-invalid with every failure; not-allowed where another agency's panel has the id
   */
  add(principal: Principal, json: unknown): { readonly stored: StoredPanel; readonly added: boolean } {
    return this.#db.transaction(() => {
      // Read by itself first: whether it is the one that is there is known only of a whole panel.
      const panel = readPanel(json, []);
      const there = this.list().find((stored) => samePanel(stored.panel, panel));
      if (there && JSON.stringify(there.panel) === JSON.stringify(panel)) return { stored: there, added: false };
      if (there) readPanel(json, [there.panel]);
      if (PANELS.some(({ id }) => id === panel.id)) throw problem('panel-invalid', {}, [{ pointer: '/id', detail: `${panel.id} is a panel of the program; a laboratory's own has another id.` }]);
      const earlier = this.list().find((stored) => stored.panel.id === panel.id)?.owner;
      if (earlier && principal.country !== null && (earlier.country !== principal.country || earlier.agency !== principal.agency)) throw problem('not-allowed', { reason: `panel ${panel.id} is ${earlier.agency}'s, and new versions are its owner's to add` });
      const owner = { agency: principal.agency, country: principal.country, createdAt: this.#clock.timestamp() };
      this.#store.addPanel({ panel, owner, keyId: principal.keyId });
      return { stored: { panel, owner }, added: true };
    });
  }
}

