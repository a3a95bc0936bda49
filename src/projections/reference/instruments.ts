/** Instruments with their marks, and the versions of their margin tiers.  Rules: QC-1, MT-1, MT-4, PV-3 */

import { readerOf, toJson } from '../../core/kind/json';
import type { EventOf } from '../../core/message/event';
import { BASIS_STATE } from '../../core/model/price';
import {
  AVERAGING,
  BASIS_TERMS,
  type ContractKind,
  DELISTING,
  type Instrument,
  type InstrumentId,
} from '../../core/model/reference';
import type { Listing } from '../../core/model/state';
import { type MarginTier, TIER_VARIANTS, type TierSchedule } from '../../core/model/tiers';
import { maximumLeverageOf } from '../../core/reference/tiers';
import { variantsOf } from '../../core/reference/tierVariants';
import type { Queries } from '../../store/client';
import { known as present } from '../../units/failure';
import { duration, instant, NO_CASH, type Seq } from '../../units/quantity';
import { approximate, ratio } from '../../units/ratio';
import { type Batch, changed, type Moment } from '../rows/batch';
import {
  cashOf,
  cashText,
  finePriceOf,
  finePriceText,
  orNull,
  priceOf,
  priceText,
  rateOf,
  rateText,
  ratioText,
  sizeOf,
  sizeText,
  timeText,
} from '../rows/decimals';
import type { Shared } from '../rows/memory';
import { jsonOf } from '../rows/parts';
import { jsonText, milliseconds, type Row, select } from '../rows/rows';
import { loadFundings } from './funding';
import { loadScalings } from './openInterest';

const readVariants = readerOf(TIER_VARIANTS);

type Known = Pick<Shared, 'currencies' | 'listings'>;

const readDelisting = readerOf(DELISTING);
const readAveraging = readerOf(AVERAGING);
const readBasisTerms = readerOf(BASIS_TERMS);
const readBasis = readerOf(BASIS_STATE);

interface Selected {
  readonly id: string;
  readonly kind: Instrument['kind'];
  readonly contract: ContractKind;
  readonly base: string;
  readonly quote: string;
  readonly settlement: string;
  readonly tick: string;
  readonly lot: string;
  readonly multiplier: string;
  readonly tickValue: string;
  readonly index: string | null;
  readonly markMethod: Instrument['markMethod'];
  readonly markBand: string | null;
  readonly priceBand: string | null;
  readonly basisTerms: string | null;
  readonly heartbeat: number;
  readonly allowsNonPositivePrice: boolean;
  readonly expiry: number | null;
  readonly settlementWindow: number | null;
  readonly delisting: string | null;
  readonly averaging: string | null;
  readonly variationInterval: number | null;
  readonly variationDue: number | null;
  readonly makerFee: string;
  readonly takerFee: string;
  readonly status: Listing['status'];
  readonly haltedUntil: number | null;
  readonly haltedFrom: Listing['status'] | null;
  readonly mark: string | null;
  readonly markAt: number | null;
  readonly markSeq: Seq | null;
  readonly markSource: string | null;
  readonly markStale: boolean;
  readonly stable: string | null;
  readonly stableAt: number | null;
  readonly impactBid: string | null;
  readonly impactAsk: string | null;
  readonly impactAt: number | null;
  readonly impactSource: string | null;
  readonly basis: string | null;
  readonly depthBids: string | null;
  readonly depthAsks: string | null;
  readonly disposalDue: number | null;
  readonly lastRun: string | null;
}

const COLUMNS = `"id", "kind", "contract", "base", "quote", "settlement", "tick"::text, "lot"::text, "multiplier"::text, "tickValue"::text,
  "indexId" AS index, "markMethod", "markBand"::text, "priceBand"::text, "heartbeatMs" AS heartbeat, "allowsNonPositivePrice",
  ${milliseconds('"expiry"')} AS expiry, "variationIntervalMs" AS "variationInterval", ${milliseconds('"variationDue"')} AS "variationDue",
  "settlementWindowMs" AS "settlementWindow", "delisting", "averaging",
  "makerFee"::text, "takerFee"::text, "status", "mark"::text, ${milliseconds('"markAt"')} AS "markAt", "markSeq", "markSource", "markStale",
  "stable"::text, ${milliseconds('"stableAt"')} AS "stableAt",
  "impactBid"::text, "impactAsk"::text, ${milliseconds('"impactAt"')} AS "impactAt", "impactSource",
  "basisTerms", "basis",
  ${milliseconds('"haltedUntil"')} AS "haltedUntil", "haltedFrom",
  "depthBids"::text, "depthAsks"::text, ${milliseconds('"disposalDue"')} AS "disposalDue", "lastRun"`;

