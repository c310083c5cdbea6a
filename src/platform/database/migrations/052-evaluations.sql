-- What the evidence says of two specimens or two seizures: asked for, answered by a job, kept as it was answered.
CREATE TABLE evaluations (
  id          TEXT PRIMARY KEY,
  key_id      TEXT NOT NULL,
  request     TEXT NOT NULL,                     -- JSON, as asked
  job_id      TEXT NOT NULL,
  answer      TEXT,                              -- JSON: what was compared, three lines, the link
  provenance  TEXT,                              -- JSON
  created_at  TEXT NOT NULL,
  finished_at TEXT                               -- null: not yet, or refused, as the job tells
) STRICT;

-- Comparisons of two given faces are looked for.
CREATE INDEX search_candidates_face ON search_candidates (face_serial);

-- Searches for links: one specimen by its faces and its profiles together.
CREATE TABLE link_searches (
  id           TEXT PRIMARY KEY,
  key_id       TEXT NOT NULL,
  request      TEXT NOT NULL,                    -- JSON, as asked
  home_country TEXT NOT NULL,
  job_id       TEXT NOT NULL,
  plan         TEXT,                             -- JSON: the searches it was made of, how many were compared
  provenance   TEXT,                             -- JSON
  created_at   TEXT NOT NULL,
  finished_at  TEXT                              -- null: not yet, or refused, as the job tells
) STRICT;

CREATE TABLE link_candidates (
  search_id   TEXT NOT NULL REFERENCES link_searches (id),
  rank        INTEGER NOT NULL,
  specimen_id TEXT NOT NULL REFERENCES specimens (id),
  found_by    TEXT NOT NULL,                     -- JSON: which search handed it on, at which place
  evidence    TEXT NOT NULL,                     -- JSON: design score, three lines, the link
  PRIMARY KEY (search_id, rank)
) STRICT, WITHOUT ROWID;
