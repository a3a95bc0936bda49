/** Defaults of members as they go: everybody hears that there is one and how far it is; staff and the members concerned the rest.  Rule: X-7 */

import { Args, Ctx, FieldResolver, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event } from '../../../core/message/event';
import type { MemberDefaultEvent } from '../../../core/message/memberDefault';
import type { MemberId } from '../../../core/model/account';
import { Access, Reached, ROLES } from '../../access/policy';
import type { Context } from '../../reading/context';
import { enumOf } from '../../schema/enums';
import { Id, Of, OPTIONAL, Text } from '../../schema/fields';
import type { Delivery } from '../../subscription/delivery';
import { StreamArgs, StreamMessage } from '../../subscription/message';
import { openStream } from '../../subscription/open';
import { DefaultPhase, MemberDefault, readMemberDefault } from './memberDefault';
import { PortOffer, readPort } from './port';

// Bids are sealed: nobody hears of them.
type Told = Exclude<MemberDefaultEvent, { type: 'DefaultPolicySet' | 'LotBidPlaced' }>;

export const MemberDefaultEventType = enumOf<Told['type']>('MemberDefaultEventType', 'What happened to a member or its default.', {
  MemberStatusChanged: 'The member was suspended, reinstated, put in default or terminated.',
  DefaultDeclared: 'It was declared in default.',
  DefaultNetted: 'What it held itself became one amount.',
  PortOffered: 'Clients were offered to another member.',
  PortEnded: 'An offer was declined or expired.',
  ClientsPorted: 'Clients moved to another member.',
  DefaultPhaseChanged: 'The default has come further.',
  DefaultSplit: 'The portfolio was split into lots.',
  DefaultAuctionStarted: 'Lots were offered to members.',
  DefaultAuctionEnded: 'A round of bids ended.',
  DefaultCostCharged: 'A cost was charged.',
  DefaultSettled: 'A currency got its result.',
  DefaultClosed: 'The default was closed.',
});

@Reached()
@ObjectType({ description: 'Something that happened to a member or its default. Which fields are set depends on what.' })
export class MemberDefaultMessage extends StreamMessage {
  @Of(() => MemberDefaultEventType, 'What happened; null of messages that are no event.', OPTIONAL)
  type!: string | null;

  @Id('The default.', OPTIONAL)
  defaultId!: string | null;

  @Id('The member.', OPTIONAL)
  memberId!: string | null;

  @Of(() => DefaultPhase, 'How far it is, where that changed.', OPTIONAL)
  phase!: string | null;

  @Text('How the member stands, where that changed; how an offer or the default ended.', OPTIONAL)
  outcome!: string | null;

  @Id('The currency it is about.', OPTIONAL)
  currency!: string | null;

  @Id('The offer it is about.', OPTIONAL)
  portId!: string | null;
}

interface Item {
  readonly type: string | null;
  readonly defaultId: string | null;
  readonly memberId: MemberId;
  readonly portId: string | null;
}

const isTold = (event: Event): event is Told => event.type in MemberDefaultEventType;

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
    defaultId: event.type === 'DefaultDeclared' ? event.declared.id : event.type === 'PortOffered' ? event.offered.default : null,
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
    OPEN_TO_ALL.has(event.type) || sight.accounts === 'ALL' || (sight.accounts === 'MEMBER' && membersOf(event).includes(sight.member));
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
    description: 'What happens to members in trouble and their defaults, as far as the caller may hear it.',
  })
  memberDefaults(@Args(() => StreamArgs) _args: StreamArgs, @Root() message: MemberDefaultMessage): MemberDefaultMessage {
    return message;
  }

  @FieldResolver(() => MemberDefault, {
    nullable: true,
    complexity: 3,
    description: 'The default as the read models have it, at this entry or later.',
  })
  memberDefault(@Root() { defaultId }: MemberDefaultMessage, @Ctx() context: Context): Promise<MemberDefault | null> | null {
    return defaultId ? readMemberDefault(context, defaultId) : null;
  }

  @FieldResolver(() => PortOffer, {
    nullable: true,
    complexity: 3,
    description: 'The offer as the read models have it, at this entry or later; null where the caller may not see it.',
  })
  port(@Root() { portId }: MemberDefaultMessage, @Ctx() context: Context): Promise<PortOffer | null> | null {
    return portId ? readPort(context, portId) : null;
  }
}
