-- One row for each sealed original. The row exists only when the file is durable in the vault.
CREATE TABLE images (
  sha256      TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  id          TEXT NOT NULL UNIQUE,
  mime        TEXT NOT NULL CHECK (mime IN ('image/jpeg', 'image/png', 'image/tiff', 'image/webp')),
  bytes       INTEGER NOT NULL,
  width       INTEGER NOT NULL,   -- upright, in pixels
  height      INTEGER NOT NULL,
  bit_depth   INTEGER NOT NULL,   -- 8 or 16 bits a channel
  orientation INTEGER NOT NULL CHECK (orientation BETWEEN 1 AND 8),  -- EXIF, as stored in the file
  exif        TEXT,               -- JSON; without GPS unless the operator keeps it
  received_at TEXT NOT NULL
) STRICT;
