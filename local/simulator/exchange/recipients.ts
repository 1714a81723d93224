import { badRequest, notFound } from './fault';
import { comparableFilter } from './filters';
import { findNamed } from './names';
import type { DistributionGroup, ExchangeState, Recipient } from './state';

/** Every recipient: the mailboxes, and the groups as recipients. */
export function allRecipients({ recipients, distributionGroups }: ExchangeState): Recipient[] {
  return [...recipients, ...distributionGroups.map(asRecipient)];
}

/** The recipient with this name, address or id. @throws when there is none. */
export function recipient(state: ExchangeState, identity: string): Recipient {
  const found = findRecipient(state, identity);
  if (found === undefined) throw notFound(identity);
  return found;
}

/** Those who go by this name: all of them, where they share one that is no id. @throws when there is nobody. */
export function recipientsCalled(state: ExchangeState, identity: string): Recipient[] {
  const first = recipient(state, identity);
  const wanted = identity.toLowerCase();
  if (first.DisplayName.toLowerCase() !== wanted) return [first];
  const alike = allRecipients(state).filter(({ DisplayName }) => DisplayName.toLowerCase() === wanted);
  // An id comes before a name that several may have.
  const byId = alike.find(({ Identity, PrimarySmtpAddress }) =>
    [Identity, PrimarySmtpAddress].some((each) => each.toLowerCase() === wanted),
  );
  return byId === undefined ? alike : [byId];
}

function findRecipient(
  { recipients, distributionGroups }: ExchangeState,
  name: string,
): Recipient | undefined {
  const found = findNamed(recipients, name);
  if (found !== undefined) return found;
  const itsGroup = findNamed(distributionGroups, name);
  return itsGroup && asRecipient(itsGroup);
}

/** The mailbox with this name, address or id. @throws when there is none: a group is no mailbox. */
export function mailbox({ recipients }: ExchangeState, identity: string): Recipient {
  const found = findNamed(recipients, identity);
  if (found === undefined) throw notFound(identity);
  return found;
}

/** The distribution group with this name, address or id. @throws when there is none. */
export function group({ distributionGroups }: ExchangeState, identity: string): DistributionGroup {
  const found = findNamed(distributionGroups, identity);
  if (found === undefined) throw notFound(identity);
  return found;
}

/** A group as it is shown: without its members. */
export function shownGroup({ members, ...shown }: DistributionGroup): Record<string, unknown> {
  return shown;
}

/** The members of a group, as recipients. Who is deleted has left his groups. */
export function membersOf(state: ExchangeState, { members }: DistributionGroup): Recipient[] {
  return members.flatMap((member) => findRecipient(state, member) ?? []);
}

/** Those whom a filter lets through, as the tenant's table says. @throws for a filter that it lacks. */
export function matching(state: ExchangeState, rows: readonly Recipient[], filter: string): Recipient[] {
  const members = filter.split(' -or ').map((part) => /^Members -eq '((?:[^']|'')+)'$/.exec(part)?.[1]);
  if (!members.includes(undefined)) return groupsWith(state, rows, members as string[]);
  const wanted = comparableFilter(filter);
  const known = state.filters.find((entry) => comparableFilter(entry.filter) === wanted);
  if (known === undefined) throw badRequest(`The simulated tenant has no answer for the filter: ${filter}`);
  // Found by name, because there may be many thousand rows to look through.
  const ids = new Set(known.recipients.map((address) => findRecipient(state, address)?.Guid));
  return rows.filter(({ Guid }) => ids.has(Guid));
}

/** The groups that one of these, each given by his distinguished name, is in directly. */
function groupsWith(state: ExchangeState, rows: readonly Recipient[], names: readonly string[]): Recipient[] {
  const wanted = new Set(names.map((name) => name.replaceAll("''", "'").toLowerCase()));
  const groups = new Set(
    state.distributionGroups
      .filter((each) =>
        membersOf(state, each).some(({ DistinguishedName }) => wanted.has(DistinguishedName.toLowerCase())),
      )
      .map(({ Guid }) => Guid),
  );
  return rows.filter(({ Guid }) => groups.has(Guid));
}

function asRecipient(one: DistributionGroup): Recipient {
  const { Identity, Guid, DistinguishedName, ExternalDirectoryObjectId, PrimarySmtpAddress } = one;
  return {
    ...{ Identity, Guid, DistinguishedName, ExternalDirectoryObjectId, PrimarySmtpAddress },
    EmailAddresses: [`SMTP:${PrimarySmtpAddress}`],
    DisplayName: one.DisplayName,
    RecipientType: 'MailUniversalDistributionGroup',
    ...{ RecipientTypeDetails: one.RecipientTypeDetails, Name: one.Name },
  };
}
