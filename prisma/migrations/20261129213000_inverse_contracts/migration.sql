-- How the gain of a contract follows from its price. An inverse contract is settled in the currency it is about.
ALTER TABLE "Instrument" ADD COLUMN "contract" TEXT NOT NULL DEFAULT 'LINEAR';
ALTER TABLE "Instrument" DROP CONSTRAINT "Instrument_linear";
ALTER TABLE "Instrument" DROP CONSTRAINT "Instrument_tick_value";
ALTER TABLE "Instrument"
    ADD CONSTRAINT "Instrument_contract" CHECK (
        ("contract" = 'LINEAR' AND "quote" = "settlement" AND "tickValue" = "tick" * "lot" * "multiplier")
        OR ("contract" = 'INVERSE' AND "base" = "settlement" AND "tickValue" * "tick" = "lot" * "multiplier"));
