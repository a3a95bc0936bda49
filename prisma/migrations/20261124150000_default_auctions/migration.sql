-- CreateTable
CREATE TABLE "DefaultAuction" (
    "id" TEXT NOT NULL,
    "defaultId" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "invited" TEXT[],
    "minimumBidders" INTEGER NOT NULL,
    "reserve" DECIMAL NOT NULL,
    "lots" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "awards" JSONB NOT NULL,
    "juniors" TEXT[],
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "DefaultAuction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "DefaultAuction_defaultId_idx" ON "DefaultAuction"("defaultId");

-- What must hold of a row, whoever writes it.
ALTER TABLE "DefaultAuction"
    ADD CONSTRAINT "DefaultAuction_status" CHECK ("status" IN ('OPEN', 'SOLD', 'FAILED')),
    ADD CONSTRAINT "DefaultAuction_ended" CHECK (("status" = 'OPEN') = ("endedAt" IS NULL)),
    ADD CONSTRAINT "DefaultAuction_terms" CHECK ("round" >= 1 AND "minimumBidders" >= 1 AND "reserve" >= 0);
