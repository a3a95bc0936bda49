-- What was posted to a position since it was opened: at settlements, and by closing lots.
ALTER TABLE "Position"
    ADD COLUMN     "settled" DECIMAL NOT NULL DEFAULT 0,
    ADD COLUMN     "realised" DECIMAL NOT NULL DEFAULT 0;

ALTER TABLE "Position"
    ADD CONSTRAINT "Position_since_opened" CHECK ("size" <> 0 OR ("settled" = 0 AND "realised" = 0));
