-- Deleveraging on a rung closes lots against many at once, at the mark: a reduction with no one account on the other side.
ALTER TABLE "LiquidationFill" ALTER COLUMN "counterpartyId" DROP NOT NULL;

ALTER TABLE "LiquidationFill" DROP CONSTRAINT "LiquidationFill_kind";
ALTER TABLE "LiquidationFill"
    ADD CONSTRAINT "LiquidationFill_kind" CHECK (
        ("kind" = 'FILL' AND "orderId" IS NOT NULL AND "price" IS NOT NULL)
        OR ("kind" IN ('TAKE_OVER', 'BACKSTOP', 'PORTFOLIO', 'DELEVERAGING') AND "orderId" IS NULL AND "price" IS NULL)
    ),
    ADD CONSTRAINT "LiquidationFill_counterparty" CHECK (("kind" = 'DELEVERAGING') = ("counterpartyId" IS NULL));
