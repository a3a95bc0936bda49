-- AlterTable
ALTER TABLE "TierSchedule" ADD COLUMN     "variants" JSONB;

-- A schedule may state rates above the whole notional.
ALTER TABLE "MarginTier"
    DROP CONSTRAINT "MarginTier_leverage",
    ADD CONSTRAINT "MarginTier_leverage" CHECK ("maximumLeverage" > 0);
