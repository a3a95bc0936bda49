/** Rows of venues that number their trades, and of their trades.  Ruling 22 */

import { deleveragedLife } from './stories';
import { describeStores, followed, projected } from './support';

const LIFE = deleveragedLife();

describeStores('venues', (store) => {
  test.each([1, 1000])(
    'ruling 22 a venue is shown with its highest number, %i entries a commit',
    async (batchLimit) => {
      await (await projected(store(), followed(LIFE.entries), { batchLimit })).close();
      const { prisma } = store();
      const venues = await prisma.venue.findMany();
      expect(venues.map(({ id, name, highest }) => ({ id, name, highest: BigInt(highest.toFixed()) }))).toEqual([
        ...LIFE.state.venues.values(),
      ]);
      const numbered = await prisma.trade.findMany({ where: { number: { not: null } } });
      expect(numbered.map(({ venueId, number }) => [venueId, number?.toFixed()])).toEqual([['nasdaq', '17']]);
    },
  );
});
