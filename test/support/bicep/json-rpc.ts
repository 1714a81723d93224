import type { Readable, Writable } from 'node:stream';

/** Calls a method, and gives its result. */
export type Caller = <Result>(method: string, parameters: object) => Promise<Result>;

interface Answer {
  id: number;
  result?: unknown;
  error?: { message: string };
}

/** Speaks JSON-RPC with a process, in messages that say their length before. https://www.jsonrpc.org/specification */
export function callerOf(input: Writable, output: Readable): Caller {
  const waiting = new Map<number, (answer: Answer) => void>();
  let read = Buffer.alloc(0);
  output.on('data', (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    for (;;) {
      const start = read.indexOf('\r\n\r\n') + 4;
      const length = Number(/Content-Length: (\d+)/i.exec(read.toString('latin1', 0, start))?.[1]);
      if (start < 4 || read.length < start + length) return;
      const answer = JSON.parse(read.toString('utf8', start, start + length)) as Answer;
      read = read.subarray(start + length);
      waiting.get(answer.id)?.(answer);
    }
  });
  // Nothing else tells those who wait that no answer will come.
  output.on('close', () => {
    for (const [id, answered] of waiting) answered({ id, error: { message: 'The process has ended.' } });
  });

  let last = 0;
  return async <Result>(method: string, parameters: object) => {
    const id = ++last;
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: parameters });
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      input.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
    waiting.delete(id);
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result as Result;
  };
}
