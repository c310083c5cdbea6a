-- What each candidate is worth as evidence of one batch, or why that is not known; null in lists of before calibrations of batches.
ALTER TABLE profile_candidates ADD COLUMN evaluation TEXT;   -- JSON
