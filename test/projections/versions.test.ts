/**
 * Everything configurable as versions with the time from which each holds, and every decision with the version it was
 * made by.  X-6
 */

import { createPlainState } from '../../src/core/engine/genesis';
import type { TierSchedule } from '../../src/core/model/tiers';
import { applyText } from '../support/twin';
import { figure, happened, happenedAs, money, share, sorted, time } from './agreementOfDefaults';
import { lifeOf } from './stories';
import { describeFollowed } from './support';

const HOUSE = lifeOf(45);
const { state } = HOUSE;

const fraction = (numerator: bigint, denominator: bigint): number => Number(numerator) / Number(denominator);
/** A rate as the rows show it: a decimal or a fraction. */
const read = (text: string): number =>
  text
    .split('/')
    .map(Number)
    .reduce((whole, part) => whole / part);

/** Which version of a kind of terms was in force, entry by entry, as the house had it. */
function inForce(versionOf: (at: typeof state) => number | undefined): Map<number, number | undefined> {
  const live = createPlainState();
  const versions = new Map<number, number | undefined>();
  for (const entry of HOUSE.entries) {
    const before = versionOf(live);
    applyText(live, entry);
    versions.set(entry.seq, versionOf(live) ?? before);
  }
  return versions;
}

describeFollowed('versions', HOUSE.entries, (store) => {
  test('X-6 every version of every tier schedule stays, with its time, and one is in force', async () => {
    const rows = await store().prisma.tierSchedule.findMany();
    const set = happenedAs(HOUSE, 'TierScheduleSet');
    expect(
      sorted(rows.map((row) => [row.instrumentId, row.version, row.effectiveAt, row.setSeq, figure(row.denominator)])),
    ).toEqual(
      sorted(
        set.map(({ seq, event: { schedule } }) => [
          ...[
            schedule.instrument,
            schedule.version,
            time(schedule.effectiveAt),
            String(seq),
            String(schedule.denominator),
          ],
        ]),
      ),
    );
    expect(sorted(rows.filter(({ active }) => active).map((row) => [row.instrumentId, row.version]))).toEqual(
      sorted([...state.listings.values()].map(({ instrument, tiers }) => [instrument.id, tiers?.version])),
    );
    expect(rows.length).toBeGreaterThan(state.listings.size);
    expect(state.listings.get('ETH-PERP')?.pendingTiers?.version).toBe(
      Math.max(...rows.filter((row) => row.instrumentId === 'ETH-PERP').map(({ version }) => version)),
    );
  });

  test('MT-1 X-6 the brackets of every schedule, in order, rates as fractions and as numerators', async () => {
    const rows = await store().prisma.marginTier.findMany({
      orderBy: [{ instrumentId: 'asc' }, { version: 'asc' }, { ordinal: 'asc' }],
    });
    const schedules = happenedAs(HOUSE, 'TierScheduleSet').map(({ event }) => event.schedule);
    const lines = ({ instrument, version, tiers }: TierSchedule) =>
      tiers.map((tier, i) => [
        ...[
          instrument,
          version,
          i + 1,
          money(state, 'USD', tier.floor),
          tier.cap === null ? null : money(state, 'USD', tier.cap),
        ],
        ...[tier.initialRate, tier.maintenanceRate, tier.initialDeduction, tier.maintenanceDeduction].map(String),
      ]);
    expect(
      sorted(
        rows.map((row) => [
          ...[
            row.instrumentId,
            row.version,
            row.ordinal,
            figure(row.floor),
            figure(row.cap),
            figure(row.initialNumerator),
          ],
          ...[figure(row.maintenanceNumerator), figure(row.initialDeduction), figure(row.maintenanceDeduction)],
        ]),
      ),
    ).toEqual(sorted(schedules.flatMap(lines)));
    for (const row of rows) {
      const schedule = schedules.find(
        ({ instrument, version }) => instrument === row.instrumentId && version === row.version,
      );
      const tier = schedule?.tiers[row.ordinal - 1];
      if (!schedule || !tier) throw new Error(`${row.instrumentId} ${row.version}`);
      expect(read(row.initialRate)).toBeCloseTo(fraction(tier.initialRate, schedule.denominator), 12);
      expect(read(row.maintenanceRate)).toBeCloseTo(fraction(tier.maintenanceRate, schedule.denominator), 12);
      expect(row.maximumLeverage.toNumber()).toBeCloseTo(fraction(schedule.denominator, tier.initialRate), 10);
    }
    expect(rows.some(({ initialRate }) => initialRate === '1/15')).toBe(true);
    expect(rows.some(({ version, initialRate }) => version > 1 && initialRate === '1/3')).toBe(true);
  });

  test('X-6 every version of every policy stays, with its terms; of margin policies one is in force', async () => {
    const { prisma } = store();
    const margin = await prisma.marginPolicy.findMany();
    expect(sorted(margin.map((row) => [row.id, row.version, row.effectiveAt, row.setSeq]))).toEqual(
      sorted(
        happenedAs(HOUSE, 'MarginPolicySet').map(({ seq, event: { terms } }) => [
          terms.id,
          terms.version,
          time(terms.effectiveAt),
          String(seq),
        ]),
      ),
    );
    expect(sorted(margin.filter(({ active }) => active).map(({ id, version }) => [id, version]))).toEqual(
      sorted([...state.policies.values()].map(({ id, version }) => [id, version])),
    );
    for (const { id, terms } of margin.filter(({ active }) => active)) {
      expect(terms).toMatchObject({
        id,
        cureWindow: state.policies.get(id)?.cureWindow,
        aggregation: state.policies.get(id)?.aggregation,
      });
    }
    const losses = await prisma.lossPolicy.findMany();
    expect(
      sorted(losses.map((row) => [row.currency, row.version, row.setSeq, (row.terms as { base?: unknown }).base])),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'LossPolicySet').map(({ seq, event: { terms } }) => [
          terms.currency,
          terms.version,
          String(seq),
          terms.base,
        ]),
      ),
    );
    expect(
      sorted(losses.filter(({ periodEnds }) => periodEnds).map((row) => [row.currency, row.version, row.periodEnds])),
    ).toEqual(
      sorted(
        [...state.lossPeriods].map(([currency, ends]) => [
          currency,
          state.lossPolicies.get(currency)?.version,
          time(ends),
        ]),
      ),
    );
    const disposals = await prisma.disposalPolicy.findMany();
    expect(sorted(disposals.map((row) => [row.currency, row.version, row.setSeq]))).toEqual(
      sorted(
        happenedAs(HOUSE, 'DisposalPolicySet').map(({ seq, event: { terms } }) => [
          terms.currency,
          terms.version,
          String(seq),
        ]),
      ),
    );
  });

  test('X-6 RB-4 every version of the terms of collateral stays, with since when it holds', async () => {
    const rows = await store().prisma.collateralTerms.findMany();
    expect(
      sorted(
        rows.map((row) => [
          row.currency,
          row.version,
          figure(row.haircut),
          figure(row.conversionDiscount),
          row.eligible,
          row.runOffDate,
          row.setAt,
          row.setSeq,
        ]),
      ),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'CollateralTermsSet').map(({ seq, at, event: { terms } }) => [
          ...[terms.currency, terms.version, share(terms.haircut), share(terms.conversionDiscount), terms.eligible],
          ...[terms.runOffDate === undefined ? null : time(terms.runOffDate), time(at), String(seq)],
        ]),
      ),
    );
    expect(rows.some(({ version }) => version > 1)).toBe(true);
  });

  test('X-6 calls, charges and defaults carry the version that was in force when they were decided', async () => {
    const { prisma } = store();
    const policyOf = new Map((await prisma.account.findMany()).map(({ id, policyId }) => [id, policyId]));
    const margin = new Map([...state.policies.keys()].map((id) => [id, inForce((at) => at.policies.get(id)?.version)]));
    const fills = await prisma.liquidationFill.findMany({ where: { liquidationId: { not: null } } });
    for (const { seq, accountId, policyVersion } of fills) {
      expect(policyVersion).toBe(margin.get(policyOf.get(accountId) ?? '')?.get(Number(seq)));
    }
    const noticed = new Map<string, number>();
    for (const { seq, event } of happened(HOUSE)) {
      if (event.type === 'MarginCallIssued') noticed.set(event.issued.id, seq);
      if (event.type === 'MarginCallAmended') noticed.set(event.amended.id, seq);
    }
    const calls = await prisma.marginCall.findMany();
    for (const { id, accountId, policyVersion } of calls) {
      expect(policyVersion).toBe(margin.get(policyOf.get(accountId) ?? '')?.get(noticed.get(id) ?? 0));
    }
    const losses = inForce((at) => at.lossPolicies.get('USD')?.version);
    const cases = await prisma.lossCase.findMany();
    for (const { seq, policyVersion } of cases) expect(policyVersion).toBe(losses.get(Number(seq)));
    // Of each kind several versions were decided by, so that a wrong one would show.
    for (const rows of [fills, calls, cases])
      expect(new Set(rows.map(({ policyVersion }) => policyVersion)).size).toBeGreaterThan(1);
  });

  test('PS-4 X-6 a mark names the entry that set it, and the last is the instrument’s', async () => {
    const marks = await store().prisma.markPrice.findMany();
    const told = new Set(
      sorted(
        happenedAs(HOUSE, 'MarkPriceSet').map(({ seq, at, event }) => [
          event.instrument,
          seq,
          event.source,
          event.clamped,
          time(event.at),
          at >= event.at,
        ]),
      ),
    );
    for (const row of marks) {
      expect(told.has(JSON.stringify([row.instrumentId, Number(row.seq), row.source, row.clamped, row.at, true]))).toBe(
        true,
      );
    }
    for (const { id, markSeq } of await store().prisma.instrument.findMany()) {
      const last = marks
        .filter(({ instrumentId }) => instrumentId === id)
        .reduce((most, { seq }) => (seq > most ? seq : most), 0n);
      expect([id, markSeq]).toEqual([id, last]);
    }
  });
});
