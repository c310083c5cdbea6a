-- Numbers: 001-009 platform, 010-019 evidence, 020-099 casework and whatever stands on it.

-- Counts the changes that make a derived index file stale.
CREATE TABLE generation (value INTEGER NOT NULL) STRICT;
INSERT INTO generation (value) VALUES (0);

-- Work that outlives a request. A row is claimed by a worker under a lease that the worker renews.
CREATE TABLE jobs (
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL,
  subject       TEXT,                            -- id of what the job is about
  payload       TEXT NOT NULL,                   -- JSON
  status        TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
  phase         TEXT,
  done          INTEGER NOT NULL DEFAULT 0,
  total         INTEGER NOT NULL DEFAULT 0,
  attempts      INTEGER NOT NULL DEFAULT 0,      -- tries that ended in an error
  interruptions INTEGER NOT NULL DEFAULT 0,      -- tries that ended with their process
  claimed_by    TEXT,
  lease_until   INTEGER,                         -- milliseconds since 1970
  not_before    INTEGER NOT NULL DEFAULT 0,      -- milliseconds since 1970
  problem       TEXT,                            -- JSON
  result        TEXT,                            -- JSON
  created_at    TEXT NOT NULL,
  started_at    TEXT,
  finished_at   TEXT
) STRICT;
CREATE INDEX jobs_waiting ON jobs (not_before, interruptions, id) WHERE status = 'queued';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE status = 'running';
CREATE INDEX jobs_subject ON jobs (subject, id) WHERE subject IS NOT NULL;

-- What happened to a job, for replay over server-sent events.
CREATE TABLE job_events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id   TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  type     TEXT NOT NULL CHECK (type IN ('queued', 'started', 'progress', 'retried', 'interrupted', 'done', 'failed')),
  data     TEXT NOT NULL,                        -- JSON
  at       TEXT NOT NULL
) STRICT;
CREATE INDEX job_events_job ON job_events (job_id, sequence);
