-- Designs as they were found, not as people name them. All of it can be made again from face_marks.
CREATE TABLE designs (
  id        INTEGER PRIMARY KEY,
  digest    TEXT NOT NULL,                       -- of all parameters that shaped it
  kind      TEXT NOT NULL,
  reference INTEGER NOT NULL REFERENCES faces (serial),  -- the face whose place and logo are the frame's
  frame     BLOB NOT NULL,                       -- a mark set whose strokes are the mean of `grown` faces
  grown     INTEGER NOT NULL
) STRICT;

-- Where faces lie: the marks of each on the frame of its design. Laid again, a face gets a new place.
CREATE TABLE face_places (
  place   INTEGER PRIMARY KEY AUTOINCREMENT,
  serial  INTEGER NOT NULL UNIQUE REFERENCES faces (serial),
  design  INTEGER NOT NULL REFERENCES designs (id),
  vector  BLOB                                   -- null where the strokes could not be registered
) STRICT;
CREATE INDEX face_places_design ON face_places (design, place);

-- Faces of casework that have marks and wait for a place.
CREATE TABLE unplaced_faces (serial INTEGER PRIMARY KEY REFERENCES faces (serial)) STRICT;
