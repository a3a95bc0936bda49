/**
 * Where an object is named by its id, a link to it stands beside the name, and leads nowhere where its caller does not
 * see it.
 */

import { isObjectType } from 'graphql';
import type { Context } from '../../../src/graphql/reading/context';
import { readKeyed } from '../../../src/graphql/reading/identity';
import { schema } from '../../../src/graphql/schema';
import { givenPerpetual, openAccount, openServer, pay, type TestServer, trade } from '../support';

/** Names of what has versions, and so is no one object, and of trades as their venue calls them. */
const NO_OBJECT = new Set(['nodeId', 'policyId', 'ladderId', 'poolId', 'tradeId']);

test('every id of another object has a link beside it', () => {
  const types = Object.values(schema().getTypeMap()).filter(isObjectType);
  const ids = types.flatMap((type) =>
    Object.values(type.getFields()).flatMap(({ name, type: of }) =>
      /Id$/.test(name) && /^ID!?$/.test(String(of)) && !NO_OBJECT.has(name)
        ? [{ type, name: name.replace(/Id$/, '') }]
        : [],
    ),
  );
  const alone = ids.filter(({ type, name }) => {
    const fields = type.getFields();
    return !isObjectType((fields[name] ?? (name === 'default' ? fields['memberDefault'] : undefined))?.type);
  });
  expect(alone.map(({ type, name }) => `${type.name}.${name}`)).toEqual([]);
  expect(ids.length).toBeGreaterThan(90);
});

describe('links', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await givenPerpetual(server);
    for (const [account, member] of [
      ['carol', 'broker'],
      ['ivy', 'rival'],
    ] as const) {
      await openAccount(server, account, member);
      await pay(server, account, '10000');
    }
    await trade(server, 'carol', 'ivy', '1');
  });
  afterAll(() => server.close());

  const TRADES =
    '{ trades(first: 5) { nodes { buyerId sellerId buyer { id member { id } } seller { id } instrument { id } } } }';
  interface Trades {
    readonly trades: { readonly nodes: readonly object[] };
  }

  test('lead to the objects as their caller sees them, and nowhere else', async () => {
    const instrument = { id: 'BTC-PERP' };
    const buyer = { buyerId: 'carol', buyer: { id: 'carol', member: { id: 'broker' } } };
    expect((await server.get<Trades>('admin', TRADES)).trades.nodes).toEqual([
      { ...buyer, sellerId: 'ivy', seller: { id: 'ivy' }, instrument },
    ]);
    expect((await server.get<Trades>('broker', TRADES)).trades.nodes).toEqual([
      { ...buyer, sellerId: null, seller: null, instrument },
    ]);
  });

  test('X-5 who may not read a type is led to none of it', async () => {
    const asked = (role: string): Promise<object | null> =>
      readKeyed({ actor: { role } } as Context, 'Account', ['carol']);
    await expect(asked('FEED')).resolves.toBeNull();
    await expect(asked('ADMIN')).rejects.toThrow('read is not a function');
  });
});
