-- A laboratory's own panels; the bundled ones are in the program. A changed panel is a new version: rows never change.
CREATE TABLE panels (
  id         TEXT NOT NULL,
  version    INTEGER NOT NULL,
  panel      TEXT NOT NULL,                      -- JSON
  agency     TEXT NOT NULL,
  country    TEXT,
  key_id     TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

-- What one method read on one specimen. Rows never change; the serial is the key in a space.
CREATE TABLE profiles (
  serial        INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT NOT NULL UNIQUE,
  specimen_id   TEXT NOT NULL REFERENCES specimens (id),
  seizure_id    TEXT NOT NULL REFERENCES seizures (id),
  panel_id      TEXT NOT NULL,
  panel_version INTEGER NOT NULL,
  digest        TEXT NOT NULL,                   -- SHA-256 of what was read: the same readings sent again are one profile
  profile       TEXT NOT NULL,                   -- JSON, every reading as it was stated
  flags         TEXT NOT NULL,                   -- JSON
  key_id        TEXT NOT NULL,
  created_at    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX profiles_once ON profiles (specimen_id, digest);
CREATE INDEX profiles_panel ON profiles (panel_id, panel_version, serial);
CREATE INDEX profiles_seizure ON profiles (seizure_id);

-- Size and mass of specimens, for the windows of searches: the middle of a profile's replicates.
CREATE TABLE specimen_measurements (
  profile_serial INTEGER NOT NULL REFERENCES profiles (serial),
  specimen_id    TEXT NOT NULL REFERENCES specimens (id),
  measurement    TEXT NOT NULL CHECK (measurement IN ('diameter', 'thickness', 'mass')),
  value          REAL NOT NULL,                  -- mm, mg
  PRIMARY KEY (measurement, specimen_id, profile_serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_searches (
  id           TEXT PRIMARY KEY,
  key_id       TEXT NOT NULL,
  request      TEXT NOT NULL,                    -- JSON, as asked
  home_country TEXT,
  job_id       TEXT NOT NULL,
  answer       TEXT,                             -- JSON: settings, plan, those left out by windows
  provenance   TEXT,                             -- JSON
  created_at   TEXT NOT NULL,
  finished_at  TEXT                              -- null: not yet, or refused, as the job tells
) STRICT;

CREATE TABLE profile_candidates (
  search_id      TEXT NOT NULL REFERENCES profile_searches (id),
  rank           INTEGER NOT NULL,
  profile_serial INTEGER NOT NULL REFERENCES profiles (serial),
  comparison     TEXT NOT NULL,                  -- JSON: distance, overlap, part of each analyte
  PRIMARY KEY (search_id, rank)
) STRICT, WITHOUT ROWID;