/** Instruments, all or the named ones, into `listings`. The currencies must be there. */
export async function loadInstruments(sql: Queries, known: Known, ids?: Iterable<InstrumentId>): Promise<void> {
  const names = ids === undefined ? [] : [jsonText([...ids])];
  const those = (column: string): string =>
    ids === undefined ? '' : `WHERE "${column}" IN (SELECT json_array_elements_text($1::json))`;
  const selected = await select<Selected>(sql, `SELECT ${COLUMNS} FROM "Instrument" ${those('id')}`, ...names);
  const schedules = await loadTiers(sql, known, selected, those('instrumentId'), names);
  const instruments = new Map(selected.map((row) => [row.id, definitionOf(known, row)]));
  const scalings = await loadScalings(sql, known, instruments);
  const fundings = await loadFundings(sql, instruments);
  for (const row of selected.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const scaling = scalings.get(row.id);
    const listing = listingOf(row, present(instruments.get(row.id), 'Instrument', row.id), schedules);
    const funding = fundings.get(row.id);
    known.listings.set(row.id, { ...listing, ...(scaling ? { scaling } : {}), ...(funding ? { funding } : {}) });
  }
}

function definitionOf(known: Pick<Known, 'currencies'>, row: Selected): Instrument {
  return {
    id: row.id,
    kind: row.kind,
    ...(row.contract === 'LINEAR' ? {} : { contract: row.contract }),
    base: row.base,
    quote: row.quote,
    settlement: row.settlement,
    tick: row.tick,
    lot: row.lot,
    multiplier: row.multiplier,
    tickValue: cashOf(known, row.settlement, row.tickValue),
    index: row.index,
    markMethod: row.markMethod,
    markBand: orNull(row.markBand, rateOf),
    priceBand: orNull(row.priceBand, rateOf),
    ...(row.basisTerms === null ? {} : { basis: readBasisTerms(JSON.parse(row.basisTerms)) }),
    heartbeat: duration(row.heartbeat),
    allowsNonPositivePrice: row.allowsNonPositivePrice,
    expiry: orNull(row.expiry, instant),
    ...(row.settlementWindow === null ? {} : { settlementWindow: duration(row.settlementWindow) }),
    variationInterval: orNull(row.variationInterval, duration),
    makerFee: rateOf(row.makerFee),
    takerFee: rateOf(row.takerFee),
  };
}

function listingOf(
  row: Selected,
  instrument: Instrument,
  schedules: readonly (TierSchedule & { readonly active: boolean })[],
): Listing {
  const {
    mark,
    markAt,
    markSeq,
    markSource,
    markStale,
    depthBids,
    depthAsks,
    haltedUntil,
    haltedFrom,
    stable,
    stableAt,
  } = row;
  const own = schedules.filter((schedule) => schedule.instrument === row.id);
  const inForce = own.find((schedule) => schedule.active);
  // Versions only rise, and one that was replaced before it came into force is not the highest: the highest above the
  // one in force is to come.
  const newest = own.reduce<(typeof own)[number] | undefined>(
    (best, next) => (best && best.version > next.version ? best : next),
    undefined,
  );
  return {
    instrument,
    status: row.status,
    mark:
      mark === null || markAt === null || markSeq === null || markSource === null
        ? null
        : { price: priceOf(instrument, mark), at: instant(markAt), seq: markSeq, source: markSource, stale: markStale },
    tiers: inForce ? bare(inForce) : null,
    pendingTiers: newest && newest !== inForce ? bare(newest) : null,
    depth:
      depthBids === null || depthAsks === null
        ? null
        : { bids: sizeOf(instrument, depthBids), asks: sizeOf(instrument, depthAsks) },
    variationDue: orNull(row.variationDue, instant),
    disposalDue: orNull(row.disposalDue, instant),
    lastRun: row.lastRun,
    ...(row.delisting === null ? {} : { delisting: readDelisting(JSON.parse(row.delisting)) }),
    ...(row.averaging === null ? {} : { averaging: readAveraging(JSON.parse(row.averaging)) }),
    ...(stable === null || stableAt === null
      ? {}
      : { stable: { parts: finePriceOf(instrument, stable), at: instant(stableAt) } }),
    ...impactOf(instrument, row),
    ...(row.basis === null ? {} : { basis: readBasis(JSON.parse(row.basis)) }),
    ...(haltedUntil === null || haltedFrom === null
      ? {}
      : { halt: { until: instant(haltedUntil), before: haltedFrom } }),
  };
}

