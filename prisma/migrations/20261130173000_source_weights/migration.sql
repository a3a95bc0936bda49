-- How much the sources of an index count, and which of them are own venues.
ALTER TABLE "IndexQuote"
    ADD COLUMN     "weight" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN     "ownVenue" BOOLEAN NOT NULL DEFAULT false,
    ADD CONSTRAINT "IndexQuote_weight" CHECK ("weight" >= 1);
