-- AlterTable
ALTER TABLE "MarginCall" ADD COLUMN     "termsBefore" BIGINT;

-- CreateTable
CREATE TABLE "FormerTerms" (
    "part" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "entry" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "terms" JSONB NOT NULL,

    CONSTRAINT "FormerTerms_pkey" PRIMARY KEY ("part","id","entry")
);

ALTER TABLE "FormerTerms" ADD CONSTRAINT "FormerTerms_part" CHECK ("part" IN ('listings', 'policies', 'collateral'));
