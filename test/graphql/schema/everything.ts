/** Everything in the schema that can be described, by its place. */

import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { schema } from '../../../src/graphql/schema';

/** Types of the API, without those of GraphQL itself. */
export const types: readonly GraphQLNamedType[] = Object.values(schema().getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

export interface Described {
  readonly place: string;
  readonly description: string | null | undefined;
}

/** Everything that has a description, arguments included. */
export function everything(): Described[] {
  return types.flatMap((type) => {
    const own: Described = { place: type.name, description: type.description };
    if (isEnumType(type))
      return [
        own,
        ...type.getValues().map(({ name, description }) => ({ place: `${type.name}.${name}`, description })),
      ];
    if (isInputObjectType(type))
      return [
        own,
        ...Object.values(type.getFields()).map(({ name, description }) => ({
          place: `${type.name}.${name}`,
          description,
        })),
      ];
    if (!isObjectType(type) && !isInterfaceType(type)) return [own];
    return [
      own,
      ...Object.values(type.getFields()).flatMap((field) => [
        { place: `${type.name}.${field.name}`, description: field.description },
        ...field.args.map(({ name, description }) => ({ place: `${type.name}.${field.name}.${name}`, description })),
      ]),
    ];
  });
}
