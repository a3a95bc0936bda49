-- When the venue executed a trade, where it said so.
ALTER TABLE "Trade" ADD COLUMN "executedAt" TIMESTAMPTZ(3);

-- What open orders made of the requirement that a margin call was issued at.
ALTER TABLE "MarginCall" ADD COLUMN "ordersInitial" DECIMAL;
ALTER TABLE "MarginCall" ADD COLUMN "ordersMaintenance" DECIMAL;
