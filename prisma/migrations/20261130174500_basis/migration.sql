-- How the basis of a mark is damped, and how it stands.
ALTER TABLE "Instrument"
    ADD COLUMN     "basisTerms" TEXT,
    ADD COLUMN     "basis" TEXT,
    DROP CONSTRAINT "Instrument_mark_method",
    ADD CONSTRAINT "Instrument_mark_method" CHECK ("markMethod" IN ('INDEX', 'VENUE', 'BASIS')),
    ADD CONSTRAINT "Instrument_basis" CHECK (("basisTerms" IS NOT NULL) = ("markMethod" = 'BASIS')
        AND ("basisTerms" IS NOT NULL OR "basis" IS NULL));
