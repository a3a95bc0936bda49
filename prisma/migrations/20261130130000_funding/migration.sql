-- How the house computes funding, with what it has sampled since its last rate, and every rate that was fixed.
ALTER TABLE "Instrument"
    ADD COLUMN     "impactBid" DECIMAL,
    ADD COLUMN     "impactAsk" DECIMAL,
    ADD COLUMN     "impactAt" TIMESTAMPTZ(3),
    ADD COLUMN     "impactSource" TEXT;

CREATE TABLE "FundingPolicy" (
    "instrumentId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "window" JSONB,
    "sampleDue" TIMESTAMPTZ(3),
    "due" TIMESTAMPTZ(3),
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "FundingPolicy_pkey" PRIMARY KEY ("instrumentId","version")
);

CREATE TABLE "FundingRate" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "policyVersion" INTEGER NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3) NOT NULL,
    "samples" INTEGER NOT NULL,
    "missed" INTEGER NOT NULL,
    "premium" DECIMAL,
    "rate" DECIMAL NOT NULL,
    "exact" TEXT NOT NULL,

    CONSTRAINT "FundingRate_pkey" PRIMARY KEY ("seq","place")
);

CREATE INDEX "FundingRate_instrumentId_seq_place_idx" ON "FundingRate"("instrumentId", "seq", "place");

ALTER TABLE "Instrument"
    ADD CONSTRAINT "Instrument_impact_whole" CHECK (
        num_nulls("impactBid", "impactAsk", "impactAt", "impactSource") IN (0, 4) AND "impactBid" <= "impactAsk");

ALTER TABLE "FundingPolicy"
    ADD CONSTRAINT "FundingPolicy_version" CHECK ("version" >= 1),
    ADD CONSTRAINT "FundingPolicy_running" CHECK (("window" IS NULL) = ("due" IS NULL)
        AND ("sampleDue" IS NULL OR "due" IS NOT NULL));

ALTER TABLE "FundingRate"
    ADD CONSTRAINT "FundingRate_interval" CHECK ("from" < "to" AND "samples" >= 0 AND "missed" >= 0);
