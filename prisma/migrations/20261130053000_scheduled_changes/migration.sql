-- Changes of terms that come into force later, with what became of each, and the notice that a kind of change needs.
CREATE TABLE "ScheduledChange" (
    "id" TEXT NOT NULL,
    "command" JSONB NOT NULL,
    "commandType" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "effectiveAt" TIMESTAMPTZ(3) NOT NULL,
    "scheduledAt" TIMESTAMPTZ(3) NOT NULL,
    "scheduledBy" TEXT NOT NULL,
    "approvedBy" TEXT,
    "endedAt" TIMESTAMPTZ(3),
    "cancelledBy" TEXT,
    "cancelReason" TEXT,
    "refusal" JSONB,

    CONSTRAINT "ScheduledChange_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "ScheduledChange_effectiveAt_id_idx" ON "ScheduledChange"("effectiveAt", "id");
CREATE INDEX "ScheduledChange_status_effectiveAt_id_idx" ON "ScheduledChange"("status", "effectiveAt", "id");

ALTER TABLE "ScheduledChange"
    ADD CONSTRAINT "ScheduledChange_status" CHECK (
        ("status" = 'SCHEDULED') = ("endedAt" IS NULL)
        AND ("status" = 'CANCELLED') = ("cancelledBy" IS NOT NULL)
        AND ("status" = 'REFUSED') = ("refusal" IS NOT NULL));

CREATE TABLE "ChangeNotice" (
    "change" TEXT NOT NULL,
    "noticeMs" BIGINT NOT NULL,
    "setSeq" BIGINT NOT NULL,

    CONSTRAINT "ChangeNotice_pkey" PRIMARY KEY ("change")
);

ALTER TABLE "ChangeNotice" ADD CONSTRAINT "ChangeNotice_notice" CHECK ("noticeMs" >= 0);
