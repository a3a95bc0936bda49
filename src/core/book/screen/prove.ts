/**
 * Proving that an account is quiet, and in which zone of prices it stays so. Each condition is a sum of concave functions,
 * one a leg, of that leg's price alone. Over a box of prices the sum is therefore no smaller than the sum of each leg's
 * smaller end, and no larger than its tangent says. A box is guessed by sharing out the headroom, and then proven at its
 * corners, with a bound on what floats can be wrong by; a guess that fails is halved.  Rules: RLM-2, RMR-1
 */

import { MARGIN_PER_CASH } from '../../../units/quantity';
import type { Quiet, Surplus } from '../../model/watch';
import { type Asked, ask, type Legs, losingSide, NOTHING_ASKED, steepest } from './legs';
import { quotient } from './terms';
import { LOW } from './triggers';

/** A condition in floats: equity - initial x `initial` - maintenance x `maintenance` + `constant`, in cash. */
interface Plane {
  readonly initial: number;
  readonly maintenance: number;
  readonly constant: number;
}

interface Planes {
  readonly notBelow: readonly Plane[];
  readonly below: readonly Plane[];
}

const planeOf = ({ equity, initial, maintenance, constant }: Surplus): Plane => ({
  initial: quotient(initial, equity),
  maintenance: quotient(maintenance, equity),
  constant: quotient(constant, equity * MARGIN_PER_CASH),
});

const compiled = new WeakMap<Quiet, Planes>();

function planesOf(quiet: Quiet): Planes {
  let planes = compiled.get(quiet);
  if (!planes) {
    planes = { notBelow: quiet.notBelow.map(planeOf), below: quiet.below.map(planeOf) };
    compiled.set(quiet, planes);
  }
  return planes;
}

/** A zone: each leg may move by these shares of its price, against its holder and for him. */
export interface Zone {
  against: number;
  inFavour: number; // infinite where no rise can matter
}

/** Half a unit in the last place of 1: what one operation can be wrong by, as a share. */
const HALF_UNIT = 2 ** -53;
/** Operations behind a figure, generously: so many a leg, and so many besides. */
const OPERATIONS_A_LEG = 16;
const OPERATIONS = 64;
/** What rounding requirements at 1e-12 of a unit of cash can add a leg, generously. */
const ROUNDED_A_LEG = 1e-11;

/** The zone is shrunk so often before a proof is given up, and no zone is smaller than this share of a price. */
const TRIES = 8;
const SMALLEST = 1e-7;
/** No zone reaches further than all of a price. */
const LARGEST = 1;

const asked: Asked = { ...NOTHING_ASKED };

/** What a leg adds to a condition at a price. */
function surplusAt(legs: Legs, leg: number, price: number, { initial, maintenance }: Plane): number {
  ask(legs, leg, price, asked);
  return (legs.slope[leg] as number) * price - (legs.cost[leg] as number) - initial * asked.initial - maintenance * asked.maintenance;
}

/** What the terms of a leg amount to without their signs: the measure of how wrong their sum can be. Follows `surplusAt`. */
const sizeAt = (legs: Legs, leg: number, price: number, { initial, maintenance }: Plane): number =>
  Math.abs((legs.slope[leg] as number) * price) +
  Math.abs(legs.cost[leg] as number) +
  initial * asked.initialSize +
  maintenance * asked.maintenanceSize;

const errorOf = (legs: Legs, size: number, { initial, maintenance }: Plane): number =>
  HALF_UNIT * (OPERATIONS_A_LEG * legs.count + OPERATIONS) * size + ROUNDED_A_LEG * (legs.count + 1) * (1 + initial + maintenance);

/** How fast a leg's surplus changes with its price now, per tick upwards. Follows `ask` at that price. */
const gradient = (legs: Legs, leg: number, price: number, { initial, maintenance }: Plane): number => {
  const required = initial * asked.initialSlope + maintenance * asked.maintenanceSlope;
  return (legs.slope[leg] as number) - (price < 0 ? -required : required);
};

/** A leg's price moved by a share of itself, against its holder or for him. */
function moved(legs: Legs, leg: number, share: number, against: boolean): number {
  const price = legs.price[leg] as number;
  const by = Math.max(Math.abs(price), 1) * share;
  return (losingSide(legs, leg) === LOW) === against ? price - by : price + by;
}

