-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Checkpoint" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "hash" TEXT NOT NULL,
    "layout" INTEGER NOT NULL,

    CONSTRAINT "Checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Currency" (
    "id" TEXT NOT NULL,
    "scale" INTEGER NOT NULL,

    CONSTRAINT "Currency_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CollateralTerms" (
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "haircut" DECIMAL NOT NULL,
    "conversionDiscount" DECIMAL NOT NULL,
    "eligible" BOOLEAN NOT NULL,
    "setAt" TIMESTAMPTZ(3) NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "CollateralTerms_pkey" PRIMARY KEY ("currency","version")
);

-- CreateTable
CREATE TABLE "PriceIndex" (
    "id" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "quote" TEXT NOT NULL,
    "tick" DECIMAL NOT NULL,
    "minimumSources" INTEGER NOT NULL,
    "maximumDeviation" DECIMAL NOT NULL,
    "heartbeatMs" BIGINT NOT NULL,
    "price" DECIMAL,
    "stale" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3),
    "seq" BIGINT,

    CONSTRAINT "PriceIndex_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IndexQuote" (
    "indexId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "price" DECIMAL,
    "at" TIMESTAMPTZ(3),
    "quarantined" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "IndexQuote_pkey" PRIMARY KEY ("indexId","source")
);

-- CreateTable
CREATE TABLE "Instrument" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "quote" TEXT NOT NULL,
    "settlement" TEXT NOT NULL,
    "tick" DECIMAL NOT NULL,
    "lot" DECIMAL NOT NULL,
    "multiplier" DECIMAL NOT NULL,
    "tickValue" DECIMAL NOT NULL,
    "indexId" TEXT,
    "markMethod" TEXT NOT NULL,
    "markBand" DECIMAL,
    "priceBand" DECIMAL,
    "heartbeatMs" BIGINT NOT NULL,
    "allowsNonPositivePrice" BOOLEAN NOT NULL,
    "expiry" TIMESTAMPTZ(3),
    "variationIntervalMs" BIGINT,
    "variationDue" TIMESTAMPTZ(3),
    "makerFee" DECIMAL NOT NULL,
    "takerFee" DECIMAL NOT NULL,
    "status" TEXT NOT NULL,
    "mark" DECIMAL,
    "markAt" TIMESTAMPTZ(3),
    "markSeq" BIGINT,
    "markSource" TEXT,
    "markStale" BOOLEAN NOT NULL DEFAULT false,
    "depthBids" DECIMAL,
    "depthAsks" DECIMAL,
    "disposalDue" TIMESTAMPTZ(3),
    "lastRun" TEXT,

    CONSTRAINT "Instrument_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MarkPrice" (
    "instrumentId" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "price" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "clamped" BOOLEAN NOT NULL,

    CONSTRAINT "MarkPrice_pkey" PRIMARY KEY ("instrumentId","seq")
);

-- CreateTable
CREATE TABLE "TierSchedule" (
    "instrumentId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "effectiveAt" TIMESTAMPTZ(3) NOT NULL,
    "active" BOOLEAN NOT NULL,
    "denominator" DECIMAL NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "TierSchedule_pkey" PRIMARY KEY ("instrumentId","version")
);

-- CreateTable
CREATE TABLE "MarginTier" (
    "instrumentId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "floor" DECIMAL NOT NULL,
    "cap" DECIMAL,
    "initialRate" TEXT NOT NULL,
    "maintenanceRate" TEXT NOT NULL,
    "initialNumerator" DECIMAL NOT NULL,
    "maintenanceNumerator" DECIMAL NOT NULL,
    "initialDeduction" DECIMAL NOT NULL,
    "maintenanceDeduction" DECIMAL NOT NULL,
    "maximumLeverage" DECIMAL NOT NULL,

    CONSTRAINT "MarginTier_pkey" PRIMARY KEY ("instrumentId","version","ordinal")
);

-- CreateTable
CREATE TABLE "MarginPolicy" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "effectiveAt" TIMESTAMPTZ(3) NOT NULL,
    "active" BOOLEAN NOT NULL,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "MarginPolicy_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "LossPolicy" (
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "periodEnds" TIMESTAMPTZ(3),
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "LossPolicy_pkey" PRIMARY KEY ("currency","version")
);

