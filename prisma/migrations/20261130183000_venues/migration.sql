-- Venues that number their trades, and the numbers.
CREATE TABLE "Venue" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "highest" DECIMAL NOT NULL,

    CONSTRAINT "Venue_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "Trade"
    ADD COLUMN     "venueId" TEXT,
    ADD COLUMN     "number" DECIMAL;

ALTER TABLE "Venue"
    ADD CONSTRAINT "Venue_highest" CHECK ("highest" >= 0);

ALTER TABLE "Trade"
    ADD CONSTRAINT "Trade_numbered" CHECK (("venueId" IS NULL) = ("number" IS NULL) AND "number" >= 1);
