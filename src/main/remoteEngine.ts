/** The engine in a thread of its own, used from this one as if it ran here. */

import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { HouseClock } from '../sequencer/clock';
import { type House, houseStopped, Unavailable } from '../sequencer/house';
import { BATCH_LIMIT } from '../sequencer/sequencer';
import { HOUSE_KINDS } from '../sequencer/thread/calls';
import { joinHouse } from '../sequencer/thread/remote';
import { errorOf } from '../thread/failure';
import { startThread, ThreadLost } from '../thread/thread';
import type { Engine, EngineOptions } from './engine';
import type { EngineCalls, EngineNews } from './engineThread';

export interface RemoteEngineOptions extends Omit<EngineOptions, 'recentSize'> {
  readonly clock: HouseClock;
}

/**
 * A command leaves hundreds of small things behind: with a fourth of this room collecting them took a tenth of the
 * thread.
 */
const YOUNG_MB = 64;

/** Starts it. Throws what opening a journal throws. */
export async function startEngine(options: RemoteEngineOptions): Promise<Engine> {
  const { config, clock, onFatal, onSnapshotLost, acceptLoss = false } = options;
  let lose = (_reason: Unavailable): void => undefined;
  const fatal = (error: Error): void => {
    lose(houseStopped());
    onFatal(error);
  };
  const thread = startThread<EngineCalls, EngineNews>(join(__dirname, 'engineThread'), {
    name: 'engine',
    youngMb: YOUNG_MB,
    here: {
      fatal: (failure) => fatal(errorOf(failure, HOUSE_KINDS)),
      snapshotLost: (failure) => onSnapshotLost(errorOf(failure, HOUSE_KINDS)),
      trouble: ({ kind, trouble }) => options.onTrouble?.(kind, trouble),
      news: ({ kind, says }) => options.onNews?.(kind, says),
    },
    kinds: HOUSE_KINDS,
    onLost: fatal,
  });
  const ports: MessagePort[] = [];

  function connect(setsClock = false): MessagePort {
    const { port1, port2 } = new MessageChannel();
    thread.tell('serve', { port: port2, setsClock }, [port2]);
    return port1;
  }

  async function end(): Promise<void> {
    for (const port of ports) port.close();
    await thread.end();
  }

  try {
    const recovered = await thread.ask('open', { config, clock: clock.setting, acceptLoss });
    const port = connect(true);
    ports.push(port);
    // Besides what waits there, what is being executed there.
    const limits = { queueLimit: config.queueLimit + BATCH_LIMIT, recentSize: config.recentSize };
    const remote = await joinHouse(port, { clock, ...limits, onError: (error) => fatal(error as Error) });
    lose = remote.stop;
    const house: House = {
      ...remote,
      async close() {
        try {
          await thread.ask('close', null);
        } catch (error) {
          // A thread that is gone has been told of, and holds nothing any more.
          if (!(error instanceof ThreadLost)) throw error;
        } finally {
          remote.stop(new Unavailable('CLOSED', 'The house is closed', 0));
          await end();
        }
      },
    };
    return { house, recovered, connect: () => connect(), keepTime: () => thread.tell('keepTime', null) };
  } catch (error) {
    await end();
    throw error;
  }
}
