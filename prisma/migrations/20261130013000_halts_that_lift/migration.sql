-- AlterTable
ALTER TABLE "Instrument" ADD COLUMN     "haltedFrom" TEXT,
ADD COLUMN     "haltedUntil" TIMESTAMPTZ(3);
