/** What every job store must do, whatever database it stands on. */
import { describe, expect, it } from 'vitest';
import type { HeldClock } from '../../src/platform/clock/index.ts';
import type { JobEvent, JobStore, StoredProblem } from '../../src/platform/jobs/index.ts';

export interface JobStoreUnderTest {
  readonly store: JobStore;
  readonly clock: HeldClock;
  /** The same rows seen by another process. */
  another(): JobStore;
  transaction<Result>(work: () => Result): Result;
}

const trouble: StoredProblem = { code: 'internal', parameters: {}, errors: [] };
const LEASE = 1_000;

export function jobStoreContract(open: () => JobStoreUnderTest): void {
  describe('enqueuing', () => {
    it('keeps the job with the transaction it belongs to, or not at all', () => {
      const { store, transaction } = open();
      expect(() => transaction(() => {
        store.enqueue('measure', {});
        throw new Error('no');
      })).toThrow();
      expect(store.counts()).toEqual({ queued: 0, running: 0, done: 0, failed: 0 });
      const job = transaction(() => store.enqueue('measure', { image: 'im_1' }, 'im_1'));
      expect(store.find(job.id)).toMatchObject({ kind: 'measure', payload: { image: 'im_1' }, subject: 'im_1', status: 'queued', attempts: 0 });
      expect(store.ofSubject('im_1')).toEqual([job]);
    });

    it('announces the job after its commit', () => {
      const { store, transaction } = open();
      const heard: JobEvent[] = [];
      const end = store.onEvent((event) => heard.push(event));
      transaction(() => {
        store.enqueue('measure', {});
        expect(heard).toEqual([]);
      });
      expect(heard.map((event) => event.type)).toEqual(['queued']);
      end();
      store.enqueue('measure', {});
      expect(heard).toHaveLength(1);
    });
  });

  describe('claiming', () => {
    it('gives each job to one worker, oldest first, of the kinds it knows', () => {
      const { store, another } = open();
      const [a, b] = [store.enqueue('measure', 1), store.enqueue('measure', 2)];
      store.enqueue('other', 3);
      expect(store.claim('w1', ['measure'], LEASE)?.id).toBe(a.id);
      expect(another().claim('w2', ['measure'], LEASE)?.id).toBe(b.id);
      expect(store.claim('w1', ['measure'], LEASE)).toBeUndefined();
      expect(store.claim('w1', [], LEASE)).toBeUndefined();
    });

    it('gives background jobs only when nothing else waits, not even what was cut off or came later', () => {
      const { store, clock } = open();
      const cut = store.enqueue('measure', 1);
      store.claim('w1', ['measure', 'tidy'], LEASE);
      const [first, second] = [1, 2].map((n) => store.enqueue('tidy', n, undefined, { background: true }));
      const later = store.enqueue('measure', 2);
      clock.advance(LEASE + 1);
      store.recover();
      expect([1, 2, 3, 4].map(() => store.claim('w2', ['measure', 'tidy'], LEASE)?.id)).toEqual([later.id, cut.id, first!.id, second!.id]);
    });

    it('lasts as long as it is renewed', () => {
      const { store, clock } = open();
      const { id } = store.enqueue('measure', 1);
      store.claim('w1', ['measure'], LEASE);
      clock.advance(900);
      expect(store.renew(id, 'w1', LEASE)).toBe(true);
      expect(store.renew(id, 'w2', LEASE)).toBe(false);
      clock.advance(900);
      expect(store.recover()).toEqual([]);
      clock.advance(101);
      expect(store.recover()).toEqual([id]);
      expect(store.renew(id, 'w1', LEASE)).toBe(false);
      expect(store.find(id)).toMatchObject({ status: 'queued', interruptions: 1, attempts: 0 });
    });
  });

  describe('ending', () => {
    it('writes the outcome and the end together', () => {
      const { store } = open();
      const { id } = store.enqueue('measure', 1);
      store.claim('w1', ['measure'], LEASE);
      expect(() => store.finish(id, 'w1', () => {
        store.enqueue('follow-up', 1);
        throw new Error('no');
      })).toThrow('no');
      expect(store.counts()).toMatchObject({ queued: 0, running: 1 });
      expect(store.finish(id, 'w1', () => ({ faces: store.enqueue('follow-up', 1).kind }))).toBe(true);
      expect(store.find(id)).toMatchObject({ status: 'done', result: { faces: 'follow-up' }, problem: null });
    });

    it('is the business of the worker that holds the lease alone', () => {
      const { store, another, clock } = open();
      const { id } = store.enqueue('measure', 1);
      store.claim('w1', ['measure'], LEASE);
      clock.advance(LEASE + 1);
      store.recover();
      another().claim('w2', ['measure'], LEASE);
      let outcome = 'untouched';
      expect(store.finish(id, 'w1', () => (outcome = store.enqueue('follow-up', 1).id))).toBe(false);
      expect(store.find(outcome)).toBeUndefined();
      store.fail(id, 'w1', trouble);
      store.retry(id, 'w1', trouble, 0);
      store.release(id, 'w1');
      store.progress(id, 'w1', 'stale', 1, 2);
      expect(store.find(id)).toMatchObject({ status: 'running', phase: null, attempts: 0 });
      expect(another().finish(id, 'w2', () => 'mine')).toBe(true);
    });

    it('after an error waits before the next try, and keeps the problem', () => {
      const { store, clock } = open();
      const { id } = store.enqueue('measure', 1);
      store.claim('w1', ['measure'], LEASE);
      store.retry(id, 'w1', trouble, 500);
      expect(store.claim('w1', ['measure'], LEASE)).toBeUndefined();
      clock.advance(500);
      expect(store.claim('w1', ['measure'], LEASE)).toMatchObject({ id, attempts: 1, problem: trouble });
      store.fail(id, 'w1', trouble);
      expect(store.find(id)).toMatchObject({ status: 'failed', attempts: 2, problem: trouble });
    });

    it('for good comes after too many interruptions', () => {
      const { store, clock } = open();
      const { id } = store.enqueue('measure', 1);
      let tries = 0;
      while (store.claim(`w${tries}`, ['measure'], LEASE)) {
        tries++;
        clock.advance(LEASE + 1);
        store.recover();
      }
      expect(tries).toBe(10);
      expect(store.find(id)).toMatchObject({ status: 'failed', problem: { code: 'job-interrupted', parameters: { found: 10 } } });
    });
  });

  it('a list has the newest first, of one kind and status, and goes on from an id', () => {
    const { store } = open();
    const [a, b, c] = [store.enqueue('measure', 1), store.enqueue('tidy', 2), store.enqueue('measure', 3)];
    expect(store.list({}, 10).map(({ id }) => id)).toEqual([c.id, b.id, a.id]);
    expect(store.list({ kind: 'measure' }, 1).map(({ id }) => id)).toEqual([c.id]);
    expect(store.list({ kind: 'measure' }, 10, c.id).map(({ id }) => id)).toEqual([a.id]);
    store.claim('w1', ['tidy'], LEASE);
    expect(store.list({ status: 'running' }, 10).map(({ id }) => id)).toEqual([b.id]);
    expect(store.list({ kind: 'measure', status: 'running' }, 10)).toEqual([]);
  });

  it('a job that was cut off goes behind those that were not', () => {
    const { store, clock } = open();
    const cut = store.enqueue('measure', 1);
    store.claim('w1', ['measure'], LEASE);
    const later = store.enqueue('measure', 2);
    clock.advance(LEASE + 1);
    store.recover();
    expect(store.claim('w1', ['measure'], LEASE)?.id).toBe(later.id);
    expect(store.claim('w1', ['measure'], LEASE)?.id).toBe(cut.id);
  });

  it('the only process takes back at once what others were running, and nothing of its own', () => {
    const { store } = open();
    const [a, b] = [store.enqueue('measure', 1), store.enqueue('measure', 2)];
    store.claim('old', ['measure'], LEASE);
    store.claim('new', ['measure'], LEASE);
    expect(store.recover('new')).toEqual([a.id]);
    expect(store.find(b.id)?.status).toBe('running');
  });

  it('events can be replayed from any point, of one job or of all; progress is forgotten at the end', () => {
    const { store } = open();
    const [a, b] = [store.enqueue('measure', 1), store.enqueue('measure', 2)];
    store.claim('w', ['measure'], LEASE);
    store.progress(a.id, 'w', 'segment', 1, 3);
    expect(store.find(a.id)).toMatchObject({ phase: 'segment', done: 1, total: 3 });
    const all = store.events(0);
    expect(all.map((event) => [event.jobId, event.type])).toEqual([[a.id, 'queued'], [b.id, 'queued'], [a.id, 'started'], [a.id, 'progress']]);
    expect(all.map((event) => event.sequence)).toEqual([...all.map((event) => event.sequence)].sort((x, y) => x - y));
    expect(store.events(all[2].sequence, a.id)).toEqual([all[3]]);
    expect(store.events(0, undefined, 2)).toEqual(all.slice(0, 2));
    store.finish(a.id, 'w', () => null);
    expect(store.events(all[2].sequence, a.id).map((event) => event.type)).toEqual(['done']);
  });
}
