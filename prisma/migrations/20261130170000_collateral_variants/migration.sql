-- What terms of collateral say besides one haircut.
ALTER TABLE "CollateralTerms" ADD COLUMN     "variants" JSONB;

-- What all accounts hold of a currency is held against the house's limit.
CREATE INDEX "Balance_currency_idx" ON "Balance"("currency");
