-- AlterTable
ALTER TABLE "TierSchedule" ADD COLUMN     "initialPerContract" DECIMAL NOT NULL DEFAULT 0,
ADD COLUMN     "maintenancePerContract" DECIMAL NOT NULL DEFAULT 0;

-- Initial margin is never below maintenance margin.
ALTER TABLE "TierSchedule" ADD CONSTRAINT "TierSchedule_per_contract" CHECK ("maintenancePerContract" >= 0 AND "initialPerContract" >= "maintenancePerContract");
