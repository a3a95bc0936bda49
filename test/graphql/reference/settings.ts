/** What the settings of a house are given as, and how they are read. */

export const PERPETUAL = {
  instrument: 'BTC-PERP',
  kind: 'PERPETUAL',
  base: 'BTC',
  quote: 'USD',
  settlement: 'USD',
  tick: '0.1',
  lot: '0.1',
  multiplier: '1',
  index: 'BTC/USD',
  markMethod: 'VENUE',
  markBand: '0.05',
  priceBand: '0.2',
  heartbeat: '10m',
  variationInterval: '8h',
  makerFee: '-0.0001',
  takerFee: '0.0005',
};
export const TERMS =
  'kind base quote settlement tick lot multiplier tickValue indexId markMethod markBand priceBand heartbeat ' +
  'variationInterval makerFee takerFee expiry ' +
  'allowsNonPositivePrice status mark { price } depth { bids } tiers { version }';

const term = (base: string, ratio: string): object[] => [{ base, ratio }];
const LIQUIDATION = {
  feeRate: '0.005',
  feeShares: { liquidator: '0.2', fund: '0.7', house: '0.1' },
  penaltyTiers: [{ floor: '0.00', rate: '0.001' }],
  ...{ repeatSurcharge: '0.001', repeatMaximum: 3, repeatWindow: '7d', slippage: '0.002', venueWindow: '30s' },
  maximumStepNotional: '1000000.00',
  maximumStepShare: '0.5',
  maximumShareOfDepth: '0.25',
  minimumRemainder: '100.00',
};
export const MARGIN_POLICY = {
  currency: 'USD',
  hysteresis: '0.05',
  cureWindow: '1h',
  finalNotice: '15m',
  amendStep: '0.1',
  aggregation: 'OWNER',
  liquidation: LIQUIDATION,
  warnings: [term('INITIAL', '6/5'), term('INITIAL', '1')],
  call: term('MAINTENANCE', '1'),
  closeOut: term('MAINTENANCE', '2/3'),
  cure: term('MAINTENANCE', '11/10'),
  target: term('INITIAL', '1'),
};
const LEVELS = ['warnings', 'call', 'closeOut', 'cure', 'target']
  .map((level) => `${level} { terms { base ratio } }`)
  .join(' ');
export const MARGIN_POLICY_FIELDS = `policyId version active currency hysteresis cureWindow finalNotice amendStep aggregation ${LEVELS} liquidation { feeRate
  feeShares { liquidator fund house } penaltyTiers { floor rate } repeatSurcharge repeatMaximum repeatWindow slippage venueWindow
  maximumStepNotional maximumStepShare maximumShareOfDepth minimumRemainder }`;

/** Ratios come in their shortest form: decimals where one says it. */
export const ratioShown = (term: object): object => {
  const { base, ratio } = term as { base: string; ratio: string };
  return { base, ratio: ({ '6/5': '1.2', '11/10': '1.1' } as Record<string, string>)[ratio] ?? ratio };
};
