import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { root } from '../../support/simulated-tenant';

/** What a script came to. */
export interface Run {
  code: number;
  out: string;
  err: string;
}

/** One command of Azure CLI, by its options: `method`, `url`, `query`, `output`, `body`, and its `words`. */
export type Command = Readonly<Record<string, string>> & { words: string };

/** Gives what a command prints. @throws when the command fails. */
export type Answering = (command: Command) => Promise<string> | string;

/** Sends its arguments to the test, and prints what comes back. Without fetch, which takes long to load. */
const program = `const { request } = require('node:http');
request(process.env.AZ_ADDRESS, { method: 'POST' }, (answer) => {
  answer.pipe(process[answer.statusCode === 200 ? 'stdout' : 'stderr']);
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
}).end(JSON.stringify(process.argv.slice(2)));`;

/** Stands in for Azure CLI: an executable \`az\` on the PATH of a script, whose commands a test answers. */
export class AzureCli {
  /** The commands so far. */
  readonly commands: Command[] = [];
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-az-'));

  private constructor(
    private readonly server: Server,
    private readonly answering: { answer: Answering },
  ) {
    writeFileSync(path.join(this.folder, 'az.cjs'), program);
    const az = path.join(this.folder, 'az');
    writeFileSync(az, `#!/bin/sh\nexec "${process.execPath}" "${this.folder}/az.cjs" "$@"\n`);
    chmodSync(az, 0o755);
  }

  static async start(answer: Answering): Promise<AzureCli> {
    const answering = { answer };
    const server = createServer((request, response) => {
      void json(request)
        .then((given) => {
          const command = parse(given as string[]);
          cli.commands.push(command);
          return answering.answer(command);
        })
        .then(
          (text) => response.end(text),
          (error: unknown) => response.writeHead(500).end(`ERROR: ${(error as Error).message}\n`),
        );
    });
    const cli = new AzureCli(server, answering);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return cli;
  }

  /** Answers differently from now on. */
  set answer(answer: Answering) {
    this.answering.answer = answer;
  }

  /** Runs a script of `infra/scripts` with this Azure CLI. */
  run(script: string, ...options: string[]): Promise<Run> {
    return this.sh(path.join(root, 'infra/scripts', script), ...options);
  }

  /** Runs commands as somebody would who pastes them into a shell. */
  paste(commands: readonly string[]): Promise<Run> {
    return this.sh('-c', commands.join('\n'));
  }

  private sh(...given: string[]): Promise<Run> {
    const { port } = this.server.address() as AddressInfo;
    const env = { PATH: `${this.folder}:${process.env.PATH ?? ''}`, AZ_ADDRESS: `http://127.0.0.1:${port}` };
    return new Promise((resolve) => {
      execFile('sh', given, { env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  }

  stop(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** `az rest --method GET` as `{words: 'rest', method: 'GET'}`; an option with several values has them in one line each. */
function parse(given: readonly string[]): Command {
  const command: Record<string, string> = {};
  let name = 'words';
  for (const each of given) {
    if (each.startsWith('--')) name = each.slice(2);
    else command[name] = name in command ? `${command[name] ?? ''}\n${each}` : each;
  }
  return { words: '', ...command };
}
