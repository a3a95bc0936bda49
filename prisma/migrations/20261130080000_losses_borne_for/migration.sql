-- What others bore for an account counts against what was levied on it.
ALTER TABLE "Account" DROP CONSTRAINT "Account_counts",
ADD CONSTRAINT "Account_counts" CHECK ("warned" >= 0);