-- CreateTable
CREATE TABLE "DisposalPolicy" (
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "DisposalPolicy_pkey" PRIMARY KEY ("currency","version")
);

-- CreateTable
CREATE TABLE "Member" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "memberId" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "policyId" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "instrumentId" TEXT,
    "leverage" TEXT,
    "status" TEXT NOT NULL,
    "warned" INTEGER NOT NULL,
    "waived" BOOLEAN NOT NULL,
    "liquidations" BIGINT[],
    "levied" DECIMAL NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "openedSeq" BIGINT NOT NULL,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Balance" (
    "accountId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,

    CONSTRAINT "Balance_pkey" PRIMARY KEY ("accountId","currency")
);

-- CreateTable
CREATE TABLE "Position" (
    "accountId" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "size" DECIMAL NOT NULL,
    "cost" DECIMAL NOT NULL,
    "bids" DECIMAL NOT NULL,
    "asks" DECIMAL NOT NULL,
    "gain" DECIMAL NOT NULL,

    CONSTRAINT "Position_pkey" PRIMARY KEY ("accountId","instrumentId")
);

-- CreateTable
CREATE TABLE "OpenOrder" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "size" DECIMAL NOT NULL,
    "price" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "OpenOrder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Trade" (
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "buyerId" TEXT NOT NULL,
    "sellerId" TEXT NOT NULL,
    "price" DECIMAL NOT NULL,
    "size" DECIMAL NOT NULL,
    "taker" TEXT,
    "liquidation" BOOLEAN NOT NULL,

    CONSTRAINT "Trade_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "LedgerAccount" (
    "name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "balance" DECIMAL NOT NULL,

    CONSTRAINT "LedgerAccount_pkey" PRIMARY KEY ("name","currency")
);

-- CreateTable
CREATE TABLE "LedgerTransfer" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,
    "reason" TEXT NOT NULL,
    "reverses" TEXT,

    CONSTRAINT "LedgerTransfer_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "SettlementRun" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "price" DECIMAL NOT NULL,
    "rate" DECIMAL,
    "inputs" TEXT NOT NULL,
    "outputs" TEXT NOT NULL,
    "previous" TEXT,
    "hash" TEXT NOT NULL,
    "rule" TEXT NOT NULL,

    CONSTRAINT "SettlementRun_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "SettlementLine" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,

    CONSTRAINT "SettlementLine_pkey" PRIMARY KEY ("seq","place","accountId")
);

-- CreateTable
CREATE TABLE "AccountTransition" (
    "accountId" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "equity" DECIMAL NOT NULL,
    "initial" DECIMAL NOT NULL,
    "maintenance" DECIMAL NOT NULL,

    CONSTRAINT "AccountTransition_pkey" PRIMARY KEY ("accountId","seq","place")
);

-- CreateTable
CREATE TABLE "MarginCall" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "memberId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "manual" BOOLEAN NOT NULL,
    "amount" DECIMAL NOT NULL,
    "paid" DECIMAL NOT NULL,
    "equity" DECIMAL NOT NULL,
    "initial" DECIMAL NOT NULL,
    "maintenance" DECIMAL NOT NULL,
    "shortfallToMaintenance" DECIMAL NOT NULL,
    "cureLevel" DECIMAL NOT NULL,
    "feePreview" DECIMAL NOT NULL,
    "penaltyPreview" DECIMAL NOT NULL,
    "eligible" JSONB NOT NULL,
    "prices" JSONB NOT NULL,
    "policyVersion" INTEGER NOT NULL,
    "reason" TEXT,
    "issuedAt" TIMESTAMPTZ(3) NOT NULL,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "finalNoticeAt" TIMESTAMPTZ(3),
    "acknowledgedAt" TIMESTAMPTZ(3),
    "acknowledgedBy" TEXT,
    "disputed" BOOLEAN NOT NULL,
    "clockStopped" BOOLEAN NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "endedBy" TEXT,
    "endedEquity" DECIMAL,

    CONSTRAINT "MarginCall_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MarginCallEvent" (
    "callId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "type" TEXT NOT NULL,
    "actor" TEXT,
    "details" JSONB NOT NULL,

    CONSTRAINT "MarginCallEvent_pkey" PRIMARY KEY ("callId","ordinal")
);

