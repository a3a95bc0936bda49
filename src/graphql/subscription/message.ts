/** What every stream sends: where it is, what time it was, and what kind of message this is. */

import { ArgsType, InterfaceType } from 'type-graphql';
import { enumOf } from '../schema/enums';
import { ABSENT, Flag, Of, OPTIONAL, Place, SeqNo, When } from '../schema/fields';

export const MessageKind = enumOf<'EVENT' | 'STATE' | 'HEARTBEAT'>(
  'MessageKind',
  'The kind of a message of a stream.',
  {
    EVENT: 'An event has happened.',
    STATE: 'The state before the events, sent first if `snapshot: true` was asked for. The first heartbeat ends it.',
    HEARTBEAT: 'Nothing has happened. The cursor is the newest.',
  },
);

@InterfaceType({ description: 'What every message of a stream says.' })
export abstract class StreamMessage {
  @Of(() => MessageKind, 'The kind of the message.')
  kind!: string;

  @Place(
    'A cursor. Hand it back as `after` to resume after this message. Null in STATE messages: the ' +
      'state is sent whole or not at all.',
    OPTIONAL,
  )
  cursor!: string | null;

  @SeqNo('The journal entry of the message.')
  seq!: number;

  @SeqNo(
    'The number of the event in this stream: 1, 2, 3 without gaps, even after it was resumed. ' +
      'Other messages have the number of the last event.',
  )
  streamSeq!: number;

  @When('House time of the journal entry.')
  at!: number;

  @When('When it was sent, by the wall clock.')
  emittedAt!: number;
}

@ArgsType()
export class StreamArgs {
  @Place('Resume after this cursor. Nothing is lost and nothing comes twice.', ABSENT)
  after!: string | null;

  @Flag('Whether to send the present state first.', { defaultValue: false })
  snapshot!: boolean;
}
