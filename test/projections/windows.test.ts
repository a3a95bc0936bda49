/** Rows show where the time that somebody was given ends, after a step of the clock too.  S22, ruling 23 */

import { openWindows } from '../../src/core/control/windows';
import type { WindowKind } from '../../src/core/model/window';
import type { Store } from '../../src/store/client';
import { acceptStep, HOUSES_WITH_TIME } from '../support/windows';
import { describeStores, followed, projected } from './support';

type Shown = readonly { readonly id: string; readonly until: Date }[];

const SHOWN: Readonly<Record<Exclude<WindowKind, 'PRICE_WAIT'>, (store: Store) => Promise<Shown>>> = {
  FUND_CALL: async ({ prisma }) =>
    (await prisma.defaultFundCall.findMany()).map(({ id, deadline: until }) => ({ id, until })),
  PORT_OFFER: async ({ prisma }) =>
    (await prisma.portOffer.findMany()).map(({ id, expiresAt: until }) => ({ id, until })),
  PORTING: async ({ prisma }) =>
    (await prisma.memberDefault.findMany()).map(({ id, portingUntil: until }) => ({ id, until })),
  LOT_AUCTION: async ({ prisma }) =>
    (await prisma.defaultAuction.findMany()).map(({ id, endsAt: until }) => ({ id, until })),
  AUCTION: async ({ prisma }) => (await prisma.auction.findMany()).map(({ id, deadline: until }) => ({ id, until })),
  PORTFOLIO_AUCTION: async ({ prisma }) =>
    (await prisma.portfolioAuction.findMany()).map(({ id, deadline: until }) => ({ id, until })),
  CLAIM: async ({ prisma }) =>
    (await prisma.liquidationClaim.findMany()).map(({ orderId: id, expiresAt: until }) => ({ id, until })),
  ORDER: async ({ prisma }) =>
    (await prisma.liquidationOrder.findMany()).map(({ id, expiresAt: until }) => ({ id, until })),
  PROPOSAL: async ({ prisma }) =>
    (await prisma.proposal.findMany({ where: { status: 'OPEN' } })).map(({ id, expiresAt: until }) => ({ id, until })),
};

describeStores('time that a step of the clock has moved', (store) => {
  const kinds = Object.entries(SHOWN) as [WindowKind, (store: Store) => Promise<Shown>][];
  test.each(kinds.flatMap((each) => [[...each, false] as const, [...each, true] as const]))(
    'S22 ruling 23 %s',
    async (kind, shown, anew) => {
      const house = HOUSES_WITH_TIME[kind]();
      const before = house.entries.length;
      acceptStep(house);
      const all = followed(house.entries);
      // At once, and by a program that was started anew before it: that knows no more than the rows say.
      if (anew) await (await projected(store(), all.slice(0, before))).close();
      await (await projected(store(), all)).close();
      const open = openWindows(house.state).flatMap(({ window, id, until }) =>
        window === kind ? [{ id, until: new Date(until) }] : [],
      );
      expect(open.length).toBeGreaterThan(0);
      expect(await shown(store())).toEqual(expect.arrayContaining(open));
    },
  );

  test('CA-1 ruling 23 an auction with the start and the version that it has', async () => {
    const house = HOUSES_WITH_TIME.AUCTION();
    acceptStep(house);
    await (await projected(store(), followed(house.entries))).close();
    const [auction] = [...house.state.auctions.values()];
    const row = await store().prisma.auction.findFirstOrThrow();
    expect([row.startedAt.getTime(), row.version]).toEqual([auction?.startedAt, auction?.version]);
  });
});