-- CreateTable
CREATE TABLE "Liquidation" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "callId" TEXT,
    "cause" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "steps" INTEGER NOT NULL,
    "equityAtStart" DECIMAL NOT NULL,
    "maintenanceAtStart" DECIMAL NOT NULL,
    "closed" DECIMAL NOT NULL,
    "fee" DECIMAL NOT NULL,
    "penalty" DECIMAL NOT NULL,
    "slippage" DECIMAL NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "equityAtEnd" DECIMAL,

    CONSTRAINT "Liquidation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LiquidationOrder" (
    "id" TEXT NOT NULL,
    "liquidationId" TEXT,
    "accountId" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "size" DECIMAL NOT NULL,
    "filled" DECIMAL NOT NULL,
    "limit" DECIMAL,
    "mark" DECIMAL NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "issuedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "LiquidationOrder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LiquidationFill" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "orderId" TEXT,
    "liquidationId" TEXT,
    "accountId" TEXT NOT NULL,
    "counterpartyId" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "size" DECIMAL NOT NULL,
    "price" DECIMAL,
    "value" DECIMAL NOT NULL,
    "mark" DECIMAL NOT NULL,
    "closed" DECIMAL NOT NULL,
    "fee" DECIMAL NOT NULL,
    "feeDue" DECIMAL NOT NULL,
    "penalty" DECIMAL NOT NULL,
    "penaltyDue" DECIMAL NOT NULL,
    "policyVersion" INTEGER NOT NULL,
    "slippageMark" DECIMAL NOT NULL,
    "slippageTrigger" DECIMAL NOT NULL,
    "slippageBankruptcy" DECIMAL NOT NULL,

    CONSTRAINT "LiquidationFill_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "CollateralConversion" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "accountId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,
    "proceeds" DECIMAL NOT NULL,
    "price" DECIMAL NOT NULL,

    CONSTRAINT "CollateralConversion_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "DefaultCase" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "loss" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "seq" BIGINT NOT NULL,
    "policyVersion" INTEGER NOT NULL,

    CONSTRAINT "DefaultCase_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DefaultLayer" (
    "caseId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "layer" TEXT NOT NULL,
    "available" DECIMAL NOT NULL,
    "used" DECIMAL NOT NULL,
    "left" DECIMAL NOT NULL,

    CONSTRAINT "DefaultLayer_pkey" PRIMARY KEY ("caseId","ordinal")
);

-- CreateTable
CREATE TABLE "SocializedLossShare" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "weight" DECIMAL NOT NULL,
    "cap" DECIMAL NOT NULL,
    "amount" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SocializedLossShare_pkey" PRIMARY KEY ("seq","place","accountId")
);

-- CreateTable
CREATE TABLE "InsuranceFund" (
    "currency" TEXT NOT NULL,
    "balance" DECIMAL NOT NULL,
    "target" DECIMAL NOT NULL,
    "contributed" DECIMAL NOT NULL,
    "fees" DECIMAL NOT NULL,
    "penalties" DECIMAL NOT NULL,
    "surplus" DECIMAL NOT NULL,
    "paid" DECIMAL NOT NULL,
    "withdrawn" DECIMAL NOT NULL,
    "reversed" DECIMAL NOT NULL,

    CONSTRAINT "InsuranceFund_pkey" PRIMARY KEY ("currency")
);

