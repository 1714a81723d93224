import { BackupError } from '../lib/storage/backup';
import { CliError, exitCodes } from './exit';
import { printable } from './show/printable';

/** What of an error of the SDK of storage or of the file system is of use. */
interface Told {
  statusCode?: unknown;
  code?: unknown;
  details?: unknown;
  request?: unknown;
  syscall?: unknown;
}

/** Why tables could not be copied to or from a file, as a sentence. */
export function tablesFailure(error: unknown, file: string): CliError {
  if (error instanceof CliError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof BackupError) return new CliError(printable(message), exitCodes.violations);
  const told: Told = typeof error === 'object' && error !== null ? error : {};
  const host = hostOf(told.request);
  if (host !== undefined) return new CliError(printable(serviceSentence(host, told, message)));
  if (typeof told.syscall === 'string')
    return new CliError(printable(fileSentence(file, told.code, message)));
  return new CliError(printable(message));
}

/** The service answers in XML, or with a page of whoever stands there in its place: what counts is the code. */
function serviceSentence(host: string, { statusCode, code, details }: Told, message: string): string {
  if (typeof statusCode !== 'number') return `${host} could not be reached: ${message}.`;
  const name = codeIn(details) ?? codeIn({ code });
  const answer = `${host} answered ${statusCode}${name === undefined ? '' : ` ${name}`}.`;
  return statusCode === 401 || statusCode === 403
    ? `${answer} Probably the role on the storage account is missing, or its firewall is in the way.`
    : `${answer} Is it the Table service of a storage account?`;
}

/** The SDK gives what stands in XML under names in upper case, and what stands in JSON as the service has it. */
function codeIn(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null) return undefined;
  const { Code, code, errorCode, odataError } = details as Record<string, unknown>;
  const known = [Code, code, errorCode].find((value) => typeof value === 'string' && value !== '');
  return typeof known === 'string' ? known : codeIn(odataError);
}

function hostOf(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || !('url' in request)) return undefined;
  return URL.parse(String(request.url))?.host;
}

function fileSentence(file: string, code: unknown, message: string): string {
  if (code === 'ENOENT') return `There is no ${file}, or no such folder.`;
  if (code === 'EACCES' || code === 'EPERM') return `${file} may not be used by this account: ${message}.`;
  return `${file} cannot be used: ${message}.`;
}
