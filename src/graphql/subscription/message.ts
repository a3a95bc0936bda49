/** What every stream sends: where it is, what time it was, and what kind of message this is. */

import { ArgsType, ObjectType } from 'type-graphql';
import { Reached } from '../access/policy';
import { enumOf } from '../schema/enums';
import { ABSENT, Flag, Of, OPTIONAL, Place, SeqNo, When } from '../schema/fields';

export const MessageKind = enumOf<'EVENT' | 'STATE' | 'HEARTBEAT'>('MessageKind', 'What a message of a stream is.', {
  EVENT: 'Something has happened.',
  STATE: 'How something stands, before the events: sent first where `snapshot: true` was asked for. The first heartbeat ends it.',
  HEARTBEAT: 'Nothing has happened; the cursor is the newest.',
});

@Reached()
@ObjectType({ description: 'A message of a stream.' })
export class StreamMessage {
  @Of(() => MessageKind, 'What it is.')
  kind!: string;

  @Place('Hand it back as `after` to go on behind this message. Null of STATE messages: a state is sent whole or not at all.', OPTIONAL)
  cursor!: string | null;

  @SeqNo('Journal entry it is about.')
  seq!: number;

  @SeqNo('Number of the event in this stream: 1, 2, 3 without gaps, over resumptions too. Of other messages that of the last event.')
  streamSeq!: number;

  @When('House time of the journal entry.')
  at!: number;

  @When('When it was sent, by the wall clock.')
  emittedAt!: number;
}

@ArgsType()
export class StreamArgs {
  @Place('Go on behind this cursor: nothing is lost and nothing comes twice.', ABSENT)
  after!: string | null;

  @Flag('Send first how things stand.', { defaultValue: false })
  snapshot!: boolean;
}