-- CreateTable
CREATE TABLE "InsuranceFundEntry" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "amount" DECIMAL NOT NULL,
    "balance" DECIMAL NOT NULL,
    "reason" TEXT NOT NULL,
    "counter" TEXT NOT NULL,

    CONSTRAINT "InsuranceFundEntry_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "Proposal" (
    "id" TEXT NOT NULL,
    "command" JSONB NOT NULL,
    "commandType" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "proposedBy" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "decidedBy" TEXT,
    "decision" TEXT,
    "proposedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "memberId" TEXT,
    "label" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "issuedAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "JournalBlock" (
    "firstSeq" BIGINT NOT NULL,
    "lastSeq" BIGINT NOT NULL,
    "lines" TEXT NOT NULL,
    "previous" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "JournalBlock_pkey" PRIMARY KEY ("firstSeq")
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "seq" BIGINT NOT NULL,
    "digest" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Snapshot_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "Account_memberId_id_idx" ON "Account"("memberId", "id");

-- CreateIndex
CREATE INDEX "Account_owner_idx" ON "Account"("owner");

-- CreateIndex
CREATE INDEX "Account_status_idx" ON "Account"("status");

-- CreateIndex
CREATE INDEX "Position_instrumentId_idx" ON "Position"("instrumentId");

-- CreateIndex
CREATE INDEX "OpenOrder_accountId_idx" ON "OpenOrder"("accountId");

-- CreateIndex
CREATE INDEX "Trade_id_idx" ON "Trade"("id");

-- CreateIndex
CREATE INDEX "Trade_buyerId_seq_idx" ON "Trade"("buyerId", "seq");

-- CreateIndex
CREATE INDEX "Trade_sellerId_seq_idx" ON "Trade"("sellerId", "seq");

-- CreateIndex
CREATE INDEX "Trade_instrumentId_seq_idx" ON "Trade"("instrumentId", "seq");

-- CreateIndex
CREATE INDEX "LedgerTransfer_from_seq_idx" ON "LedgerTransfer"("from", "seq");

-- CreateIndex
CREATE INDEX "LedgerTransfer_to_seq_idx" ON "LedgerTransfer"("to", "seq");

-- CreateIndex
CREATE INDEX "SettlementRun_instrumentId_seq_idx" ON "SettlementRun"("instrumentId", "seq");

-- CreateIndex
CREATE INDEX "MarginCall_accountId_issuedAt_idx" ON "MarginCall"("accountId", "issuedAt");

-- CreateIndex
CREATE INDEX "MarginCall_memberId_status_idx" ON "MarginCall"("memberId", "status");

-- CreateIndex
CREATE INDEX "MarginCall_status_deadline_idx" ON "MarginCall"("status", "deadline");

-- CreateIndex
CREATE INDEX "Liquidation_accountId_startedAt_idx" ON "Liquidation"("accountId", "startedAt");

-- CreateIndex
CREATE INDEX "Liquidation_status_idx" ON "Liquidation"("status");

-- CreateIndex
CREATE INDEX "LiquidationOrder_status_issuedAt_idx" ON "LiquidationOrder"("status", "issuedAt");

-- CreateIndex
CREATE INDEX "LiquidationOrder_accountId_idx" ON "LiquidationOrder"("accountId");

-- CreateIndex
CREATE INDEX "LiquidationFill_liquidationId_idx" ON "LiquidationFill"("liquidationId");

-- CreateIndex
CREATE INDEX "LiquidationFill_accountId_seq_idx" ON "LiquidationFill"("accountId", "seq");

-- CreateIndex
CREATE INDEX "CollateralConversion_accountId_idx" ON "CollateralConversion"("accountId");

-- CreateIndex
CREATE INDEX "DefaultCase_accountId_idx" ON "DefaultCase"("accountId");

-- CreateIndex
CREATE INDEX "DefaultCase_seq_idx" ON "DefaultCase"("seq");

-- CreateIndex
CREATE INDEX "SocializedLossShare_accountId_seq_idx" ON "SocializedLossShare"("accountId", "seq");

-- CreateIndex
CREATE INDEX "InsuranceFundEntry_currency_seq_idx" ON "InsuranceFundEntry"("currency", "seq");

-- CreateIndex
CREATE INDEX "Proposal_status_proposedAt_idx" ON "Proposal"("status", "proposedAt");

