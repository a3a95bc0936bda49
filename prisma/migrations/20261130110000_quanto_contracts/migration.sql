-- A quanto contract is settled in a currency that it is not quoted in, at the rate that its multiplier states.
ALTER TABLE "Instrument" DROP CONSTRAINT "Instrument_contract";
ALTER TABLE "Instrument"
    ADD CONSTRAINT "Instrument_contract" CHECK (
        ("contract" = 'LINEAR' AND "quote" = "settlement" AND "tickValue" = "tick" * "lot" * "multiplier")
        OR ("contract" = 'QUANTO' AND "quote" <> "settlement" AND "tickValue" = "tick" * "lot" * "multiplier")
        OR ("contract" = 'INVERSE' AND "base" = "settlement" AND "tickValue" * "tick" = "lot" * "multiplier"));
