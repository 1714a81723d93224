import { usageError } from '../exit';

/** Where a deployed app is, and whether a sign-in may be sent there. */
export interface AppAddress {
  /** Origin with the prefix of the API: `https://app.azurewebsites.net/api`. */
  api: string;
  /** This very machine: nobody has to sign in there unless told. */
  isLocal: boolean;
  /** Whether what is sent can be read on the way. */
  isEncrypted: boolean;
}

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** @throws {CliError} for anything but https, or http on this machine. */
export function appAddress(text: string): AppAddress {
  const url = URL.parse(text);
  const isLocal = url !== null && loopback.includes(url.hostname);
  const isEncrypted = url?.protocol === 'https:';
  if (url === null || !(isEncrypted || (url.protocol === 'http:' && isLocal))) {
    throw usageError(
      '--app must be an https address, like https://<app>.azurewebsites.net, or http on this machine.',
    );
  }
  if (!/^\/(api\/?)?$/.test(url.pathname) || url.search !== '' || url.username !== '') {
    throw usageError('--app must be the address of the app alone, without a path, a query or a user.');
  }
  return { api: `${url.origin}/api`, isLocal, isEncrypted };
}
