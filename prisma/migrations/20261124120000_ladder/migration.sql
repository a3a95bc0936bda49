-- AlterTable
ALTER TABLE "Liquidation" ADD COLUMN "severity" DECIMAL;

-- AlterTable
ALTER TABLE "LiquidationOrder" ADD COLUMN "origin" TEXT,
ADD COLUMN "ladder" TEXT,
ADD COLUMN "ladderVersion" INTEGER,
ADD COLUMN "rung" INTEGER,
ADD COLUMN "method" TEXT,
ADD COLUMN "offer" JSONB;

-- CreateTable
CREATE TABLE "DisposalLadder" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "instrumentId" TEXT,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "DisposalLadder_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "ReductionMove" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "liquidationId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "ladder" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "fromRung" INTEGER NOT NULL,
    "fromMethod" TEXT NOT NULL,
    "toRung" INTEGER NOT NULL,
    "toMethod" TEXT NOT NULL,
    "size" DECIMAL NOT NULL,
    "cause" TEXT NOT NULL,

    CONSTRAINT "ReductionMove_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "Liquidator" (
    "accountId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "operator" TEXT,
    "active" BOOLEAN NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "deposit" DECIMAL NOT NULL,
    "claims" INTEGER NOT NULL,
    "expiredClaims" INTEGER NOT NULL,
    "takes" INTEGER NOT NULL,
    "completed" INTEGER NOT NULL,
    "waitedMs" BIGINT NOT NULL,
    "feeShares" DECIMAL NOT NULL,
    "rewards" DECIMAL NOT NULL,
    "penalties" DECIMAL NOT NULL,

    CONSTRAINT "Liquidator_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "LiquidationClaim" (
    "orderId" TEXT NOT NULL,
    "liquidatorId" TEXT NOT NULL,
    "claimedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "penalty" DECIMAL NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "LiquidationClaim_pkey" PRIMARY KEY ("orderId","liquidatorId")
);

-- CreateTable
CREATE TABLE "LiquidationTake" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "orderId" TEXT NOT NULL,
    "liquidationId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "liquidatorId" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "trade" TEXT NOT NULL,
    "size" DECIMAL NOT NULL,
    "waitedMs" BIGINT NOT NULL,
    "rate" DECIMAL NOT NULL,
    "feeShare" DECIMAL NOT NULL,
    "rewardDue" DECIMAL NOT NULL,

    CONSTRAINT "LiquidationTake_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "LiquidatorReward" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "orderId" TEXT NOT NULL,
    "liquidationId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "liquidatorId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "restored" BOOLEAN NOT NULL,
    "due" DECIMAL NOT NULL,
    "amount" DECIMAL NOT NULL,

    CONSTRAINT "LiquidatorReward_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "BackstopProvider" (
    "accountId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "capacity" DECIMAL NOT NULL,
    "left" DECIMAL NOT NULL,
    "discount" DECIMAL NOT NULL,
    "active" BOOLEAN NOT NULL,

    CONSTRAINT "BackstopProvider_pkey" PRIMARY KEY ("accountId","scope")
);

-- CreateTable
CREATE TABLE "LiquidationDispute" (
    "id" TEXT NOT NULL,
    "liquidationId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "ruledBy" TEXT,
    "ruling" TEXT,
    "ruledAt" TIMESTAMPTZ(3),
    "refunded" DECIMAL NOT NULL,

    CONSTRAINT "LiquidationDispute_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ReductionMove_liquidationId_idx" ON "ReductionMove"("liquidationId");

-- CreateIndex
CREATE INDEX "ReductionMove_origin_idx" ON "ReductionMove"("origin");

-- CreateIndex
CREATE INDEX "LiquidationClaim_liquidatorId_claimedAt_idx" ON "LiquidationClaim"("liquidatorId", "claimedAt");

-- CreateIndex
CREATE INDEX "LiquidationClaim_status_idx" ON "LiquidationClaim"("status");

-- CreateIndex
CREATE INDEX "LiquidationTake_liquidatorId_idx" ON "LiquidationTake"("liquidatorId");

-- CreateIndex
CREATE INDEX "LiquidationTake_liquidationId_idx" ON "LiquidationTake"("liquidationId");

-- CreateIndex
CREATE INDEX "LiquidatorReward_liquidatorId_idx" ON "LiquidatorReward"("liquidatorId");

-- CreateIndex
CREATE INDEX "LiquidatorReward_liquidationId_idx" ON "LiquidatorReward"("liquidationId");

-- CreateIndex
CREATE INDEX "LiquidationDispute_accountId_at_idx" ON "LiquidationDispute"("accountId", "at");

-- CreateIndex
CREATE INDEX "LiquidationDispute_status_idx" ON "LiquidationDispute"("status");

-- CreateIndex
CREATE INDEX "LiquidationOrder_origin_idx" ON "LiquidationOrder"("origin");

-- What must hold of a row whoever writes it. A provider takes positions over as the house does, at no price of a venue.
ALTER TABLE "LiquidationFill" DROP CONSTRAINT "LiquidationFill_kind";
ALTER TABLE "LiquidationFill"
    ADD CONSTRAINT "LiquidationFill_kind" CHECK (
        ("kind" = 'FILL' AND "orderId" IS NOT NULL AND "price" IS NOT NULL)
        OR ("kind" IN ('TAKE_OVER', 'BACKSTOP') AND "orderId" IS NULL AND "price" IS NULL)
    );
