/**
 * What the rows say of ladders, liquidators, claims, providers and disputes is what the house is.  Rules: LI-5, LE-4,
 * LP-5
 */

import { transfersOf } from '../../src/core/message/event';
import { ladderLife } from '../support/ladderLife';
import { expectReplays, expectTwins, restored } from '../support/twin';
import { expectAgreement } from './agreement';
import { figure, happenedAs, money, sorted, time, units } from './agreementOfDefaults';
import { describeFollowed } from './support';

const HOUSE = ladderLife();
const usd = (amount: bigint): string => money(HOUSE.state, 'USD', amount);
const lots = (size: bigint): string => units(size, '0.1');

test(
  'DS-1 LE-2 its journal, applied and executed again, ends where it stands, and so does what is written down ' +
    'and read back',
  () => {
    expectReplays(HOUSE.state, HOUSE.entries);
    expectTwins(restored(HOUSE.state), HOUSE.state);
    expect([...restored(HOUSE.state).ladderLoad]).toEqual([...HOUSE.state.ladderLoad]);
  },
);

describeFollowed('ladder', HOUSE.entries, (store) => {
  test('X-1 everything else agrees as ever', () => expectAgreement(store(), HOUSE));

  test('LI-5 a row for every liquidator, with what it has put down and done', async () => {
    const rows = await store().prisma.liquidator.findMany();
    expect(
      sorted(
        rows.map((row) => [
          ...[
            row.accountId,
            row.operator,
            row.active,
            row.since,
            figure(row.deposit),
            row.claims,
            row.expiredClaims,
            row.takes,
          ],
          ...[row.completed, Number(row.waitedMs), figure(row.feeShares), figure(row.rewards), figure(row.penalties)],
        ]),
      ),
    ).toEqual(
      sorted(
        [...HOUSE.state.liquidators.values()].map((one) => [
          ...[
            one.account,
            one.operator,
            one.active,
            time(one.since),
            usd(HOUSE.state.ledger.get(`liquidator-deposit/${one.account} USD`) ?? 0n),
          ],
          ...[
            one.claims,
            one.expiredClaims,
            one.takes,
            one.completed,
            one.waited,
            usd(one.feeShares),
            usd(one.rewards),
            usd(one.penalties),
          ],
        ]),
      ),
    );
    expect(rows.length).toBe(3);
  });

  test('LI-1 LI-2 claims, takes and rewards are told, each once', async () => {
    const { prisma } = store();
    const claims = await prisma.liquidationClaim.findMany();
    expect(claims.length).toBe(happenedAs(HOUSE, 'LiquidationClaimed').length);
    const ended = happenedAs(HOUSE, 'LiquidationClaimEnded').map(({ event }) => [
      event.order,
      event.liquidatorId,
      event.outcome,
      usd(event.amount),
    ]);
    const told = claims
      .filter(({ status }) => status !== 'OPEN')
      .map((row) => [row.orderId, row.liquidatorId, row.status, figure(row.penalty)]);
    expect(sorted(told)).toEqual(sorted(ended));
    const takes = await prisma.liquidationTake.findMany();
    expect(
      sorted(
        takes.map((row) => [
          row.liquidatorId,
          row.orderId,
          figure(row.size),
          figure(row.feeShare),
          figure(row.rewardDue),
        ]),
      ),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'LiquidationTaken').map(({ event }) => [
          ...[event.liquidatorId, event.order, lots(event.size), usd(event.feeShare), usd(event.held.due)],
        ]),
      ),
    );
    const rewards = await prisma.liquidatorReward.findMany();
    expect(sorted(rewards.map((row) => [row.liquidatorId, row.restored, figure(row.due), figure(row.amount)]))).toEqual(
      sorted(
        happenedAs(HOUSE, 'LiquidatorRewarded').map(({ event }) => [
          event.liquidatorId,
          event.restored,
          usd(event.due),
          usd(event.amount),
        ]),
      ),
    );
    expect(Math.min(takes.length, rewards.length, ended.length)).toBeGreaterThan(0);
  });

  test('LE-4 every move down the ladder, every assignment and the orders where they stand', async () => {
    const { prisma } = store();
    const moves = await prisma.reductionMove.findMany();
    expect(sorted(moves.map((row) => [row.origin, row.fromMethod, row.toMethod, figure(row.size), row.cause]))).toEqual(
      sorted(
        happenedAs(HOUSE, 'ReductionMoved').map(({ event }) => [
          event.origin,
          event.fromMethod,
          event.toMethod,
          lots(event.size),
          event.cause,
        ]),
      ),
    );
    const given = await prisma.liquidationFill.findMany({ where: { kind: 'BACKSTOP' } });
    expect(
      sorted(given.map((row) => [row.counterpartyId, figure(row.size), figure(row.value), figure(row.slippageMark)])),
    ).toEqual(
      sorted(
        happenedAs(HOUSE, 'BackstopAssigned').map(({ event }) => [
          event.provider,
          lots(event.size),
          usd(event.value),
          usd(event.slippage.mark),
        ]),
      ),
    );
    const orders = await prisma.liquidationOrder.findMany({ where: { status: 'OPEN' } });
    expect(
      sorted(
        orders.map((row) => [
          row.id,
          row.origin,
          row.ladder,
          row.ladderVersion,
          row.rung,
          row.method,
          row.offer !== null,
        ]),
      ),
    ).toEqual(
      sorted(
        [...HOUSE.state.liquidationOrders.values()].map(({ id, stand }) => [
          ...[
            id,
            stand?.origin ?? null,
            stand?.ladder ?? null,
            stand?.version ?? null,
            stand?.rung ?? null,
            stand?.method ?? null,
          ],
          stand?.offer != null,
        ]),
      ),
    );
    expect(Math.min(moves.length, given.length)).toBeGreaterThan(0);
  });

  test('providers as they are bound, ladders in every version, disputes with their rulings', async () => {
    const { prisma } = store();
    const bound = await prisma.backstopProvider.findMany({ where: { active: true } });
    expect(sorted(bound.map((row) => [row.accountId, row.scope, figure(row.capacity), figure(row.left)]))).toEqual(
      sorted(
        [...HOUSE.state.providers.values()].map((one) => [
          one.account,
          one.instrument ?? '*',
          usd(one.capacity),
          usd(one.left),
        ]),
      ),
    );
    expect(await prisma.backstopProvider.count({ where: { active: false } })).toBe(1);
    expect(await prisma.disposalLadder.count()).toBe(2);
    const disputes = await prisma.liquidationDispute.findMany({ where: { status: { not: 'OPEN' } } });
    expect(sorted(disputes.map((row) => [row.id, row.status === 'UPHELD', figure(row.refunded), row.ruledBy]))).toEqual(
      sorted(
        happenedAs(HOUSE, 'LiquidationDisputeRuled').map(({ event }) => [
          event.dispute,
          event.upheld,
          usd(event.amount),
          event.by,
        ]),
      ),
    );
    expect(new Set(disputes.map(({ status }) => status))).toEqual(new Set(['UPHELD', 'REJECTED']));
  });

  test('LP-5 what came back is linked to the liquidation it was charged by', async () => {
    const rows = await store().prisma.ledgerTransfer.findMany({ where: { reverses: { startsWith: 'liquidation/' } } });
    const back = happenedAs(HOUSE, 'LiquidationDisputeRuled').flatMap(({ event }) =>
      transfersOf(event).map(({ amount }) => [`liquidation/${event.liquidation}`, usd(amount)]),
    );
    expect(sorted(rows.map((row) => [row.reverses, figure(row.amount)]))).toEqual(sorted(back));
    expect(rows.length).toBeGreaterThan(1);
  });
});
