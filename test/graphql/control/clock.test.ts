/** What officers say of a step of the clock, and what the house shows of its own.  Ruling 23 */

import { act } from '../acts';
import { givenPerpetual, openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
});
afterAll(() => server.close());

test('while the clock goes as it should there is no step to see, and none to accept', async () => {
  const { house } = await server.get<{ house: { clock: unknown } }>(
    'officer',
    '{ house { clock { step { entry } ahead } } }',
  );
  expect(house.clock).toEqual({ step: null, ahead: '0s' });
  const { rejections, outcome } = await act(server, 'officer', 'acceptClockStep', { entry: '1', reason: 'a leap' });
  expect([outcome, rejections[0]?.code]).toEqual(['REJECTED', 'CLOCK_NOT_STEPPED']);
});
