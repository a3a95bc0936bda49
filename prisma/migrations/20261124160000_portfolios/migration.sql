-- CreateTable
CREATE TABLE "PortfolioPolicy" (
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "PortfolioPolicy_pkey" PRIMARY KEY ("currency","version")
);

-- CreateTable
CREATE TABLE "PortfolioAuction" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "liquidationId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "sold" DECIMAL NOT NULL,
    "takes" INTEGER NOT NULL,
    "proceeds" DECIMAL NOT NULL,
    "fairValue" DECIMAL NOT NULL,
    "fund" DECIMAL NOT NULL,
    "version" INTEGER NOT NULL,
    "policyVersion" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "pausedFor" BIGINT,
    "openedSeq" BIGINT NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "live" JSONB,

    CONSTRAINT "PortfolioAuction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PortfolioTake" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "auctionId" TEXT NOT NULL,
    "takerId" TEXT NOT NULL,
    "share" DECIMAL NOT NULL,
    "value" DECIMAL NOT NULL,
    "price" DECIMAL NOT NULL,
    "premium" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PortfolioTake_pkey" PRIMARY KEY ("seq","place")
);

-- CreateIndex
CREATE INDEX "PortfolioAuction_accountId_idx" ON "PortfolioAuction"("accountId");

-- CreateIndex
CREATE INDEX "PortfolioAuction_status_deadline_idx" ON "PortfolioAuction"("status", "deadline");

-- CreateIndex
CREATE INDEX "PortfolioTake_auctionId_idx" ON "PortfolioTake"("auctionId");

-- CreateIndex
CREATE INDEX "PortfolioTake_takerId_seq_idx" ON "PortfolioTake"("takerId", "seq");

-- What must hold of a row, whoever writes it.
ALTER TABLE "PortfolioAuction"
    ADD CONSTRAINT "PortfolioAuction_mode" CHECK ("mode" IN ('SOLVENT', 'INSOLVENT')),
    ADD CONSTRAINT "PortfolioAuction_status" CHECK ("status" IN ('OPEN', 'PAUSED', 'RESTORED', 'TAKEN', 'TIME_UP', 'INSOLVENT', 'RECOVERED')),
    ADD CONSTRAINT "PortfolioAuction_ended" CHECK (("status" IN ('OPEN', 'PAUSED')) = ("endedAt" IS NULL)),
    ADD CONSTRAINT "PortfolioAuction_share" CHECK ("sold" >= 0 AND "sold" <= 1 AND "fund" >= 0);

-- Who takes a share of a portfolio is given positions at the mark, at no price of a venue.
ALTER TABLE "LiquidationFill" DROP CONSTRAINT "LiquidationFill_kind";
ALTER TABLE "LiquidationFill"
    ADD CONSTRAINT "LiquidationFill_kind" CHECK (
        ("kind" = 'FILL' AND "orderId" IS NOT NULL AND "price" IS NOT NULL)
        OR ("kind" IN ('TAKE_OVER', 'BACKSTOP', 'PORTFOLIO') AND "orderId" IS NULL AND "price" IS NULL)
    );

ALTER TABLE "PortfolioTake"
    ADD CONSTRAINT "PortfolioTake_share" CHECK ("share" > 0 AND "share" <= 1 AND "premium" >= 0);
