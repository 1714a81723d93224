import * as z from 'zod';
import { dayMs } from '../../durations';
import type { AppRegistration } from '../../microsoft365/directory/app-registration';
import type { ClientApp } from '../../microsoft365/directory/client-app';
import type { ReadFailure } from '../../microsoft365/wire/read';
import { counted } from '../../counted';
import type { Requirement } from '../control';
import { compareText } from '../evaluation';
import type { Reason } from './codes';
import type { ConsentFacts } from './collect';

/** From so many days on it is said, and from so many it is a violation. */
const noticeDays = 90;
const violationDays = 30;

/** A secret or a certificate that an application signs in with. */
const Credential = z.object({
  kind: z.enum(['secret', 'certificate']),
  name: z.string().nullable(),
  /** Null where it holds from the beginning. */
  startsAt: z.string().nullable(),
  endsAt: z.string(),
});
type Credential = z.infer<typeof Credential>;

const Evidence = z.object({ credentials: z.array(Credential) });

/**
 * When the last secret or certificate ends that can be used, in milliseconds since 1970, by the evidence that was kept; undefined
 * where that does not say it, or none can be used.
 */
export function credentialsUntil(evidence: unknown, now: Date): number | undefined {
  const { data } = Evidence.safeParse(evidence);
  return data && usableUntil(data.credentials, now.getTime());
}

/** What there is to say about how long the application can sign in. */
interface CredentialVerdict {
  reasons: Reason[];
  unread: ReadFailure[];
  evidence: Record<string, unknown>;
}

/**
 * Judges the secrets and certificates of an application that is registered in this tenant: those of any other stand in its
 * vendor's. The last one that can be used counts, whichever of them the product has: which one that is nobody sees.
 * Federated credentials do not end.
 */
export function judgeCredentials(
  client: ClientApp,
  { registration }: ConsentFacts,
  requirement: Requirement,
): CredentialVerdict {
  const { target } = requirement;
  const owner = client.appOwnerOrganizationId ?? undefined;
  const isOwn = owner === target.tenantId.toLowerCase();
  const nothing = { reasons: [], unread: [], evidence: {} };
  if (!registration.ok) {
    const isElsewhere = owner !== undefined && !isOwn;
    return isElsewhere ? nothing : { ...nothing, unread: [registration.failure] };
  }
  if (registration.value === null)
    return isOwn ? { ...nothing, unread: [registrationGone(target)] } : nothing;
  const credentials = credentialsOf(registration.value);
  const { federatedIdentityCredentials: federated } = registration.value;
  return {
    reasons: judge(client, credentials, federated.length, requirement),
    unread: [],
    evidence: { credentials, federatedCredentials: federated.length },
  };
}

function judge(
  client: ClientApp,
  credentials: readonly Credential[],
  federated: number,
  { profile, target, now }: Requirement,
): Reason[] {
  // Of a product whose page speaks of a secret it is known that it does not sign in with anything else.
  if (federated > 0 && profile.secretMaxDays === undefined) return [];
  const name = client.displayName ?? target.clientAppId;
  const about = { resource: target.clientAppId, expected: 'a secret or a certificate that holds' } as const;
  const expired = { code: 'consent.credentialExpired', level: 'violation', ...about } as const;
  if (credentials.length === 0) {
    // With an account, it may sign in without a secret of its own.
    if (profile.serviceAccount !== null) return [];
    const message = `${name} is registered in this tenant and has no secret and no certificate: ${profile.name} cannot sign in with it.`;
    return [{ ...expired, message, actual: 'none' }];
  }
  const until = usableUntil(credentials, now.getTime());
  if (until === undefined) {
    const last = latest(credentials.filter(({ endsAt }) => Date.parse(endsAt) <= now.getTime()));
    const message = `${ended(name, last)}${beginning(credentials, now.getTime())}: ${profile.name} cannot sign in with it.`;
    return [{ ...expired, message, actual: 'ended' }];
  }
  const days = Math.floor((until - now.getTime()) / dayMs);
  if (until - now.getTime() > noticeDays * dayMs) return [];
  return [
    {
      code: 'consent.credentialExpiring',
      level: until - now.getTime() <= violationDays * dayMs ? 'violation' : 'notice',
      ...about,
      message: `The last secret or certificate of ${name} ends on ${dayOf(until)}, in ${counted(days, 'day')}${beginning(credentials, until)}: ${profile.name} cannot sign in with it after that.`,
      actual: 'ends soon',
    },
  ];
}

/** The end of the last one that can be used without a gap, in milliseconds since 1970; undefined where none can be used now. */
function usableUntil(credentials: readonly Credential[], now: number): number | undefined {
  const periods = credentials
    .map(({ startsAt, endsAt }) => ({
      start: startsAt === null ? -Infinity : Date.parse(startsAt),
      end: Date.parse(endsAt),
    }))
    .sort((a, b) => a.start - b.start);
  let until = now;
  for (const { start, end } of periods) if (start <= until && end > until) until = end;
  return until === now ? undefined : until;
}

function credentialsOf({ passwordCredentials, keyCredentials }: AppRegistration): Credential[] {
  const signIn = keyCredentials.filter(({ usage }) => (usage ?? 'Verify').toLowerCase() === 'verify');
  const all = [
    ...passwordCredentials.map((secret) => ({ kind: 'secret', ...secret }) as const),
    ...signIn.map((certificate) => ({ kind: 'certificate', ...certificate }) as const),
  ];
  return all
    .map(({ kind, displayName, startDateTime, endDateTime }) => ({
      ...{ kind, name: displayName ?? null, startsAt: startDateTime ?? null, endsAt: endDateTime },
    }))
    .sort((a, b) => compareText(a.endsAt, b.endsAt) || compareText(a.name ?? '', b.name ?? ''));
}

function latest(credentials: readonly Credential[]): number | undefined {
  const ends = credentials.map(({ endsAt }) => Date.parse(endsAt));
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function ended(name: string, last: number | undefined): string {
  return last === undefined
    ? `No secret and no certificate of ${name} holds yet`
    : `The last secret or certificate of ${name} ended on ${dayOf(last)}`;
}

/** One that holds only later leaves a gap. */
function beginning(credentials: readonly Credential[], from: number): string {
  const starts = credentials
    .map(({ startsAt }) => (startsAt === null ? -Infinity : Date.parse(startsAt)))
    .filter((start) => start > from);
  return starts.length === 0 ? '' : `, and the next one holds from ${dayOf(Math.min(...starts))} on`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function registrationGone({ clientAppId }: Requirement['target']): ReadFailure {
  return {
    cause: 'notFound',
    message: `Could not read the registration of the application ${clientAppId}: it belongs to this tenant, and is not there.`,
  };
}
