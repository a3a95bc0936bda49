/** Time that people were given and that a step of the clock has moved, in the rows that show it.  Ruling 23 */

import type { EventOf } from '../../core/message/event';
import type { AccountId } from '../../core/model/account';
import type { WindowKind } from '../../core/model/window';
import { known } from '../../units/failure';
import type { Batch } from '../rows/batch';
import { timeText } from '../rows/decimals';
import { touchLiquidationOrder } from '../settlement/closing/liquidations';

type Write = (batch: Batch, id: string, until: string, account: AccountId | undefined) => unknown;

const ROWS: Readonly<Record<WindowKind, Write>> = {
  FUND_CALL: ({ rows }, id, deadline) => rows.update('DefaultFundCall', { id, deadline }),
  PORT_OFFER: ({ rows }, id, expiresAt) => rows.update('PortOffer', { id, expiresAt }),
  PORTING: ({ rows }, id, portingUntil) => rows.update('MemberDefault', { id, portingUntil }),
  LOT_AUCTION: ({ rows }, id, endsAt) => rows.update('DefaultAuction', { id, endsAt }),
  AUCTION({ rows, state }, id, deadline) {
    const { startedAt, version } = known(state.auctions.get(id as never), 'Auction', id);
    rows.update('Auction', { id, deadline, startedAt: timeText(startedAt), version });
  },
  PORTFOLIO_AUCTION({ rows, state }, id, deadline) {
    const { startedAt, version } = known(state.portfolios.get(id as never), 'Auction', id);
    rows.update('PortfolioAuction', { id, deadline, startedAt: timeText(startedAt), version });
  },
  CLAIM: ({ rows }, orderId, expiresAt, account) =>
    rows.update('LiquidationClaim', { orderId, liquidatorId: known(account, 'Claim', orderId), expiresAt }),
  // Its row is written whole where it is held, and else this much of it.
  ORDER: (batch, id, expiresAt) =>
    batch.memory.liquidationOrders.has(id)
      ? touchLiquidationOrder(batch, id)
      : batch.rows.update('LiquidationOrder', { id, expiresAt }),
  PRICE_WAIT: () => undefined, // no row shows it
  PROPOSAL: ({ rows }, id, expiresAt) => rows.update('Proposal', { id, expiresAt }),
};

export function onClockStepAccepted(batch: Batch, { moved = [] }: EventOf<'ClockStepAccepted'>): void {
  for (const { window, id, until, account } of moved) ROWS[window](batch, id, timeText(until), account);
}
