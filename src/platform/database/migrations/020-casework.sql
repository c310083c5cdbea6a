-- Who may ask. Only an HMAC of a key's secret is kept.
CREATE TABLE access_keys (
  id         TEXT PRIMARY KEY,
  agency     TEXT NOT NULL,
  country    TEXT,                               -- ISO 3166-1 alpha-2; null: an operator, who may act for any
  scopes     TEXT NOT NULL,                      -- JSON
  hmac       BLOB NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT
) STRICT;

-- Requests with an Idempotency-Key; status is null while the first one runs.
CREATE TABLE remembered_requests (
  key_id      TEXT NOT NULL,
  request_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  reserved    TEXT NOT NULL,                     -- id part that the work uses for what it makes
  status      INTEGER,
  headers     TEXT,
  body        TEXT,
  created_at  TEXT NOT NULL,
  PRIMARY KEY (key_id, request_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX remembered_requests_age ON remembered_requests (created_at);

CREATE TABLE seizures (
  id             TEXT PRIMARY KEY,
  country        TEXT NOT NULL,
  agency         TEXT NOT NULL,
  seized_on      TEXT NOT NULL,
  place          TEXT,
  drug_type      TEXT,
  reference      TEXT,
  case_reference TEXT,
  created_at     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX seizures_reference ON seizures (country, agency, reference) WHERE reference IS NOT NULL;
CREATE INDEX seizures_date ON seizures (seized_on);

CREATE TABLE exhibits (
  id          TEXT PRIMARY KEY,
  seizure_id  TEXT NOT NULL REFERENCES seizures (id),
  reference   TEXT,
  description TEXT,
  created_at  TEXT NOT NULL
) STRICT;
CREATE INDEX exhibits_seizure ON exhibits (seizure_id);

CREATE TABLE specimens (
  id         TEXT PRIMARY KEY,
  seizure_id TEXT NOT NULL REFERENCES seizures (id),
  exhibit_id TEXT REFERENCES exhibits (id),
  kind       TEXT NOT NULL CHECK (kind IN ('tablet', 'brick')),
  reference  TEXT,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX specimens_seizure ON specimens (seizure_id);
CREATE INDEX specimens_exhibit ON specimens (exhibit_id) WHERE exhibit_id IS NOT NULL;
CREATE UNIQUE INDEX specimens_reference ON specimens (seizure_id, reference) WHERE reference IS NOT NULL;

-- A sealed image in its role: a picture of a specimen, or (without one) the probe of a search.
CREATE TABLE photographs (
  id           TEXT PRIMARY KEY,
  image_sha256 TEXT NOT NULL REFERENCES images (sha256),
  specimen_id  TEXT REFERENCES specimens (id),
  side         TEXT CHECK (side IN ('obverse', 'reverse', 'edge')),
  mm_per_px    REAL,
  examined_at  TEXT,                             -- null: not yet, or refused, as the job tells
  job_id       TEXT NOT NULL,
  created_at   TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX photographs_once ON photographs (image_sha256, specimen_id) WHERE specimen_id IS NOT NULL;
CREATE INDEX photographs_image ON photographs (image_sha256);
CREATE INDEX photographs_specimen ON photographs (specimen_id) WHERE specimen_id IS NOT NULL;

-- One measured face; the serial is its key in the index. Faces of a probe have no specimen and are never in the index.
CREATE TABLE faces (
  serial        INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT NOT NULL UNIQUE,
  photograph_id TEXT NOT NULL REFERENCES photographs (id),
  image_sha256  TEXT NOT NULL REFERENCES images (sha256),
  specimen_id   TEXT REFERENCES specimens (id),
  seizure_id    TEXT REFERENCES seizures (id),
  kind          TEXT NOT NULL CHECK (kind IN ('tablet', 'brick')),
  measurement   TEXT NOT NULL,                   -- JSON: everything measured but outline and geometry
  outline       BLOB NOT NULL,                   -- float32: x0, y0, x1, y1, ... on the upright original
  crop          TEXT NOT NULL,                   -- JSON: how the crop is cut again
  provenance    TEXT NOT NULL,                   -- JSON
  created_at    TEXT NOT NULL
) STRICT;
CREATE INDEX faces_photograph ON faces (photograph_id);
CREATE INDEX faces_specimen ON faces (specimen_id) WHERE specimen_id IS NOT NULL;
CREATE INDEX faces_seizure ON faces (seizure_id) WHERE seizure_id IS NOT NULL;

-- Apart from faces, so that reading faces does not read these.
CREATE TABLE face_features (
  serial    INTEGER PRIMARY KEY REFERENCES faces (serial),
  version   INTEGER NOT NULL,
  embedding BLOB NOT NULL,                       -- int8
  features  BLOB NOT NULL                        -- the whole feature set, encoded
) STRICT;

-- What the index has to follow, in order.
CREATE TABLE index_changes (
  change  INTEGER PRIMARY KEY AUTOINCREMENT,
  serial  INTEGER NOT NULL REFERENCES faces (serial),
  removed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Names the history that the changes count in: a copy that went on elsewhere keeps its name only until it is restored.
CREATE TABLE index_history (name TEXT NOT NULL) STRICT;
INSERT INTO index_history (name) VALUES (lower(hex(randomblob(16))));

CREATE TABLE searches (
  id               TEXT PRIMARY KEY,
  key_id           TEXT NOT NULL,
  request          TEXT NOT NULL,                -- JSON, as asked
  home_country     TEXT,
  photograph_id    TEXT REFERENCES photographs (id),
  probe_face_id    TEXT REFERENCES faces (id),
  plan             TEXT,                         -- JSON
  provenance       TEXT,                         -- JSON
  job_id           TEXT NOT NULL,
  created_at       TEXT NOT NULL,
  finished_at      TEXT                          -- null: not yet, or refused, as the job tells
) STRICT;

CREATE TABLE search_candidates (
  search_id     TEXT NOT NULL REFERENCES searches (id),
  rank          INTEGER NOT NULL,
  comparison_id TEXT NOT NULL UNIQUE,
  face_serial   INTEGER NOT NULL REFERENCES faces (serial),
  comparison    TEXT NOT NULL,                   -- JSON: score, partial scores, pose
  PRIMARY KEY (search_id, rank)
) STRICT, WITHOUT ROWID;
