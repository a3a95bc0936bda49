/** The thread of the engine: opens it, and serves the house on every port it is given. */

import type { MessagePort } from 'node:worker_threads';
import { type ClockSetting, createClock, type SettableClock } from '../sequencer/clock';
import type { Trouble } from '../sequencer/house';
import { HOUSE_KINDS } from '../sequencer/thread/calls';
import { serveHouse } from '../sequencer/thread/serve';
import { type Failure, failureOf } from '../thread/failure';
import { lineOut } from '../thread/thread';
import { duration } from '../units/quantity';
import type { Config } from './config';
import { type Engine, type EngineNewsKind, type EngineOptions, openEngine, type Recovery } from './engine';

/** What the main thread asks for. */
export interface EngineCalls {
  open(given: {
    readonly config: Config;
    readonly clock: ClockSetting;
    readonly acceptLoss: boolean;
  }): Promise<Recovery>;
  /** Told, with the port: the house is served there. The clock may be set from where `setsClock` says so. */
  serve(place: { readonly port: MessagePort; readonly setsClock: boolean }): void;
  keepTime(nothing: null): void;
  close(nothing: null): Promise<void>;
}

/** What the main thread is told. */
export interface EngineNews {
  fatal(failure: Failure): void;
  snapshotLost(failure: Failure): void;
  news(said: { readonly kind: EngineNewsKind; readonly says: string }): void;
  trouble(now: { readonly kind: Trouble['kind']; readonly trouble: Trouble | undefined }): void;
}

/** Enough for answers that are asked for again, and for whoever lags a little: the main thread keeps more. */
const RECENT_SIZE = 2_000_000;

let clock: SettableClock;
let engine: Engine | undefined;
const ends: (() => void)[] = [];

function opened(): Engine {
  if (!engine) throw new Error('The engine is not open');
  return engine;
}

const onFatal = (error: unknown): void => line.tell('fatal', failureOf(error, HOUSE_KINDS));

const calls: EngineCalls = {
  async open({ config, clock: setting, acceptLoss }) {
    clock = createClock(setting, duration(config.clockStep));
    const onSnapshotLost = (error: unknown): void => line.tell('snapshotLost', failureOf(error, HOUSE_KINDS));
    const onTrouble: NonNullable<EngineOptions['onTrouble']> = (kind, trouble) =>
      line.tell('trouble', { kind, trouble });
    const recentSize = Math.min(RECENT_SIZE, config.recentSize);
    const onNews: NonNullable<EngineOptions['onNews']> = (kind, says) => line.tell('news', { kind, says });
    engine = await openEngine({ config, clock, acceptLoss, recentSize, onFatal, onSnapshotLost, onTrouble, onNews });
    return engine.recovered;
  },
  serve({ port, setsClock }) {
    ends.push(serveHouse(port, { house: opened().house, onError: onFatal, ...(setsClock ? { clock } : {}) }), () =>
      port.close(),
    );
  },
  keepTime: () => opened().keepTime(),
  async close() {
    await engine?.house.close();
    for (const end of ends) end();
  },
};

const line = lineOut<EngineNews, EngineCalls>(calls, HOUSE_KINDS);
