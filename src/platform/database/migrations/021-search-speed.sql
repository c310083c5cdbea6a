-- What a search and an index ask for at every turn, without reading whole tables.
CREATE INDEX faces_image ON faces (image_sha256);

-- Vectors the index has to hold, by feature version.
CREATE TABLE index_counts (
  version INTEGER PRIMARY KEY,
  vectors INTEGER NOT NULL
) STRICT;
INSERT INTO index_counts (version, vectors)
  SELECT version, count(*) FROM face_features JOIN faces USING (serial) WHERE specimen_id IS NOT NULL GROUP BY version;
