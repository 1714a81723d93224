import { AsyncLocalStorage } from 'node:async_hooks';
import type { TokenCredentialOptions } from '@azure/identity';
import { innermostMessage } from '../wire/https';

/** What the last request for a token came to, where that was no answer of an authority. */
interface Note {
  problem?: string | undefined;
}

const notes = new AsyncLocalStorage<Note>();

/** The authority could not be reached, or something else answered in its place: it has refused nothing. */
export class UnreachedAuthorityError extends Error {
  override readonly name = 'UnreachedAuthorityError';
}

/**
 * Gets a token, and says why there is none where the authority was not reached. The library knows that and keeps it to
 * itself: whatever happened on the way is a network error to it, with an address to read about network errors.
 * @throws {UnreachedAuthorityError} or what the library throws.
 */
export async function withTransportNote<T>(ask: () => Promise<T>): Promise<T> {
  const note: Note = {};
  try {
    return await notes.run(note, ask);
  } catch (error) {
    if (note.problem !== undefined) throw new UnreachedAuthorityError(note.problem);
    throw error;
  }
}

type Policy = NonNullable<TokenCredentialOptions['additionalPolicies']>[number];
type PipelineResponse = Awaited<ReturnType<Policy['policy']['sendRequest']>>;

/** For the options of a credential that asks an authority: notes what happens to its requests. */
export const notingPolicies: Policy[] = [noting(notAnswered)];

/** For those of a managed identity, whose endpoint is on the same machine, and answers in whatever form it likes. */
export const notingUnreached: Policy[] = [noting(() => undefined)];

function noting(problemOf: (response: PipelineResponse, host: string) => string | undefined): Policy {
  return {
    // After all that the library does by itself, so that each attempt is seen.
    position: 'perRetry',
    policy: {
      name: 'transportNote',
      async sendRequest(request, next) {
        const note = notes.getStore() ?? {};
        const { host } = new URL(request.url);
        try {
          const response = await next(request);
          note.problem = problemOf(response, host);
          return response;
        } catch (error) {
          note.problem = `${host} could not be reached: ${innermostMessage(error)}`;
          throw error;
        }
      },
    },
  };
}

/** Authorities answer in JSON, whatever they have to say. A proxy that wants somebody to sign in has a page of its own, often with 200. */
function notAnswered({ status, headers }: PipelineResponse, host: string): string | undefined {
  const type = headers.get('content-type') ?? '';
  if (/\bjson\b/.test(type)) return undefined;
  if (status >= 500) return `${host} answered ${status}`;
  const form = type === '' ? 'nothing' : (type.split(';')[0] ?? type);
  return `${host} answered ${status} with ${form} in place of JSON, as a proxy would`;
}
