-- AlterTable
ALTER TABLE "Proposal" ADD COLUMN     "count" JSONB;

ALTER TABLE "Proposal" DROP CONSTRAINT "Proposal_status";
ALTER TABLE "Proposal"
    ADD CONSTRAINT "Proposal_status" CHECK ("status" IN ('OPEN', 'APPROVED', 'REJECTED', 'EXPIRED', 'CARRIED_OUT', 'REFUSED')),
    ADD CONSTRAINT "Proposal_carried_out" CHECK ("status" <> 'CARRIED_OUT' OR ("count" IS NOT NULL AND "decidedBy" IS NULL));
