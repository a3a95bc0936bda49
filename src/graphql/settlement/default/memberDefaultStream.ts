/**
 * Defaults of members as they go: everybody hears that there is one and how far it is; staff and the members concerned
 * the rest.  Rule: X-7
 */

import { Args, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event } from '../../../core/message/event';
import { MEMBER_DEFAULT_EVENTS, type MemberDefaultEvent } from '../../../core/message/memberDefault';
import type { MemberId } from '../../../core/model/account';
import { Access, Reached, ROLES } from '../../access/policy';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { eventEnumOf } from '../../schema/enums';
import { Id, Of, OPTIONAL, Text } from '../../schema/fields';
import type { Delivery } from '../../subscription/delivery';
import { StreamArgs, StreamMessage } from '../../subscription/message';
import { openStream } from '../../subscription/open';
import { DefaultPhase } from './memberDefault';

// Bids are sealed: nobody hears of them.
type Told = Exclude<MemberDefaultEvent, { type: 'DefaultPolicySet' | 'LotBidPlaced' }>;
const TOLD = (Object.keys(MEMBER_DEFAULT_EVENTS) as MemberDefaultEvent['type'][]).filter(
  (type): type is Told['type'] => type !== 'DefaultPolicySet' && type !== 'LotBidPlaced',
);

export const MemberDefaultEventType = eventEnumOf(
  'MemberDefaultEventType',
  'A kind of event of a member or its default.',
  TOLD,
);

@Reached()
@ObjectType({
  description: 'An event of a member or its default. The type decides which fields are set.',
  implements: StreamMessage,
})
export class MemberDefaultMessage extends StreamMessage {
  @Of(() => MemberDefaultEventType, 'What happened. Null in messages that are not events.', OPTIONAL)
  type!: string | null;

  @Ref('MemberDefault', 'The default.', { ...OPTIONAL, link: 'memberDefault' })
  defaultId!: string | null;

  @Ref('Member', 'The member.', OPTIONAL)
  memberId!: string | null;

  @Of(() => DefaultPhase, 'The phase of the default, if it changed.', OPTIONAL)
  phase!: string | null;

  @Text('The status: of the member if it changed, or of an offer or a default that ended.', OPTIONAL)
  outcome!: string | null;

  @Id('The currency that it is about.', OPTIONAL)
  currency!: string | null;

  @Ref('PortOffer', 'The offer that it is about.', OPTIONAL)
  portId!: string | null;
}

interface Item {
  readonly type: string | null;
  readonly defaultId: string | null;
  readonly memberId: MemberId;
  readonly portId: string | null;
}

const isTold = (event: Event): event is Told => TOLD.some((type) => type === event.type);

/** What everybody may hear; the rest is for staff and for the members it is about. */
const OPEN_TO_ALL: ReadonlySet<string> = new Set([
  'DefaultDeclared',
  'DefaultPhaseChanged',
  'DefaultClosed',
  'DefaultAuctionStarted',
  'DefaultAuctionEnded',
] satisfies Told['type'][]);

/** The members an event is about. */
function membersOf(event: Told): readonly MemberId[] {
  switch (event.type) {
    case 'DefaultDeclared':
      return [event.declared.member];
    case 'PortOffered':
      return [event.offered.from, event.offered.to];
    case 'ClientsPorted':
      return [event.member, event.toMember];
    default:
      return [event.member];
  }
}

function itemOf(event: Told): Item & { phase: string | null; outcome: string | null; currency: string | null } {
  const memberId = membersOf(event)[0] ?? '';
  const ids = {
    defaultId:
      event.type === 'DefaultDeclared'
        ? event.declared.id
        : event.type === 'PortOffered'
          ? event.offered.default
          : null,
    portId: event.type === 'PortOffered' ? event.offered.id : 'port' in event ? event.port : null,
  };
  return {
    type: event.type,
    memberId,
    portId: ids.portId,
    defaultId: ids.defaultId ?? ('default' in event ? event.default : null),
    phase: 'phase' in event ? event.phase : null,
    outcome: 'outcome' in event ? event.outcome : event.type === 'MemberStatusChanged' ? event.to : null,
    currency: 'currency' in event ? event.currency : null,
  };
}

function streamDefaults(context: Context, args: StreamArgs): Promise<AsyncIterable<Delivery>> {
  const { sight } = context;
  const hears = (event: Told): boolean =>
    OPEN_TO_ALL.has(event.type) ||
    sight.accounts === 'ALL' ||
    (sight.accounts === 'MEMBER' && membersOf(event).includes(sight.member));
  return openStream<Item>(context, args, {
    name: 'memberDefaults',
    filter: {},
    pick: (event) => (isTold(event) && hears(event) ? () => itemOf(event) : undefined),
    async state({ db }) {
      const open = await db.memberDefault.findMany({ where: { status: 'OPEN' }, orderBy: { declaredSeq: 'asc' } });
      return open.map(({ id, memberId }) => ({ type: null, defaultId: id, memberId, portId: null }));
    },
  });
}

@Resolver(() => MemberDefaultMessage)
export class MemberDefaultStream {
  @Access(...ROLES)
  @Subscription(() => MemberDefaultMessage, {
    subscribe: ({ args, context }) => streamDefaults(context, args),
    description: 'The events of members in trouble and of their defaults that the caller may see.',
  })
  memberDefaults(
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: MemberDefaultMessage,
  ): MemberDefaultMessage {
    return message;
  }
}
