/** What a command has made or changed: named by its event, read as `node` reads, as of the command or later. */

import { Extensions, getMetadataStorage } from 'type-graphql';
import type { EventOf, EventType } from '../../core/message/event';
import { known } from '../../units/failure';
import { type KeyPart, readKeyed } from '../reading/identity';
import type { Resolve } from '../reading/link';
import { Of, OPTIONAL } from '../schema/fields';
import { eventIn, type Payload } from './payload';

type Decorate = PropertyDecorator & MethodDecorator;

/** The class of a type of the schema, asked for when all are there. */
const classOf = (name: string) =>
  known(
    getMetadataStorage().objectTypes.find((type) => type.name === name),
    'Type',
    name,
  ).target as new () => object;

/** A field of a payload: the object that an event names. Null where the command caused no such event. */
export const Made =
  <Type extends EventType>(
    of: string,
    description: string,
    type: Type,
    keyOf: (event: EventOf<Type>) => readonly KeyPart[],
  ): Decorate =>
  (prototype: object, name: string | symbol) => {
    const resolve: Resolve<Payload> = async ({ made }, context) => {
      const event = eventIn(made, type);
      return event ? readKeyed(context, of, keyOf(event)) : null;
    };
    Of(() => classOf(of), description, OPTIONAL)(prototype, name);
    Extensions({ resolve })(prototype, name);
  };
