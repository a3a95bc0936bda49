-- When the price of an index is doubted, and what is seen of it then.
ALTER TABLE "IndexQuote"
    ADD COLUMN     "confidence" DECIMAL,
    ADD CONSTRAINT "IndexQuote_confidence" CHECK ("confidence" IS NULL OR ("confidence" >= 0 AND "price" IS NOT NULL));

ALTER TABLE "PriceIndex"
    ADD COLUMN     "confidence" DECIMAL,
    ADD COLUMN     "guard" TEXT,
    ADD CONSTRAINT "PriceIndex_confidence" CHECK ("confidence" IS NULL OR ("confidence" >= 0 AND "price" IS NOT NULL));

CREATE TABLE "PriceGuards" (
    "indexId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "PriceGuards_pkey" PRIMARY KEY ("indexId","version")
);

ALTER TABLE "PriceGuards"
    ADD CONSTRAINT "PriceGuards_version" CHECK ("version" >= 1);
