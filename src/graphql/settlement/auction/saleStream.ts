/** Streams of things that are for sale in a currency: those open first, then what happens to them. */

import type { Event } from '../../../core/message/event';
import type { CurrencyId } from '../../../core/model/reference';
import type { Context } from '../../reading/context';
import type { Reading } from '../../reading/reading';
import type { Delivery } from '../../subscription/delivery';
import type { StreamArgs } from '../../subscription/message';
import { openStream } from '../../subscription/open';

export interface Sale<Type> {
  readonly type: Type;
  readonly auctionId: string;
  readonly currency: CurrencyId;
}

interface Item<Type> {
  readonly type: Type | null;
  readonly auctionId: string;
}

export interface Sales<Type> {
  readonly name: string; // of the subscription
  /** What an event says of one of them; nothing where it is not of them. */
  readonly changeOf: (event: Event) => Sale<Type> | undefined;
  /** Those that have not ended, by id. */
  readonly open: (
    reading: Reading,
    where: { readonly endedAt: null; readonly currency?: CurrencyId },
  ) => Promise<{ readonly id: string }[]>;
}

export function streamOfCurrency<Type extends string>(
  context: Context,
  args: StreamArgs & { readonly currency: CurrencyId | null },
  { name, changeOf, open }: Sales<Type>,
): Promise<AsyncIterable<Delivery>> {
  const { currency } = args;
  return openStream<Item<Type>>(context, args, {
    name,
    filter: { currency },
    pick(event) {
      const change = changeOf(event);
      if (!change || (currency !== null && change.currency !== currency)) return undefined;
      const { type, auctionId } = change;
      return () => ({ type, auctionId });
    },
    async state(reading) {
      const found = await open(reading, { endedAt: null, ...(currency === null ? {} : { currency }) });
      return found.map(({ id }) => ({ type: null, auctionId: id }));
    },
  });
}
