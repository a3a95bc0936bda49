-- A default is a member's; what a bankrupt account leaves is a loss case.
ALTER TABLE "DefaultCase" RENAME TO "LossCase";
ALTER TABLE "LossCase" RENAME CONSTRAINT "DefaultCase_pkey" TO "LossCase_pkey";
ALTER TABLE "LossCase" RENAME CONSTRAINT "DefaultCase_loss" TO "LossCase_loss";
ALTER INDEX "DefaultCase_seq_id_idx" RENAME TO "LossCase_seq_id_idx";
ALTER INDEX "DefaultCase_accountId_seq_idx" RENAME TO "LossCase_accountId_seq_idx";
ALTER INDEX "DefaultCase_currency_seq_idx" RENAME TO "LossCase_currency_seq_idx";

ALTER TABLE "DefaultLayer" RENAME TO "LossCaseLayer";
ALTER TABLE "LossCaseLayer" RENAME CONSTRAINT "DefaultLayer_pkey" TO "LossCaseLayer_pkey";
ALTER TABLE "LossCaseLayer" RENAME CONSTRAINT "DefaultLayer_ordinal" TO "LossCaseLayer_ordinal";
ALTER TABLE "LossCaseLayer" RENAME CONSTRAINT "DefaultLayer_available_used_left" TO "LossCaseLayer_available_used_left";
ALTER TABLE "LossCaseLayer" RENAME CONSTRAINT "DefaultLayer_caseId_fkey" TO "LossCaseLayer_caseId_fkey";
