-- AlterTable
ALTER TABLE "LossClaim" ADD COLUMN     "actedSince" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "SocializedLossShare" ADD COLUMN     "actedSince" TIMESTAMPTZ(3);
