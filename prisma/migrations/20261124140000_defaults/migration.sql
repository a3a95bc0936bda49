-- AlterTable
ALTER TABLE "Member" ADD COLUMN     "reason" TEXT,
ADD COLUMN     "since" TIMESTAMPTZ(3),
ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'ACTIVE';

-- CreateTable
CREATE TABLE "DefaultPolicy" (
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "DefaultPolicy_pkey" PRIMARY KEY ("currency","version")
);

-- CreateTable
CREATE TABLE "MemberDefault" (
    "id" TEXT NOT NULL,
    "memberId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "declaredAt" TIMESTAMPTZ(3) NOT NULL,
    "declaredSeq" BIGINT NOT NULL,
    "portingUntil" TIMESTAMPTZ(3) NOT NULL,
    "closingAt" TIMESTAMPTZ(3),
    "settledAt" TIMESTAMPTZ(3),
    "closedAt" TIMESTAMPTZ(3),
    "closedReason" TEXT,
    "terms" JSONB,

    CONSTRAINT "MemberDefault_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MemberDefaultBook" (
    "defaultId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "ownId" TEXT NOT NULL,
    "policyVersion" INTEGER NOT NULL,
    "netted" DECIMAL NOT NULL,
    "positions" JSONB NOT NULL,
    "accounts" JSONB NOT NULL,
    "lots" JSONB NOT NULL,
    "result" DECIMAL,
    "seized" DECIMAL,
    "borne" DECIMAL,
    "returned" DECIMAL,
    "settledSeq" BIGINT,

    CONSTRAINT "MemberDefaultBook_pkey" PRIMARY KEY ("defaultId","currency")
);

-- CreateTable
CREATE TABLE "MemberDefaultLine" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "defaultId" TEXT NOT NULL,
    "book" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,
    "about" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MemberDefaultLine_pkey" PRIMARY KEY ("seq","place","ordinal")
);

-- CreateTable
CREATE TABLE "PortOffer" (
    "id" TEXT NOT NULL,
    "defaultId" TEXT NOT NULL,
    "fromMember" TEXT NOT NULL,
    "toMember" TEXT NOT NULL,
    "accounts" TEXT[],
    "status" TEXT NOT NULL,
    "offeredAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "PortOffer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "MemberDefault_memberId_idx" ON "MemberDefault"("memberId");

-- CreateIndex
CREATE INDEX "MemberDefault_status_idx" ON "MemberDefault"("status");

-- CreateIndex
CREATE INDEX "MemberDefaultBook_accountId_idx" ON "MemberDefaultBook"("accountId");

-- CreateIndex
CREATE INDEX "MemberDefaultLine_defaultId_seq_idx" ON "MemberDefaultLine"("defaultId", "seq");

-- CreateIndex
CREATE INDEX "PortOffer_defaultId_idx" ON "PortOffer"("defaultId");

-- CreateIndex
CREATE INDEX "PortOffer_toMember_idx" ON "PortOffer"("toMember");

-- CreateIndex
CREATE INDEX "PortOffer_status_idx" ON "PortOffer"("status");

-- AddForeignKey
ALTER TABLE "MemberDefaultBook" ADD CONSTRAINT "MemberDefaultBook_defaultId_fkey" FOREIGN KEY ("defaultId") REFERENCES "MemberDefault"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MemberDefaultLine" ADD CONSTRAINT "MemberDefaultLine_defaultId_book_fkey" FOREIGN KEY ("defaultId", "book") REFERENCES "MemberDefaultBook"("defaultId", "currency") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PortOffer" ADD CONSTRAINT "PortOffer_defaultId_fkey" FOREIGN KEY ("defaultId") REFERENCES "MemberDefault"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A default closes accounts for a reason of its own, and has orders of its own.
ALTER TABLE "Liquidation" DROP CONSTRAINT "Liquidation_cause";
ALTER TABLE "Liquidation" DROP CONSTRAINT "Liquidation_status";
ALTER TABLE "LiquidationOrder" DROP CONSTRAINT "LiquidationOrder_disposal";

ALTER TABLE "Liquidation"
    ADD CONSTRAINT "Liquidation_cause" CHECK ("cause" IN ('DEADLINE_PASSED', 'CLOSE_OUT_LEVEL', 'BANKRUPT_AT_MARK', 'MEMBER_DEFAULT')),
    ADD CONSTRAINT "Liquidation_status" CHECK ("status" IN ('RUNNING', 'PAUSED', 'RESTORED', 'BANKRUPT', 'CLOSED_OUT', 'SEIZED'));

ALTER TABLE "LiquidationOrder"
    ADD CONSTRAINT "LiquidationOrder_disposal" CHECK (("reason" IN ('DISPOSAL', 'HEDGE', 'DEFAULT_CLOSING')) = ("liquidationId" IS NULL));

-- What must hold of a row, whoever writes it.
ALTER TABLE "Member"
    ADD CONSTRAINT "Member_status" CHECK ("status" IN ('ACTIVE', 'SUSPENDED', 'IN_DEFAULT', 'TERMINATED')),
    ADD CONSTRAINT "Member_since" CHECK (num_nulls("reason", "since") IN (0, 2));

ALTER TABLE "DefaultPolicy"
    ADD CONSTRAINT "DefaultPolicy_version" CHECK ("version" >= 1);

ALTER TABLE "MemberDefault"
    ADD CONSTRAINT "MemberDefault_status" CHECK ("status" IN ('OPEN', 'TERMINATED', 'REINSTATED')),
    ADD CONSTRAINT "MemberDefault_closed" CHECK (("status" = 'OPEN') = ("closedAt" IS NULL) AND num_nulls("closedAt", "closedReason") IN (0, 2)),
    ADD CONSTRAINT "MemberDefault_phase" CHECK ("phase" IN ('PORTING', 'CLOSING', 'SETTLED'));

ALTER TABLE "MemberDefaultBook"
    ADD CONSTRAINT "MemberDefaultBook_settled" CHECK (num_nulls("result", "seized", "borne", "returned", "settledSeq") IN (0, 5)),
    ADD CONSTRAINT "MemberDefaultBook_sums" CHECK ("result" + "seized" + "borne" = "returned");

ALTER TABLE "MemberDefaultLine"
    ADD CONSTRAINT "MemberDefaultLine_amount" CHECK ("amount" <> 0);

ALTER TABLE "PortOffer"
    ADD CONSTRAINT "PortOffer_status" CHECK ("status" IN ('OPEN', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'CANCELLED')),
    ADD CONSTRAINT "PortOffer_ended" CHECK (("status" = 'OPEN') = ("endedAt" IS NULL)),
    ADD CONSTRAINT "PortOffer_moves" CHECK ("fromMember" <> "toMember" AND cardinality("accounts") > 0);
