-- What is worth less than the smallest unit of the account's currency is taken over for nothing, before others bear what the account owes.
ALTER TABLE "CollateralConversion" DROP CONSTRAINT "CollateralConversion_amounts";
ALTER TABLE "CollateralConversion"
    ADD CONSTRAINT "CollateralConversion_amounts" CHECK ("amount" > 0 AND "proceeds" >= 0);
