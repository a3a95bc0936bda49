/** The interface of objects with an identity. */

import type { GraphQLResolveInfo } from 'graphql';
import { Info, InterfaceType } from 'type-graphql';
import { Id } from '../schema/fields';
import { sealNodeId, typeOf } from './identity';

@InterfaceType({
  description: 'An object that can be read again by its `nodeId`.',
  resolveType: typeOf,
})
export abstract class Node {
  @Id(
    'The id of the object, unique in the whole house. Each version of a policy has its own. It is opaque and ' +
      'never changes. Pass it to `node`.',
  )
  nodeId(@Info() { parentType }: GraphQLResolveInfo): string {
    return sealNodeId(parentType.name, this);
  }
}
