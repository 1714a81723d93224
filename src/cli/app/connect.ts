import type { Command } from 'commander';
import { usageError } from '../exit';
import type { Io } from '../io';
import { azLoginOption } from '../options';
import { homeCredential, signInFrom, tokenOf } from '../sign-in';
import { type AppAddress, appAddress } from './address';
import { AppClient } from './client';

/** Where the app is, and who calls it. */
export interface AppOptions {
  app?: string;
  appScope?: string;
  azLogin?: boolean;
}

/** Adds the options that say which app is called. */
export function addAppOptions(command: Command): Command {
  return command
    .option(
      '--app <address>',
      'address of the deployed app, or SYNCWARDEN_APP: https://<app>.azurewebsites.net',
    )
    .option(
      '--app-scope <scope>',
      'what to ask a token for, or SYNCWARDEN_SCOPE: <application id>/.default; without it nobody signs in',
    )
    .addOption(azLoginOption());
}

/** Connects to the app that the options, or the environment, name. @throws {CliError} */
export async function connect(io: Io, options: AppOptions): Promise<AppClient> {
  const app = options.app ?? io.env.SYNCWARDEN_APP;
  if (!app)
    throw usageError(
      '--app, or SYNCWARDEN_APP, must say where the app is: http://127.0.0.1:7071 after npm start, https://<app>.azurewebsites.net in Azure.',
    );
  const address = appAddress(app);
  const scope = options.appScope ?? (io.env.SYNCWARDEN_SCOPE || undefined);
  return new AppClient(address, await tokenOfCaller(io, address, scope, options.azLogin === true));
}

async function tokenOfCaller(
  io: Io,
  { isLocal, isEncrypted }: AppAddress,
  scope: string | undefined,
  wantsAzLogin: boolean,
): Promise<string | undefined> {
  if (scope === undefined) {
    if (isLocal) return undefined;
    throw usageError(
      '--app-scope, or SYNCWARDEN_SCOPE, must say what to ask a token for: <application id>/.default',
    );
  }
  if (!isEncrypted) throw usageError('A token is sent over https only: use https, or leave --app-scope out.');
  const signIn = signInFrom(io.env, wantsAzLogin);
  return tokenOf(homeCredential(signIn), scope, signIn);
}
