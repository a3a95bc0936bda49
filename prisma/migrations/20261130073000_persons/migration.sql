-- AlterTable
ALTER TABLE "ApiKey" ADD COLUMN     "issuers" TEXT[],
ADD COLUMN     "person" TEXT;

-- AlterTable
ALTER TABLE "Proposal" ADD COLUMN     "decidedByPerson" TEXT,
ADD COLUMN     "proposedByPerson" TEXT;

-- Until now a key was a person.
UPDATE "ApiKey" SET "person" = "id", "issuers" = ARRAY[]::TEXT[];
UPDATE "Proposal" SET "proposedByPerson" = "proposedBy", "decidedByPerson" = "decidedBy";

ALTER TABLE "ApiKey" ALTER COLUMN "person" SET NOT NULL;
ALTER TABLE "Proposal" ALTER COLUMN "proposedByPerson" SET NOT NULL;
