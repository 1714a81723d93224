import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { environmentWith } from '../../local/app-host';
import type { Stack } from '../../local/stack';
import { CliFolder } from './cli-folder';
import { root } from './simulated-tenant';

/** What a process came to. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** The built command line, with the environment of somebody who has nothing but the simulated Microsoft 365. */
export class CliProcess extends CliFolder {
  private readonly base: Record<string, string>;

  constructor(stack: Stack) {
    super();
    this.base = {
      ...environmentWith({}),
      ...tenantEnvironment(stack),
      PATH: this.searchPath,
      FORCE_COLOR: '',
    };
    const program = path.join(this.bin, 'syncwarden');
    copyFileSync(path.join(root, 'dist/cli/syncwarden.js'), program);
    chmodSync(program, 0o755);
  }

  /** Runs `syncwarden` with these arguments. */
  run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    return this.start('syncwarden', args, env);
  }

  /** Runs a script of the shell, in which `syncwarden` is a command. */
  shell(script: string, env: Record<string, string> = {}): Promise<Ended> {
    return this.start('/bin/sh', ['-c', script], env);
  }

  start(file: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
    const options = { cwd: this.folder, env: { ...this.base, ...env }, maxBuffer: 64 * 1024 * 1024 };
    return new Promise((resolve, reject) => {
      execFile(file, args, options, (error, out, err) => {
        if (error === null) resolve({ code: 0, out, err });
        else if (typeof error.code === 'number') resolve({ code: error.code, out, err });
        else reject(new Error(`${file} could not be run`, { cause: error }));
      });
    });
  }
}

/** The settings with which the simulated Microsoft 365 is reached. */
export function tenantEnvironment({ simulator, caFile }: Stack): Record<string, string> {
  return {
    GRAPH_ENDPOINT: simulator.url,
    EXCHANGE_ENDPOINT: simulator.exchangeUrl,
    AZURE_AUTHORITY_HOST: simulator.authorityUrl,
    NODE_EXTRA_CA_CERTS: caFile,
  };
}
