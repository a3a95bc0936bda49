-- How initial margin for new risk rises with open interest, with the review by which rates stand.
CREATE TABLE "OpenInterestScaling" (
    "instrumentId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "lowerCap" DECIMAL,
    "upperCap" DECIMAL,
    "intervalMs" INTEGER,
    "openInterest" DECIMAL,
    "openNotional" DECIMAL,
    "reviewPrice" DECIMAL,
    "reviewedAt" TIMESTAMPTZ(3),
    "reviewDue" TIMESTAMPTZ(3),
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "OpenInterestScaling_pkey" PRIMARY KEY ("instrumentId","version")
);

ALTER TABLE "OpenInterestScaling"
    ADD CONSTRAINT "OpenInterestScaling_terms" CHECK ("version" >= 1 AND (
        ("lowerCap" IS NULL AND "upperCap" IS NULL AND "intervalMs" IS NULL)
        OR ("lowerCap" >= 0 AND "upperCap" > "lowerCap" AND "intervalMs" > 0))),
    ADD CONSTRAINT "OpenInterestScaling_review" CHECK (
        ("openInterest" IS NULL AND "openNotional" IS NULL AND "reviewPrice" IS NULL AND "reviewedAt" IS NULL)
        OR ("openInterest" >= 0 AND "openNotional" >= 0 AND "reviewPrice" IS NOT NULL AND "reviewedAt" IS NOT NULL));