function impactOf(
  instrument: Instrument,
  { impactBid, impactAsk, impactAt, impactSource }: Selected,
): Pick<Listing, 'impact'> {
  if (impactBid === null || impactAsk === null || impactAt === null || impactSource === null) return {};
  const [bid, ask] = [priceOf(instrument, impactBid), priceOf(instrument, impactAsk)];
  return { impact: { bid, ask, at: instant(impactAt), source: impactSource } };
}

const bare = ({ active: _, ...schedule }: TierSchedule & { readonly active: boolean }): TierSchedule => schedule;

type TierDecimal = 'floor' | 'initial' | 'maintenance' | 'initialDeduction' | 'maintenanceDeduction';

interface SelectedTier {
  readonly instrument: string;
  readonly version: number;
  readonly effectiveAt: number;
  readonly active: boolean;
  readonly denominator: string;
  readonly initialLeast: string;
  readonly maintenanceLeast: string;
  readonly variants: unknown;
  readonly tiers: readonly (Record<TierDecimal, string> & { readonly cap: string | null })[];
}

/** The schedules in force and those newer. */
async function loadTiers(
  sql: Queries,
  known: Known,
  instruments: readonly Selected[],
  those: string,
  names: readonly string[],
): Promise<(TierSchedule & { active: boolean })[]> {
  const settlementOf = new Map(instruments.map(({ id, settlement }) => [id, settlement]));
  const rows = await select<SelectedTier>(
    sql,
    `SELECT s."instrumentId" AS instrument, s."version", ${milliseconds('s."effectiveAt"')} AS "effectiveAt",
      s."active", s."denominator"::text,
       s."initialPerContract"::text AS "initialLeast", s."maintenancePerContract"::text AS "maintenanceLeast",
       s."variants",
       (SELECT json_agg(json_build_object('floor', t."floor"::text, 'cap', t."cap"::text,
          'initial', t."initialNumerator"::text, 'maintenance', t."maintenanceNumerator"::text,
          'initialDeduction', t."initialDeduction"::text, 'maintenanceDeduction', t."maintenanceDeduction"::text) ORDER
          BY t."ordinal")
        FROM "MarginTier" t WHERE t."instrumentId" = s."instrumentId" AND t."version" = s."version") AS tiers
     FROM "TierSchedule" s ${those}
     ${those === '' ? 'WHERE' : 'AND'} (s."active" OR s."version" = (SELECT max(n."version") FROM "TierSchedule" n
     WHERE n."instrumentId" = s."instrumentId"))`,
    ...names,
  );
  return rows.map((row) => {
    const currency = settlementOf.get(row.instrument) ?? '';
    const [initial, maintenance] = [
      cashOf(known, currency, row.initialLeast),
      cashOf(known, currency, row.maintenanceLeast),
    ];
    return {
      instrument: row.instrument,
      version: row.version,
      effectiveAt: instant(row.effectiveAt),
      active: row.active,
      denominator: BigInt(row.denominator),
      tiers: row.tiers.map(
        (tier): MarginTier => ({
          floor: cashOf(known, currency, tier.floor),
          cap: orNull(tier.cap, (cap) => cashOf(known, currency, cap)),
          initialRate: BigInt(tier.initial),
          maintenanceRate: BigInt(tier.maintenance),
          initialDeduction: BigInt(tier.initialDeduction),
          maintenanceDeduction: BigInt(tier.maintenanceDeduction),
        }),
      ),
      ...(initial > 0n ? { initialPerContract: initial } : {}),
      ...(maintenance > 0n ? { maintenancePerContract: maintenance } : {}),
      ...(row.variants === null ? {} : readVariants(row.variants)),
    };
  });
}

