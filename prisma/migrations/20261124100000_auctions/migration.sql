-- CreateTable
CREATE TABLE "AuctionPolicy" (
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "breaker" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "AuctionPolicy_pkey" PRIMARY KEY ("currency","version")
);

-- CreateTable
CREATE TABLE "Auction" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "liquidationId" TEXT,
    "form" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "lotCurrency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "quantity" DECIMAL NOT NULL,
    "debt" DECIMAL NOT NULL,
    "target" DECIMAL NOT NULL,
    "proceeds" DECIMAL NOT NULL,
    "sold" DECIMAL NOT NULL,
    "fairValue" DECIMAL NOT NULL,
    "top" DECIMAL NOT NULL,
    "reserve" DECIMAL NOT NULL,
    "round" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "policyVersion" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "pausedFor" BIGINT,
    "openedSeq" BIGINT NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "unsold" TEXT,
    "winnerId" TEXT,
    "recovery" DECIMAL,
    "juniors" JSONB NOT NULL,
    "live" JSONB,

    CONSTRAINT "Auction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuctionTake" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "auctionId" TEXT NOT NULL,
    "bidderId" TEXT NOT NULL,
    "quantity" DECIMAL NOT NULL,
    "paid" DECIMAL NOT NULL,
    "price" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AuctionTake_pkey" PRIMARY KEY ("seq","place")
);

-- CreateTable
CREATE TABLE "AuctionBid" (
    "id" TEXT NOT NULL,
    "auctionId" TEXT NOT NULL,
    "bidderId" TEXT NOT NULL,
    "amount" DECIMAL NOT NULL,
    "quantity" DECIMAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,

    CONSTRAINT "AuctionBid_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Auction_accountId_idx" ON "Auction"("accountId");

-- CreateIndex
CREATE INDEX "Auction_status_deadline_idx" ON "Auction"("status", "deadline");

-- CreateIndex
CREATE INDEX "AuctionTake_auctionId_idx" ON "AuctionTake"("auctionId");

-- CreateIndex
CREATE INDEX "AuctionTake_bidderId_seq_idx" ON "AuctionTake"("bidderId", "seq");

-- CreateIndex
CREATE INDEX "AuctionBid_auctionId_idx" ON "AuctionBid"("auctionId");

-- CreateIndex
CREATE INDEX "AuctionBid_bidderId_idx" ON "AuctionBid"("bidderId");
