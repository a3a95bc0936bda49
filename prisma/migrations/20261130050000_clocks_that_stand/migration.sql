-- AlterTable
ALTER TABLE "MarginCall" ADD COLUMN     "pausedAt" TIMESTAMPTZ(3);
