/** Time that people were given to do something, and that a step of the clock takes nothing of.  Ruling 23 */

export type WindowKind =
  | 'FUND_CALL' // of a member, to pay in
  | 'PORT_OFFER' // of a member, to take clients
  | 'PORTING' // of the clients of a member in default, to move
  | 'LOT_AUCTION' // of members, to bid for lots
  | 'AUCTION' // of bidders, for collateral
  | 'PORTFOLIO_AUCTION' // of takers, for a portfolio
  | 'CLAIM' // of a liquidator, to fill what it claimed
  | 'ORDER' // of a venue, to fill an order
  | 'PRICE_WAIT' // of a debt, for the price of its collateral
  | 'PROPOSAL'; // of a second person
