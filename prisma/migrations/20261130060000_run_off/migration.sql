-- AlterTable
ALTER TABLE "CollateralTerms" ADD COLUMN     "ranOff" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "runOffDate" TIMESTAMPTZ(3);

-- What may be deposited does not run off.
ALTER TABLE "CollateralTerms" ADD CONSTRAINT "CollateralTerms_run_off" CHECK (("runOffDate" IS NULL OR NOT "eligible") AND (NOT "ranOff" OR "runOffDate" IS NOT NULL));
