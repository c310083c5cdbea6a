-- Background work waits until nothing else does; the queue is read in the order in which it is claimed.
ALTER TABLE jobs ADD COLUMN background INTEGER NOT NULL DEFAULT 0 CHECK (background IN (0, 1));
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (background, interruptions, id) WHERE status = 'queued';
CREATE INDEX jobs_kind ON jobs (kind, status, id);

-- The parameters that made a face's features and marks: a start finds the faces of others without reading all.
ALTER TABLE faces ADD COLUMN made_with TEXT GENERATED ALWAYS AS (json_extract(provenance, '$.parameters.features') || ' ' || json_extract(provenance, '$.parameters.marks')) VIRTUAL;
CREATE INDEX faces_made_with ON faces (made_with);
CREATE INDEX face_features_version ON face_features (version);
