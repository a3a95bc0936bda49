-- AlterTable
ALTER TABLE "Instrument" ADD COLUMN     "averaging" TEXT,
ADD COLUMN     "delisting" TEXT,
ADD COLUMN     "settlementWindowMs" BIGINT;

-- AlterTable
ALTER TABLE "SettlementRun" ADD COLUMN     "pricedBy" TEXT,
ADD COLUMN     "windowFrom" TIMESTAMPTZ(3),
ADD COLUMN     "windowLiveMs" BIGINT,
ADD COLUMN     "windowUntil" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "SettlementSample" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "indexId" TEXT NOT NULL,
    "price" DECIMAL,

    CONSTRAINT "SettlementSample_pkey" PRIMARY KEY ("seq","place")
);

-- CreateIndex
CREATE INDEX "SettlementSample_instrumentId_seq_place_idx" ON "SettlementSample"("instrumentId", "seq", "place");

ALTER TABLE "SettlementRun"
    ADD CONSTRAINT "SettlementRun_priced" CHECK (
        "pricedBy" IN ('WINDOW', 'OFFICER') AND "kind" = 'EXPIRY' OR
        "pricedBy" IS NULL AND num_nonnulls("windowFrom", "windowUntil", "windowLiveMs") = 0),
    ADD CONSTRAINT "SettlementRun_window_whole" CHECK (num_nulls("windowFrom", "windowUntil", "windowLiveMs") IN (0, 3)),
    ADD CONSTRAINT "SettlementRun_window_averaged" CHECK ("pricedBy" <> 'WINDOW' OR "windowFrom" IS NOT NULL);
