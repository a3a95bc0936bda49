/**
 * The table of commands as tests see it: a check that answers with a refusal which the definition of its command does
 * not list throws. Whatever executes a command in a test goes through it; jest.config.js puts it in the place of the
 * table.
 */

import {
  type AnyHandler,
  type EngineCommand,
  refusalsOf,
  handlerOf as tableHandlerOf,
} from '../../src/core/engine/commands';
import { COMMANDS, type CommandType } from '../../src/core/message/command';
import type { Definition } from '../../src/core/message/definition';
import type { Checked } from '../../src/core/message/rejection';

export { HANDLERS, refusalsOf } from '../../src/core/engine/commands';

type Handled = Exclude<CommandType, EngineCommand>;

const handlers = new Map<Handled, AnyHandler>();

export function handlerOf(type: Handled): AnyHandler {
  const known = handlers.get(type) ?? held(type, tableHandlerOf(type));
  handlers.set(type, known);
  return known;
}

export function held(type: Handled, handler: AnyHandler): AnyHandler {
  const { refusals }: Definition = COMMANDS[type];
  const listed: ReadonlySet<string> = new Set(refusals);
  const check: AnyHandler['check'] = (...asked) => {
    const checked = handler.check(...asked);
    const unlisted = codesOf(checked).find((code) => !listed.has(code));
    if (unlisted !== undefined)
      throw new Error(`${type} is refused with ${unlisted}, which its definition does not list`);
    return checked;
  };
  return { ...handler, check };
}

function codesOf(checked: Checked<unknown>): readonly string[] {
  if (checked.rejection) return [checked.rejection.code];
  return refusalsOf(checked.ok).map(({ rejection }) => rejection.code);
}
