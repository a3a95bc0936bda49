/** Frames of WebSocket, right and wrong, and what a server says in its own. */

export interface Frame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly fin?: boolean;
  readonly reserved?: number; // the three bits behind it
  readonly masked?: boolean;
  readonly length?: number; // what its head says, where that is not so
}

export const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

export function frame({
  opcode,
  payload,
  fin = true,
  reserved = 0,
  masked = true,
  length = payload.length,
}: Frame): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const head = Buffer.alloc(short === 126 ? 4 : short === 127 ? 10 : 2);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | short;
  if (short === 126) head.writeUInt16BE(length, 2);
  if (short === 127) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, payload]);
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ (mask[i % 4] as number))]);
}

export const text = (message: object | string): Buffer =>
  frame({ opcode: OPCODE.TEXT, payload: Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)) });

/** The request that opens a socket. */
export const opening = (...more: readonly string[]): Buffer =>
  Buffer.from(
    [
      'GET /graphql HTTP/1.1',
      'Host: h',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: graphql-transport-ws',
      ...more,
      '\r\n',
    ].join('\r\n'),
    'latin1',
  );

/** The code with which a server has closed a socket, if it has. */
export function closeCodeOf(answer: Buffer): number | undefined {
  let at = answer.indexOf('\r\n\r\n') + 4;
  while (at >= 4 && at + 2 <= answer.length) {
    const opcode = (answer[at] as number) & 0x0f;
    let length = (answer[at + 1] as number) & 0x7f;
    let head = 2;
    if (length === 126) {
      if (at + 4 > answer.length) return undefined;
      length = answer.readUInt16BE(at + 2);
      head = 4;
    } else if (length === 127) {
      if (at + 10 > answer.length) return undefined;
      length = Number(answer.readBigUInt64BE(at + 2));
      head = 10;
    }
    if (opcode === OPCODE.CLOSE)
      return at + head + 2 <= answer.length && length >= 2 ? answer.readUInt16BE(at + head) : undefined;
    at += head + length;
  }
  return undefined;
}
