/**
 * Proving that an account is quiet, and in which zone of factors it stays so. Each condition is a sum of concave
 * functions, one a leg, of that leg's factor alone. Over a box of factors the sum is therefore no smaller than the sum
 * of each leg's smaller end, and no larger than its tangent says. A box is guessed by sharing out the headroom, and
 * then proven at its corners, with a bound on what floats can be wrong by; a guess that fails is halved.  Rules: RLM-2,
 * RMR-1
 */

import { MARGIN_PER_CASH } from '../../../units/quantity';
import type { Quiet, Surplus } from '../../model/watch';
import { ask, type Corner, createCorner, type Gradients, type Legs, losingSide, steepest } from './legs';
import { quotient } from './terms';
import { LOW } from './triggers';

/** A condition in floats: equity - initial x `initial` - maintenance x `maintenance` + `constant`, in cash. */
export interface Plane {
  readonly initial: number;
  readonly maintenance: number;
  readonly constant: number;
}

interface Planes {
  readonly notBelow: readonly Plane[];
  readonly below: readonly Plane[];
}

export const planeOf = ({ equity, initial, maintenance, constant }: Surplus): Plane => ({
  initial: quotient(initial, equity),
  maintenance: quotient(maintenance, equity),
  constant: quotient(constant, equity * MARGIN_PER_CASH),
});

/** Conditions as planes, made once: most accounts share theirs. */
const compiled = new WeakMap<Quiet, Planes>();

function planesOf(quiet: Quiet): Planes {
  let planes = compiled.get(quiet);
  if (!planes) {
    planes = { notBelow: quiet.notBelow.map(planeOf), below: quiet.below.map(planeOf) };
    compiled.set(quiet, planes);
  }
  return planes;
}

/** A zone: each leg may move by these shares of its factor, against its holder and for him. */
export interface Zone {
  against: number;
  inFavour: number; // infinite where no move of that kind can matter
}

/** Half a unit in the last place of 1: what one operation can be wrong by, as a share. */
const HALF_UNIT = 2 ** -53;
/** Operations behind a figure, generously: so many a leg, and so many besides. */
const OPERATIONS_A_LEG = 16;
const OPERATIONS = 64;
/** What rounding requirements at 1e-12 of a unit of cash can add a leg, generously. */
const ROUNDED_A_LEG = 1e-11;

/** The zone is shrunk so often before a proof is given up, and no zone is smaller than this share of a factor. */
const TRIES = 8;
const SMALLEST = 1e-7;
/** No zone reaches further than all of a factor. */
const LARGEST = 1;

/** The legs now, where they have moved against their holder, and where they have moved for him. */
let now = createCorner();
let worse = createCorner();
let better = createCorner();
let gradients: Gradients = { initial: new Float64Array(64), maintenance: new Float64Array(64) };

function makeRoom(legs: number): void {
  if (legs <= now.factor.length) return;
  now = createCorner(legs * 2);
  worse = createCorner(legs * 2);
  better = createCorner(legs * 2);
  gradients = { initial: new Float64Array(legs * 2), maintenance: new Float64Array(legs * 2) };
}

/** What a leg adds to a condition at a corner. */
const surplusAt = (legs: Legs, leg: number, corner: Corner, plane: Plane): number =>
  (legs.slope[leg] as number) * (corner.factor[leg] as number) -
  (legs.cost[leg] as number) -
  plane.initial * (corner.initial[leg] as number) -
  plane.maintenance * (corner.maintenance[leg] as number);

/** What its terms amount to without their signs: the measure of how wrong their sum can be. */
const sizeAt = (legs: Legs, leg: number, corner: Corner, plane: Plane): number =>
  Math.abs((legs.slope[leg] as number) * (corner.factor[leg] as number)) +
  Math.abs(legs.cost[leg] as number) +
  plane.initial * (corner.initialSize[leg] as number) +
  plane.maintenance * (corner.maintenanceSize[leg] as number);

/** What floats can be wrong by in a sum whose terms amount to so much without their signs. */
export const errorOf = (legs: Legs, size: number, { initial, maintenance }: Plane): number =>
  HALF_UNIT * (OPERATIONS_A_LEG * legs.count + OPERATIONS) * size +
  ROUNDED_A_LEG * (legs.count + 1) * (1 + initial + maintenance);

/** How fast a leg's surplus changes with its factor now, upwards. */
function slopeOf(legs: Legs, leg: number, { initial, maintenance }: Plane): number {
  const required = initial * (gradients.initial[leg] as number) + maintenance * (gradients.maintenance[leg] as number);
  return (legs.slope[leg] as number) - ((legs.factor[leg] as number) < 0 ? -required : required);
}

/** A leg's factor moved by a share of itself, against its holder or for him. */
function moved(legs: Legs, leg: number, share: number, against: boolean): number {
  const factor = legs.factor[leg] as number;
  const by = Math.max(Math.abs(factor), 1) * share;
  return (losingSide(legs, leg) === LOW) === against ? factor - by : factor + by;
}

function moveTo(legs: Legs, corner: Corner, share: number, against: boolean): void {
  for (let leg = 0; leg < legs.count; leg++) corner.factor[leg] = moved(legs, leg, share, against);
  ask(legs, corner);
}

