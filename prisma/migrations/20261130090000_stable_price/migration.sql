-- AlterTable
ALTER TABLE "Instrument" ADD COLUMN     "stable" DECIMAL,
ADD COLUMN     "stableAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Position" ADD COLUMN     "recent" TEXT;

-- What is remembered of gains may be all that is left of a position.
ALTER TABLE "Position"
    DROP CONSTRAINT "Position_not_empty",
    ADD CONSTRAINT "Position_not_empty" CHECK (
        "size" <> 0 OR "cost" <> 0 OR "bids" <> 0 OR "asks" <> 0 OR "gain" <> 0 OR "recent" IS NOT NULL);

ALTER TABLE "Instrument"
    ADD CONSTRAINT "Instrument_stable_whole" CHECK (num_nulls("stable", "stableAt") IN (0, 2));