export function onTierScheduleSet(
  { rows, state }: Batch,
  { schedule }: EventOf<'TierScheduleSet'>,
  { seq }: Moment,
): void {
  const { instrument, version, denominator } = schedule;
  const variants = variantsOf(schedule);
  const currency = state.listings.get(instrument)?.instrument.settlement ?? '';
  rows.insert('TierSchedule', {
    instrumentId: instrument,
    version,
    effectiveAt: timeText(schedule.effectiveAt),
    active: false,
    denominator: String(denominator),
    initialPerContract: cashText(state, currency, schedule.initialPerContract ?? NO_CASH),
    maintenancePerContract: cashText(state, currency, schedule.maintenancePerContract ?? NO_CASH),
    variants: variants ? jsonOf(variants) : null,
    setSeq: seq,
  });
  for (const [i, tier] of schedule.tiers.entries()) {
    const leverage = maximumLeverageOf(schedule, tier);
    rows.insert('MarginTier', {
      instrumentId: instrument,
      version,
      ordinal: i + 1,
      floor: cashText(state, currency, tier.floor),
      cap: orNull(tier.cap, (cap) => cashText(state, currency, cap)),
      initialRate: ratioText(ratio(tier.initialRate, denominator)),
      maintenanceRate: ratioText(ratio(tier.maintenanceRate, denominator)),
      initialNumerator: String(tier.initialRate),
      maintenanceNumerator: String(tier.maintenanceRate),
      initialDeduction: String(tier.initialDeduction),
      maintenanceDeduction: String(tier.maintenanceDeduction),
      maximumLeverage: approximate(leverage.numerator, leverage.denominator, 12),
    });
  }
}

/** Instruments that are new or changed, and which schedule is in force. */
export function writeInstruments({ rows, state, before }: Batch): void {
  for (const [id, listing] of changed(before.listings, state.listings)) {
    rows.upsert('Instrument', instrumentRow(state, listing));
    const [was, is] = [before.listings.get(id)?.tiers?.version, listing.tiers?.version];
    if (was === is) continue;
    if (was !== undefined) rows.update('TierSchedule', { instrumentId: id, version: was, active: false });
    if (is !== undefined) rows.update('TierSchedule', { instrumentId: id, version: is, active: true });
  }
}

function instrumentRow(
  terms: Known,
  { instrument, status, mark, stable, impact, depth, variationDue, disposalDue, lastRun, halt, ...listing }: Listing,
): Row<'Instrument'> {
  return {
    id: instrument.id,
    kind: instrument.kind,
    contract: instrument.contract ?? 'LINEAR',
    base: instrument.base,
    quote: instrument.quote,
    settlement: instrument.settlement,
    tick: instrument.tick,
    lot: instrument.lot,
    multiplier: instrument.multiplier,
    tickValue: cashText(terms, instrument.settlement, instrument.tickValue),
    indexId: instrument.index,
    markMethod: instrument.markMethod,
    markBand: orNull(instrument.markBand, rateText),
    priceBand: orNull(instrument.priceBand, rateText),
    basisTerms: instrument.basis ? toJson(instrument.basis) : null,
    heartbeatMs: instrument.heartbeat,
    allowsNonPositivePrice: instrument.allowsNonPositivePrice,
    expiry: orNull(instrument.expiry, timeText),
    settlementWindowMs: instrument.settlementWindow ?? null,
    delisting: listing.delisting ? toJson(listing.delisting) : null,
    averaging: listing.averaging ? toJson(listing.averaging) : null,
    variationIntervalMs: instrument.variationInterval,
    variationDue: orNull(variationDue, timeText),
    makerFee: rateText(instrument.makerFee),
    takerFee: rateText(instrument.takerFee),
    status,
    haltedUntil: halt ? timeText(halt.until) : null,
    haltedFrom: halt?.before ?? null,
    mark: mark && priceText(instrument, mark.price),
    markAt: mark && timeText(mark.at),
    markSeq: mark?.seq ?? null,
    markSource: mark?.source ?? null,
    markStale: mark?.stale ?? false,
    stable: stable ? finePriceText(instrument, stable.parts) : null,
    stableAt: stable ? timeText(stable.at) : null,
    impactBid: impact ? priceText(instrument, impact.bid) : null,
    impactAsk: impact ? priceText(instrument, impact.ask) : null,
    impactAt: impact ? timeText(impact.at) : null,
    impactSource: impact?.source ?? null,
    basis: listing.basis ? toJson(listing.basis) : null,
    depthBids: depth && sizeText(instrument, depth.bids),
    depthAsks: depth && sizeText(instrument, depth.asks),
    disposalDue: orNull(disposalDue, timeText),
    lastRun,
  };
}
