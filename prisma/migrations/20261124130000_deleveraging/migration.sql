-- CreateTable
CREATE TABLE "DeleveragingPolicy" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "instrumentId" TEXT,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "DeleveragingPolicy_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "MarketLimits" (
    "instrumentId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "float" DECIMAL NOT NULL,
    "openInterestShare" DECIMAL,
    "positionShare" DECIMAL,
    "openInterest" DECIMAL NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "MarketLimits_pkey" PRIMARY KEY ("instrumentId","version")
);

-- CreateTable
CREATE TABLE "InventoryDraw" (
    "accountId" TEXT NOT NULL,
    "drawn" DECIMAL NOT NULL,
    "reached" BOOLEAN NOT NULL,

    CONSTRAINT "InventoryDraw_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "Deleveraging" (
    "id" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "liquidationId" TEXT,
    "method" TEXT NOT NULL,
    "score" TEXT NOT NULL,
    "bound" TEXT NOT NULL,
    "policyVersion" INTEGER NOT NULL,
    "size" DECIMAL NOT NULL,
    "budget" DECIMAL NOT NULL,
    "available" DECIMAL NOT NULL,
    "used" DECIMAL NOT NULL,
    "overshoot" DECIMAL NOT NULL,
    "holders" INTEGER NOT NULL,
    "affected" INTEGER NOT NULL,
    "profit" DECIMAL NOT NULL,
    "concentration" TEXT NOT NULL,
    "fee" DECIMAL,
    "penalty" DECIMAL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "Deleveraging_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DeleveragedPosition" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "deleveragingId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "holders" INTEGER NOT NULL,
    "score" TEXT NOT NULL,
    "size" DECIMAL NOT NULL,
    "value" DECIMAL NOT NULL,
    "mark" DECIMAL NOT NULL,
    "profit" DECIMAL NOT NULL,
    "forgone" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "DeleveragedPosition_pkey" PRIMARY KEY ("seq","place")
);

-- CreateIndex
CREATE INDEX "Deleveraging_instrumentId_seq_idx" ON "Deleveraging"("instrumentId", "seq");

-- CreateIndex
CREATE INDEX "Deleveraging_accountId_seq_idx" ON "Deleveraging"("accountId", "seq");

-- CreateIndex
CREATE INDEX "DeleveragedPosition_deleveragingId_idx" ON "DeleveragedPosition"("deleveragingId");

-- CreateIndex
CREATE INDEX "DeleveragedPosition_accountId_seq_idx" ON "DeleveragedPosition"("accountId", "seq");

-- AddForeignKey
ALTER TABLE "DeleveragedPosition" ADD CONSTRAINT "DeleveragedPosition_deleveragingId_fkey" FOREIGN KEY ("deleveragingId") REFERENCES "Deleveraging"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold of a row, whoever writes it.
ALTER TABLE "DeleveragingPolicy"
    ADD CONSTRAINT "DeleveragingPolicy_version" CHECK ("version" >= 1);

ALTER TABLE "MarketLimits"
    ADD CONSTRAINT "MarketLimits_terms" CHECK ("version" >= 1 AND "float" > 0 AND "openInterest" >= 0);

ALTER TABLE "InventoryDraw"
    ADD CONSTRAINT "InventoryDraw_not_below_zero" CHECK ("drawn" >= 0);

ALTER TABLE "Deleveraging"
    ADD CONSTRAINT "Deleveraging_within_budget" CHECK ("used" >= 0 AND "used" <= "budget" AND "used" <= "available" AND "overshoot" = 0);

ALTER TABLE "DeleveragedPosition"
    ADD CONSTRAINT "DeleveragedPosition_ranked" CHECK ("rank" BETWEEN 1 AND "holders"),
    ADD CONSTRAINT "DeleveragedPosition_gives_up" CHECK ("forgone" >= 0 AND ("size" <> 0 OR "forgone" > 0));