/** The zone in which the account stays quiet; nothing where it cannot be proven to be quiet now. */
export function zoneOf(legs: Legs, cash: number, quiet: Quiet, zone: Zone): boolean {
  const { notBelow, below } = planesOf(quiet);
  makeRoom(legs.count);
  for (let leg = 0; leg < legs.count; leg++) now.factor[leg] = legs.factor[leg] as number;
  ask(legs, now, gradients);
  zone.against = LARGEST;
  for (const plane of notBelow) {
    const share = room(legs, cash, plane, 1);
    if (!(share > 0)) return false;
    zone.against = Math.min(zone.against, share);
  }
  let held: Plane | undefined;
  zone.inFavour = 0;
  for (const plane of below) {
    const share = room(legs, cash, plane, -1);
    if (!(share > zone.inFavour)) continue;
    zone.inFavour = share;
    held = plane;
  }
  if (below.length > 0 && !held) return false;
  if (!held)
    zone.inFavour = notBelow.every((plane) => neverLosesInFavour(legs, plane))
      ? Number.POSITIVE_INFINITY
      : zone.against;
  return shrinkToProof(legs, cash, notBelow, held, zone);
}

function shrinkToProof(
  legs: Legs,
  cash: number,
  notBelow: readonly Plane[],
  held: Plane | undefined,
  zone: Zone,
): boolean {
  const open = zone.inFavour === Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES; tries++) {
    moveTo(legs, worse, zone.against, true);
    if (!open) moveTo(legs, better, zone.inFavour, false);
    const firm = notBelow.every((plane) => staysAbove(legs, cash, plane, open));
    const low = !held || staysBelow(legs, cash, held);
    if (firm && low) return zone.against >= SMALLEST && zone.inFavour >= SMALLEST;
    if (!firm || !held) zone.against /= 2;
    zone.inFavour /= 2;
  }
  return false;
}

/**
 * By what share all factors may move, by their gradients now, before a condition turns: against the account for one
 * that holds (`sign` 1), for it where one fails (-1). Zero where it may have turned already.
 */
function room(legs: Legs, cash: number, plane: Plane, sign: 1 | -1): number {
  let sum = cash + plane.constant;
  let size = Math.abs(cash) + Math.abs(plane.constant);
  let turn = 0;
  for (let leg = 0; leg < legs.count; leg++) {
    sum += surplusAt(legs, leg, now, plane);
    size += sizeAt(legs, leg, now, plane);
    const slope = slopeOf(legs, leg, plane);
    const loss = losingSide(legs, leg) === LOW ? slope : -slope;
    turn += Math.max(sign === 1 ? 0 : -loss, loss) * Math.max(Math.abs(legs.factor[leg] as number), 1);
  }
  const left = sign * sum - 2 * errorOf(legs, size, plane);
  if (!(left > 0)) return 0;
  return turn * LARGEST <= left ? LARGEST : left / turn;
}

/** Whether no leg's surplus ever falls when its factor moves for its holder: then that side needs no end. */
function neverLosesInFavour(legs: Legs, { initial, maintenance }: Plane): boolean {
  for (let leg = 0; leg < legs.count; leg++)
    if (Math.abs(legs.slope[leg] as number) < steepest(legs, leg, initial, maintenance)) return false;
  return true;
}

/** Whether the condition holds in the whole zone: concave, each leg is least at one of its ends. */
function staysAbove(legs: Legs, cash: number, plane: Plane, open: boolean): boolean {
  let sum = cash + plane.constant;
  let size = Math.abs(cash) + Math.abs(plane.constant);
  for (let leg = 0; leg < legs.count; leg++) {
    let least = surplusAt(legs, leg, worse, plane);
    let most = sizeAt(legs, leg, worse, plane);
    if (!open) {
      least = Math.min(least, surplusAt(legs, leg, better, plane));
      most = Math.max(most, sizeAt(legs, leg, better, plane));
    }
    sum += least;
    size += most;
  }
  return sum >= errorOf(legs, size, plane);
}

/** Whether the condition fails in the whole zone: concave, each leg lies under its tangent. */
function staysBelow(legs: Legs, cash: number, plane: Plane): boolean {
  let sum = cash + plane.constant;
  let size = Math.abs(cash) + Math.abs(plane.constant);
  for (let leg = 0; leg < legs.count; leg++) {
    const factor = legs.factor[leg] as number;
    const slope = slopeOf(legs, leg, plane);
    const [down, up] = [
      slope * ((worse.factor[leg] as number) - factor),
      slope * ((better.factor[leg] as number) - factor),
    ];
    sum += surplusAt(legs, leg, now, plane) + Math.max(down, up);
    size += sizeAt(legs, leg, now, plane) + Math.abs(down) + Math.abs(up);
  }
  return sum <= -errorOf(legs, size, plane);
}

/** Where a leg's zone ends on the side on which it loses, and on the other. */
export const worseEnd = (legs: Legs, leg: number, zone: Zone): number => moved(legs, leg, zone.against, true);
export const betterEnd = (legs: Legs, leg: number, zone: Zone): number => moved(legs, leg, zone.inFavour, false);
