/**
 * Names that were changed, each old name with the new one. The journal, rows and stories that were written under the
 * old names are read by this table, and the change log is printed from it. A name goes in once and stays.
 */

/** Old names of the fields of a record. */
export type OldNames = Readonly<Record<string, string>>;

/** Fields of records, which have the same names in the journal, in stories and in the API. */
export const RENAMED_FIELDS = {
  AuctionPolicy: {
    tail: 'roundDuration',
    cusp: 'priceFloorShare',
    tip: 'resetReward',
    chip: 'resetRewardRate',
    dust: 'minimumDebt',
  },
  AuctionCurve: { cut: 'stepFactor' },
} as const satisfies Readonly<Record<string, OldNames>>;

/** Types of the API. */
export const RENAMED_TYPES: OldNames = {
  DefaultCase: 'LossCase',
  DefaultCaseConnection: 'LossCaseConnection',
  DefaultCaseEdge: 'LossCaseEdge',
  DefaultCaseStatus: 'LossCaseStatus',
  DefaultLayer: 'LossCaseLayer',
  DefaultLayerKind: 'LossCaseLayerKind',
};

/** Queries, mutations and subscriptions. A mutation is named as its command is. */
export const RENAMED_OPERATIONS: OldNames = {
  defaultCase: 'lossCase',
  defaultCases: 'lossCases',
};

/**
 * Enumerations whose values are types of events. A value was written as the journal writes the type
 * (`MarginCallIssued`), and is written in capitals now (`MARGIN_CALL_ISSUED`), as the values of all other enumerations
 * are.
 */
export const RENAMED_EVENT_ENUMS: readonly string[] = [
  'AccountChangeType',
  'AuctionEventType',
  'EventType',
  'LiquidatableAccountChange',
  'LiquidationOrderChange',
  'MarginCallEventType',
  'MemberDefaultEventType',
  'PortfolioAuctionEventType',
];

/** What became of fields that say now in another form what they said: before, and now. */
export const CHANGED_FIELDS: readonly (readonly [before: string, now: string])[] = [
  ['`ok: true` of a payload', '`outcome` is `DONE` or `PROPOSED`; of a list of prices also `PARTIAL`'],
  ['`ok: false` of a payload', '`outcome: REJECTED`'],
  ['`ok: false` of a list of trades or payments', '`outcome` is `PARTIAL`, or `REJECTED` where all of it was refused'],
  ['`status: DONE`, `PROPOSED` of a payload', '`outcome`: the same word, or `PARTIAL` where some items were refused'],
  ['`status: REFUSED` of a payload', '`outcome: REJECTED`'],
  [
    '`rejection` of a payload, of an item, of a what-if',
    '`rejections`: all reasons in the order in which they were found, empty where there is none',
  ],
  ['`rejection` of a journal entry', '`rejections`: the codes, those of refused items too'],
  ['the enumeration `CommandStatus`', '`MutationOutcome`'],
  [
    '`id` of `MarginPolicy`, `DisposalLadder`, `InsurancePool`',
    '`policyId`, `ladderId`, `poolId`: all versions have the same, each version has its own `nodeId`',
  ],
];

/** The record with its fields under the names of today; the same record where it has no old one. */
export function underPresentNames(
  record: Readonly<Record<string, unknown>>,
  was: OldNames,
): Readonly<Record<string, unknown>> {
  if (!Object.keys(record).some((name) => Object.hasOwn(was, name))) return record;
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [presentName(name, was), value]));
}

/** The name of today, by an old one or by itself. */
export const presentName = (name: string, was: OldNames): string =>
  (Object.hasOwn(was, name) ? was[name] : undefined) ?? name;
