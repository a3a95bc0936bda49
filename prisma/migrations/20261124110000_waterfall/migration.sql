-- AlterTable
ALTER TABLE "DefaultCase" ADD COLUMN     "instrumentId" TEXT,
ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'BORNE',
ADD COLUMN     "unallocated" DECIMAL NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "LossClaim" (
    "caseId" TEXT NOT NULL,
    "layer" TEXT NOT NULL,
    "claimant" TEXT NOT NULL,
    "accountId" TEXT,
    "memberId" TEXT,
    "currency" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "weight" DECIMAL NOT NULL,
    "cap" DECIMAL NOT NULL,
    "amount" DECIMAL NOT NULL,
    "repaid" DECIMAL NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "LossClaim_pkey" PRIMARY KEY ("caseId","layer","claimant")
);

-- CreateTable
CREATE TABLE "LossRecovery" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "caseId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "LossRecovery_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "DefaultFundPolicy" (
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "DefaultFundPolicy_pkey" PRIMARY KEY ("currency","version")
);

-- CreateTable
CREATE TABLE "DefaultFundCall" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "memberId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "caseId" TEXT,
    "amount" DECIMAL NOT NULL,
    "paid" DECIMAL NOT NULL,
    "status" TEXT NOT NULL,
    "issuedAt" TIMESTAMPTZ(3) NOT NULL,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "seq" BIGINT NOT NULL,

    CONSTRAINT "DefaultFundCall_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FundCoverage" (
    "currency" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "policyVersion" INTEGER NOT NULL,
    "cover1" DECIMAL NOT NULL,
    "cover2" DECIMAL NOT NULL,
    "fund" DECIMAL NOT NULL,
    "pools" DECIMAL NOT NULL,
    "short" BOOLEAN NOT NULL,
    "members" JSONB NOT NULL,

    CONSTRAINT "FundCoverage_pkey" PRIMARY KEY ("currency","seq","place")
);

-- CreateTable
CREATE TABLE "BackstopPool" (
    "currency" TEXT NOT NULL,
    "total" DECIMAL NOT NULL,
    "terms" JSONB NOT NULL,

    CONSTRAINT "BackstopPool_pkey" PRIMARY KEY ("currency")
);

-- CreateTable
CREATE TABLE "BackstopEntry" (
    "accountId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "terms" JSONB NOT NULL,

    CONSTRAINT "BackstopEntry_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "InsurancePool" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "instruments" TEXT[],
    "cap" DECIMAL,
    "thenGeneral" BOOLEAN NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "InsurancePool_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "WithdrawalGate" (
    "currency" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "WithdrawalGate_pkey" PRIMARY KEY ("currency")
);

-- CreateIndex
CREATE INDEX "LossClaim_accountId_seq_idx" ON "LossClaim"("accountId", "seq");

-- CreateIndex
CREATE INDEX "LossClaim_memberId_seq_idx" ON "LossClaim"("memberId", "seq");

-- CreateIndex
CREATE INDEX "LossRecovery_caseId_seq_idx" ON "LossRecovery"("caseId", "seq");

-- CreateIndex
CREATE INDEX "DefaultFundCall_memberId_seq_idx" ON "DefaultFundCall"("memberId", "seq");

-- CreateIndex
CREATE INDEX "DefaultFundCall_currency_seq_idx" ON "DefaultFundCall"("currency", "seq");

-- CreateIndex
CREATE INDEX "BackstopEntry_currency_idx" ON "BackstopEntry"("currency");

-- AddForeignKey
ALTER TABLE "LossClaim" ADD CONSTRAINT "LossClaim_caseId_fkey" FOREIGN KEY ("caseId") REFERENCES "DefaultCase"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
