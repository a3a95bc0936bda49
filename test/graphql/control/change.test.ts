/**
 * Terms that are announced, as their readers see them: what comes, what was taken back, and what notice there is.  X-6
 */

import { act } from '../acts';
import { openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const CHANGE = 'id change status command effectiveAt scheduledBy approvedBy cancelledBy cancelReason endedAt';
interface Change {
  readonly id: string;
  readonly status: string;
  readonly command: string;
}

test('X-6 a change is read by everybody before it holds, who announced it by the staff alone, and it is taken back', async () => {
  const effectiveAt = new Date(server.clock.now() + 86_400_000).toISOString();
  const terms = { keys: '3d', trades: '9d', effectiveAt };
  const { scheduledChange } = await act<{ scheduledChange: Change }>(
    server,
    'officer',
    'setRetention',
    terms,
    'scheduledChange { id }',
  );
  const { id } = scheduledChange;
  const read = async (key: 'admin' | 'broker') =>
    (await server.get<{ scheduledChange: Change }>(key, `{ scheduledChange(id: "${id}") { ${CHANGE} } }`))
      .scheduledChange;
  const announced = {
    id,
    change: 'RETENTION',
    status: 'SCHEDULED',
    effectiveAt,
    cancelledBy: null,
    cancelReason: null,
    endedAt: null,
  };
  expect(await read('admin')).toMatchObject({ ...announced, scheduledBy: 'officer', approvedBy: null });
  expect(await read('broker')).toMatchObject({ ...announced, scheduledBy: null });
  expect(JSON.parse((await read('broker')).command)).toMatchObject({ type: 'SetRetention', keys: 3 * 86_400_000 });

  const input = { change: id, reason: 'no longer needed' };
  const { cancelled } = await act<{ cancelled: Change }>(
    server,
    'admin',
    'cancelScheduledChange',
    input,
    `cancelled { ${CHANGE} }`,
  );
  const over = {
    id,
    status: 'CANCELLED',
    cancelReason: 'no longer needed',
    endedAt: new Date(server.clock.now()).toISOString(),
  };
  expect(cancelled).toMatchObject({ ...over, cancelledBy: 'admin' });
  expect(await read('broker')).toMatchObject({ ...over, cancelledBy: null });
  const again = await act(server, 'admin', 'cancelScheduledChange', input);
  expect(again).toMatchObject({ outcome: 'REJECTED', rejections: [{ code: 'SCHEDULED_CHANGE_NOT_FOUND' }] });
});

test('X-6 the notice of each kind of change is read back by everybody', async () => {
  await act(server, 'officer', 'setNotice', { change: 'MARGIN_POLICY', notice: '2d' });
  await act(server, 'officer', 'setNotice', { change: 'TIER_SCHEDULE', notice: '1d' });
  const { notices } = await server.get<{ notices: { nodes: unknown[] } }>(
    'broker',
    '{ notices(first: 9) { nodes { change notice } } }',
  );
  expect(notices.nodes).toEqual([
    { change: 'MARGIN_POLICY', notice: '2d' },
    { change: 'TIER_SCHEDULE', notice: '1d' },
  ]);
});
