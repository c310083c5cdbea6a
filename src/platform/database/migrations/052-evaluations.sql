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