-- CreateIndex
CREATE INDEX "ApiKey_hash_idx" ON "ApiKey"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "JournalBlock_lastSeq_key" ON "JournalBlock"("lastSeq");

-- AddForeignKey
ALTER TABLE "IndexQuote" ADD CONSTRAINT "IndexQuote_indexId_fkey" FOREIGN KEY ("indexId") REFERENCES "PriceIndex"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TierSchedule" ADD CONSTRAINT "TierSchedule_instrumentId_fkey" FOREIGN KEY ("instrumentId") REFERENCES "Instrument"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MarginTier" ADD CONSTRAINT "MarginTier_instrumentId_version_fkey" FOREIGN KEY ("instrumentId", "version") REFERENCES "TierSchedule"("instrumentId", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Account" ADD CONSTRAINT "Account_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "Member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Balance" ADD CONSTRAINT "Balance_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Position" ADD CONSTRAINT "Position_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OpenOrder" ADD CONSTRAINT "OpenOrder_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SettlementLine" ADD CONSTRAINT "SettlementLine_seq_place_fkey" FOREIGN KEY ("seq", "place") REFERENCES "SettlementRun"("seq", "place") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AccountTransition" ADD CONSTRAINT "AccountTransition_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MarginCall" ADD CONSTRAINT "MarginCall_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MarginCallEvent" ADD CONSTRAINT "MarginCallEvent_callId_fkey" FOREIGN KEY ("callId") REFERENCES "MarginCall"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Liquidation" ADD CONSTRAINT "Liquidation_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LiquidationOrder" ADD CONSTRAINT "LiquidationOrder_liquidationId_fkey" FOREIGN KEY ("liquidationId") REFERENCES "Liquidation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LiquidationFill" ADD CONSTRAINT "LiquidationFill_liquidationId_fkey" FOREIGN KEY ("liquidationId") REFERENCES "Liquidation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DefaultLayer" ADD CONSTRAINT "DefaultLayer_caseId_fkey" FOREIGN KEY ("caseId") REFERENCES "DefaultCase"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "InsuranceFundEntry" ADD CONSTRAINT "InsuranceFundEntry_currency_fkey" FOREIGN KEY ("currency") REFERENCES "InsuranceFund"("currency") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold of a row, whoever writes it. A CHECK is true or unknown: where a column may be empty the rule says so.

ALTER TABLE "Checkpoint"
    ADD CONSTRAINT "Checkpoint_one_row" CHECK ("id" = 1),
    ADD CONSTRAINT "Checkpoint_seq" CHECK ("seq" >= 0);

ALTER TABLE "Currency"
    ADD CONSTRAINT "Currency_scale" CHECK ("scale" BETWEEN 0 AND 12);

ALTER TABLE "CollateralTerms"
    ADD CONSTRAINT "CollateralTerms_version" CHECK ("version" >= 1),
    ADD CONSTRAINT "CollateralTerms_haircut" CHECK ("haircut" BETWEEN 0 AND 1),
    ADD CONSTRAINT "CollateralTerms_discount_within_haircut" CHECK ("conversionDiscount" BETWEEN 0 AND "haircut");

ALTER TABLE "PriceIndex"
    ADD CONSTRAINT "PriceIndex_pair" CHECK ("base" <> "quote" AND "id" = "base" || '/' || "quote"),
    ADD CONSTRAINT "PriceIndex_tick" CHECK ("tick" > 0),
    ADD CONSTRAINT "PriceIndex_terms" CHECK ("minimumSources" >= 1 AND "maximumDeviation" BETWEEN 0 AND 1 AND "heartbeatMs" > 0),
    ADD CONSTRAINT "PriceIndex_live_has_price" CHECK ("stale" OR "price" IS NOT NULL),
    ADD CONSTRAINT "PriceIndex_price_has_entry" CHECK ("price" IS NULL OR ("at" IS NOT NULL AND "seq" IS NOT NULL));

ALTER TABLE "IndexQuote"
    ADD CONSTRAINT "IndexQuote_heard" CHECK (("price" IS NULL) = ("at" IS NULL));

ALTER TABLE "Instrument"
    ADD CONSTRAINT "Instrument_kind" CHECK ("kind" IN ('PERPETUAL', 'FUTURE')),
    ADD CONSTRAINT "Instrument_status" CHECK ("status" IN ('ACTIVE', 'REDUCE_ONLY', 'HALTED', 'EXPIRED')),
    ADD CONSTRAINT "Instrument_mark_method" CHECK ("markMethod" IN ('INDEX', 'VENUE')),
    ADD CONSTRAINT "Instrument_linear" CHECK ("quote" = "settlement"),
    ADD CONSTRAINT "Instrument_steps" CHECK ("tick" > 0 AND "lot" > 0 AND "multiplier" > 0),
    ADD CONSTRAINT "Instrument_tick_value" CHECK ("tickValue" = "tick" * "lot" * "multiplier"),
    ADD CONSTRAINT "Instrument_dated" CHECK (("kind" = 'FUTURE') = ("expiry" IS NOT NULL)),
    ADD CONSTRAINT "Instrument_fees" CHECK ("takerFee" BETWEEN 0 AND 1 AND "makerFee" BETWEEN -"takerFee" AND 1),
    ADD CONSTRAINT "Instrument_mark_whole" CHECK (
        num_nulls("mark", "markAt", "markSeq", "markSource") IN (0, 4)),
    ADD CONSTRAINT "Instrument_depth" CHECK (num_nulls("depthBids", "depthAsks") IN (0, 2) AND "depthBids" >= 0 AND "depthAsks" >= 0);

ALTER TABLE "TierSchedule"
    ADD CONSTRAINT "TierSchedule_version" CHECK ("version" >= 1),
    ADD CONSTRAINT "TierSchedule_denominator" CHECK ("denominator" > 0);

ALTER TABLE "MarginTier"
    ADD CONSTRAINT "MarginTier_ordinal" CHECK ("ordinal" >= 1),
    ADD CONSTRAINT "MarginTier_bracket" CHECK ("floor" >= 0 AND ("cap" IS NULL OR "cap" > "floor")),
    ADD CONSTRAINT "MarginTier_initial_not_below_maintenance" CHECK ("maintenanceNumerator" > 0 AND "initialNumerator" >= "maintenanceNumerator"),
    ADD CONSTRAINT "MarginTier_deductions" CHECK ("initialDeduction" >= 0 AND "maintenanceDeduction" >= 0),
    ADD CONSTRAINT "MarginTier_leverage" CHECK ("maximumLeverage" >= 1);

ALTER TABLE "MarginPolicy"
    ADD CONSTRAINT "MarginPolicy_version" CHECK ("version" >= 1);

ALTER TABLE "LossPolicy"
    ADD CONSTRAINT "LossPolicy_version" CHECK ("version" >= 1);

ALTER TABLE "DisposalPolicy"
    ADD CONSTRAINT "DisposalPolicy_version" CHECK ("version" >= 1);

ALTER TABLE "Account"
    ADD CONSTRAINT "Account_kind" CHECK ("kind" IN ('CLIENT', 'HOUSE', 'CLOSE_OUT')),
    ADD CONSTRAINT "Account_mode" CHECK ("mode" IN ('CROSS', 'ISOLATED')),
    ADD CONSTRAINT "Account_isolated_to_one" CHECK (("mode" = 'ISOLATED') = ("instrumentId" IS NOT NULL)),
    -- RESTORED and BANKRUPT are passed through within one entry and never rest in a row.
    ADD CONSTRAINT "Account_status" CHECK ("status" IN ('HEALTHY', 'WARNING', 'CALL', 'LIQUIDATING', 'CLOSED')),
    ADD CONSTRAINT "Account_counts" CHECK ("warned" >= 0 AND "levied" >= 0);

ALTER TABLE "Balance"
    ADD CONSTRAINT "Balance_not_zero" CHECK ("amount" <> 0);

ALTER TABLE "Position"
    ADD CONSTRAINT "Position_not_empty" CHECK ("size" <> 0 OR "cost" <> 0 OR "bids" <> 0 OR "asks" <> 0 OR "gain" <> 0),
    ADD CONSTRAINT "Position_open_orders" CHECK ("bids" >= 0 AND "asks" >= 0);

ALTER TABLE "OpenOrder"
    ADD CONSTRAINT "OpenOrder_side" CHECK ("side" IN ('BUY', 'SELL')),
    ADD CONSTRAINT "OpenOrder_size" CHECK ("size" > 0);

ALTER TABLE "Trade"
    ADD CONSTRAINT "Trade_size" CHECK ("size" > 0),
    ADD CONSTRAINT "Trade_two_accounts" CHECK ("buyerId" <> "sellerId"),
    ADD CONSTRAINT "Trade_taker" CHECK ("taker" IN ('BUY', 'SELL'));

ALTER TABLE "LedgerTransfer"
    ADD CONSTRAINT "LedgerTransfer_place" CHECK ("place" >= 0),
    ADD CONSTRAINT "LedgerTransfer_amount" CHECK ("amount" > 0),
    ADD CONSTRAINT "LedgerTransfer_two_accounts" CHECK ("from" <> "to"),
    ADD CONSTRAINT "LedgerTransfer_reversal" CHECK (("reason" = 'REVERSAL') = ("reverses" IS NOT NULL));

ALTER TABLE "SettlementRun"
    ADD CONSTRAINT "SettlementRun_kind" CHECK ("kind" IN ('VARIATION', 'FUNDING', 'EXPIRY')),
    ADD CONSTRAINT "SettlementRun_rate" CHECK (("kind" = 'FUNDING') = ("rate" IS NOT NULL));

ALTER TABLE "AccountTransition"
    ADD CONSTRAINT "AccountTransition_moves" CHECK ("from" <> "to");

ALTER TABLE "MarginCall"
    ADD CONSTRAINT "MarginCall_status" CHECK ("status" IN ('OPEN', 'CURED', 'EXPIRED', 'SUPERSEDED', 'WAIVED')),
    ADD CONSTRAINT "MarginCall_ended" CHECK (("status" = 'OPEN') = ("endedAt" IS NULL)),
    ADD CONSTRAINT "MarginCall_revision" CHECK ("revision" >= 1),
    ADD CONSTRAINT "MarginCall_amounts" CHECK (
        "amount" >= 0 AND "paid" >= 0 AND "shortfallToMaintenance" >= 0 AND "feePreview" >= 0 AND "penaltyPreview" >= 0),
    ADD CONSTRAINT "MarginCall_window" CHECK ("deadline" >= "issuedAt"),
    ADD CONSTRAINT "MarginCall_acknowledged" CHECK (num_nulls("acknowledgedAt", "acknowledgedBy") IN (0, 2));

ALTER TABLE "MarginCallEvent"
    ADD CONSTRAINT "MarginCallEvent_ordinal" CHECK ("ordinal" >= 1);

ALTER TABLE "Liquidation"
    ADD CONSTRAINT "Liquidation_cause" CHECK ("cause" IN ('DEADLINE_PASSED', 'CLOSE_OUT_LEVEL', 'BANKRUPT_AT_MARK')),
    ADD CONSTRAINT "Liquidation_status" CHECK ("status" IN ('RUNNING', 'PAUSED', 'RESTORED', 'BANKRUPT')),
    ADD CONSTRAINT "Liquidation_ended" CHECK (
        ("status" IN ('RUNNING', 'PAUSED')) = ("endedAt" IS NULL) AND num_nulls("endedAt", "equityAtEnd") IN (0, 2)),
    ADD CONSTRAINT "Liquidation_sums" CHECK ("steps" >= 0 AND "closed" >= 0 AND "fee" >= 0 AND "penalty" >= 0);

ALTER TABLE "LiquidationOrder"
    ADD CONSTRAINT "LiquidationOrder_status" CHECK ("status" IN ('OPEN', 'FILLED', 'EXPIRED', 'CANCELLED')),
    ADD CONSTRAINT "LiquidationOrder_ended" CHECK (("status" = 'OPEN') = ("endedAt" IS NULL)),
    ADD CONSTRAINT "LiquidationOrder_disposal" CHECK (("reason" = 'DISPOSAL') = ("liquidationId" IS NULL)),
    ADD CONSTRAINT "LiquidationOrder_filled_within_size" CHECK (
        "size" <> 0 AND "filled" BETWEEN least("size", 0) AND greatest("size", 0) AND ("status" <> 'FILLED' OR "filled" = "size"));

ALTER TABLE "LiquidationFill"
    ADD CONSTRAINT "LiquidationFill_kind" CHECK (
        ("kind" = 'FILL' AND num_nulls("orderId", "price") = 0) OR ("kind" = 'TAKE_OVER' AND num_nulls("orderId", "price") = 2)),
    ADD CONSTRAINT "LiquidationFill_size" CHECK ("size" <> 0),
    ADD CONSTRAINT "LiquidationFill_two_accounts" CHECK ("accountId" <> "counterpartyId"),
    ADD CONSTRAINT "LiquidationFill_charged_within_due" CHECK (
        "closed" >= 0 AND "fee" BETWEEN 0 AND "feeDue" AND "penalty" BETWEEN 0 AND "penaltyDue");

ALTER TABLE "CollateralConversion"
    ADD CONSTRAINT "CollateralConversion_amounts" CHECK ("amount" > 0 AND "proceeds" > 0);

ALTER TABLE "DefaultCase"
    ADD CONSTRAINT "DefaultCase_loss" CHECK ("loss" > 0);

ALTER TABLE "DefaultLayer"
    ADD CONSTRAINT "DefaultLayer_ordinal" CHECK ("ordinal" >= 1),
    ADD CONSTRAINT "DefaultLayer_available_used_left" CHECK ("used" >= 0 AND "left" >= 0 AND "available" = "used" + "left");

ALTER TABLE "SocializedLossShare"
    ADD CONSTRAINT "SocializedLossShare_base" CHECK ("base" IN ('GAINS', 'OPEN_INTEREST', 'EQUITY')),
    ADD CONSTRAINT "SocializedLossShare_within_cap" CHECK ("weight" > 0 AND "amount" > 0 AND "amount" <= "cap");

ALTER TABLE "InsuranceFund"
    ADD CONSTRAINT "InsuranceFund_not_below_zero" CHECK ("balance" >= 0),
    ADD CONSTRAINT "InsuranceFund_sums" CHECK (
        "balance" = "contributed" + "fees" + "penalties" + "surplus" + "reversed" - "paid" - "withdrawn"),
    ADD CONSTRAINT "InsuranceFund_parts" CHECK (
        "target" >= 0 AND "contributed" >= 0 AND "fees" >= 0 AND "penalties" >= 0 AND "surplus" >= 0 AND "paid" >= 0 AND "withdrawn" >= 0);

ALTER TABLE "InsuranceFundEntry"
    ADD CONSTRAINT "InsuranceFundEntry_amount" CHECK ("amount" <> 0),
    ADD CONSTRAINT "InsuranceFundEntry_not_below_zero" CHECK ("balance" >= 0);

ALTER TABLE "Proposal"
    ADD CONSTRAINT "Proposal_status" CHECK ("status" IN ('OPEN', 'APPROVED', 'REJECTED', 'EXPIRED')),
    ADD CONSTRAINT "Proposal_decided" CHECK (("status" = 'OPEN') = ("decidedAt" IS NULL)),
    ADD CONSTRAINT "Proposal_second_person" CHECK ("status" <> 'APPROVED' OR "decidedBy" <> "proposedBy");

ALTER TABLE "JournalBlock"
    ADD CONSTRAINT "JournalBlock_order" CHECK ("firstSeq" >= 1 AND "lastSeq" >= "firstSeq");

ALTER TABLE "Snapshot"
    ADD CONSTRAINT "Snapshot_seq" CHECK ("seq" >= 0);
