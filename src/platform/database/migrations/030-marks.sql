-- What tools are compared by; read only for faces of the probe's design. Marks of other parameters are left alone and not compared.
CREATE TABLE face_marks (
  serial INTEGER PRIMARY KEY REFERENCES faces (serial),
  digest TEXT NOT NULL,                          -- of the parameters that made it: others cannot be compared
  marks  BLOB NOT NULL                           -- the whole mark set, encoded
) STRICT;

-- What came of comparing tools: JSON, see ToolEvidence.
ALTER TABLE search_candidates ADD COLUMN tool TEXT;