/** The zone in which the account stays quiet; nothing where it cannot be proven to be quiet now. */
export function zoneOf(legs: Legs, cash: number, quiet: Quiet, zone: Zone): boolean {
  const planes = planesOf(quiet);
  zone.against = LARGEST;
  for (const plane of planes.notBelow) {
    const share = shareAgainst(legs, cash, plane);
    if (share <= 0) return false;
    zone.against = Math.min(zone.against, share);
  }
  let held: Plane | undefined;
  zone.inFavour = 0;
  for (const plane of planes.below) {
    const share = shareInFavour(legs, cash, plane);
    if (share <= zone.inFavour) continue;
    zone.inFavour = Math.min(LARGEST, share);
    held = plane;
  }
  if (planes.below.length > 0 && !held) return false;
  if (!held) zone.inFavour = planes.notBelow.every((plane) => neverLosesInFavour(legs, plane)) ? Number.POSITIVE_INFINITY : zone.against;
  for (let tries = 0; tries < TRIES; tries++) {
    const firm = planes.notBelow.every((plane) => staysAbove(legs, cash, plane, zone));
    const low = !held || staysBelow(legs, cash, held, zone);
    if (firm && low) return zone.against >= SMALLEST && zone.inFavour >= SMALLEST;
    if (!firm || !held) zone.against /= 2;
    if (!low || !firm) zone.inFavour /= 2;
  }
  return false;
}

/** By what share prices may move against the account, going by their gradients; zero where it may be below already. */
function shareAgainst(legs: Legs, cash: number, plane: Plane): number {
  let [sum, size, loss] = [cash + plane.constant, Math.abs(cash) + Math.abs(plane.constant), 0];
  for (let leg = 0; leg < legs.count; leg++) {
    const price = legs.price[leg] as number;
    sum += surplusAt(legs, leg, price, plane);
    size += sizeAt(legs, leg, price, plane);
    const slope = gradient(legs, leg, price, plane);
    loss += Math.max(0, losingSide(legs, leg) === LOW ? slope : -slope) * Math.max(Math.abs(price), 1);
  }
  const room = sum - 2 * errorOf(legs, size, plane);
  if (room <= 0) return 0;
  return loss === 0 ? LARGEST : room / loss;
}

/** By what share prices may move in favour of the account before it may be back above; zero where it may be already. */
function shareInFavour(legs: Legs, cash: number, plane: Plane): number {
  let [sum, size, gain] = [cash + plane.constant, Math.abs(cash) + Math.abs(plane.constant), 0];
  for (let leg = 0; leg < legs.count; leg++) {
    const price = legs.price[leg] as number;
    sum += surplusAt(legs, leg, price, plane);
    size += sizeAt(legs, leg, price, plane);
    gain += Math.abs(gradient(legs, leg, price, plane)) * Math.max(Math.abs(price), 1);
  }
  const room = -sum - 2 * errorOf(legs, size, plane);
  if (room <= 0) return 0;
  return gain === 0 ? LARGEST : room / gain;
}

/** Whether no leg's surplus ever falls when its price moves for its holder: then that side needs no end. */
function neverLosesInFavour(legs: Legs, { initial, maintenance }: Plane): boolean {
  for (let leg = 0; leg < legs.count; leg++) {
    const most = steepest(legs, leg);
    if (Math.abs(legs.slope[leg] as number) < initial * most.initial + maintenance * most.maintenance) return false;
  }
  return true;
}

/** Whether the condition holds in the whole zone: concave, each leg is least at one of its ends. */
function staysAbove(legs: Legs, cash: number, plane: Plane, { against, inFavour }: Zone): boolean {
  let [sum, size] = [cash + plane.constant, Math.abs(cash) + Math.abs(plane.constant)];
  for (let leg = 0; leg < legs.count; leg++) {
    const worse = moved(legs, leg, against, true);
    let least = surplusAt(legs, leg, worse, plane);
    let most = sizeAt(legs, leg, worse, plane);
    if (inFavour !== Number.POSITIVE_INFINITY) {
      const better = moved(legs, leg, inFavour, false);
      least = Math.min(least, surplusAt(legs, leg, better, plane));
      most = Math.max(most, sizeAt(legs, leg, better, plane));
    }
    sum += least;
    size += most;
  }
  return sum >= errorOf(legs, size, plane);
}

/** Whether the condition fails in the whole zone: concave, each leg lies under its tangent. */
function staysBelow(legs: Legs, cash: number, plane: Plane, { against, inFavour }: Zone): boolean {
  let [sum, size] = [cash + plane.constant, Math.abs(cash) + Math.abs(plane.constant)];
  for (let leg = 0; leg < legs.count; leg++) {
    const price = legs.price[leg] as number;
    const now = surplusAt(legs, leg, price, plane);
    const slope = gradient(legs, leg, price, plane);
    size += sizeAt(legs, leg, price, plane);
    const [worse, better] = [slope * (moved(legs, leg, against, true) - price), slope * (moved(legs, leg, inFavour, false) - price)];
    sum += now + Math.max(worse, better);
    size += Math.abs(worse) + Math.abs(better);
  }
  return sum <= -errorOf(legs, size, plane);
}

/** Where a leg's zone ends on the side on which it loses, and on the other. */
export const worseEnd = (legs: Legs, leg: number, zone: Zone): number => moved(legs, leg, zone.against, true);
export const betterEnd = (legs: Legs, leg: number, zone: Zone): number => moved(legs, leg, zone.inFavour, false);
