import { z } from 'zod';
import { exchangePlan } from '../exchange-plans';
import type { PropertyValue, Recipient as FilterRecipient } from '../opath/evaluate';
import type { Test } from '../opath/comparison';
import type { Truth } from '../opath/ternary';
import type { Recipient } from './exchange';

/** A user, as far as rooms and scopes look at it. https://learn.microsoft.com/graph/api/resources/user */
const UserRow = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  proxyAddresses: z.array(z.string()),
  mailNickname: z.string().nullish(),
  department: z.string().nullish(),
  officeLocation: z.string().nullish(),
  city: z.string().nullish(),
  companyName: z.string().nullish(),
  state: z.string().nullish(),
  jobTitle: z.string().nullish(),
  onPremisesExtensionAttributes: z.record(z.string(), z.string().nullable()).nullish(),
  assignedPlans: z.array(z.object({ servicePlanId: z.string(), capabilityStatus: z.string().nullish() })),
});
type UserRow = z.infer<typeof UserRow>;

// All reads of recipients ask for the same properties, so that their answers can be shared.
export const recipientSelect = `$select=${Object.keys(UserRow.shape).join(',')}`;

/** The properties of Exchange that a user of Microsoft Graph has, by their names in filters. */
const knownProperties: Record<string, (user: UserRow) => string | null> = {
  alias: (user) => user.mailNickname ?? null,
  displayname: (user) => user.displayName ?? null,
  department: (user) => user.department ?? null,
  office: (user) => user.officeLocation ?? null,
  city: (user) => user.city ?? null,
  company: (user) => user.companyName ?? null,
  stateorprovince: (user) => user.state ?? null,
  title: (user) => user.jobTitle ?? null,
  userprincipalname: (user) => user.userPrincipalName,
  externaldirectoryobjectid: (user) => user.id,
};
for (let number = 1; number <= 15; number++) {
  knownProperties[`customattribute${number}`] = (user) =>
    user.onPremisesExtensionAttributes?.[`extensionAttribute${number}`] ?? null;
}

/** A user of the directory who may be a mailbox in Exchange. */
export class GraphRecipient implements Recipient, FilterRecipient {
  /** Object id in Microsoft Entra, in lower case. */
  readonly id: string;
  readonly address: string;
  readonly displayName: string;
  readonly keys: readonly string[];
  /** Whether a service plan gives it a mailbox. */
  readonly hasPlan: boolean;
  /** Whether it is among the tenant's places, which makes it a room mailbox. */
  isRoom = false;
  private readonly addresses: readonly string[];
  private readonly proxies: readonly string[];

  constructor(private readonly user: UserRow) {
    this.id = user.id.toLowerCase();
    this.address = (user.mail ?? user.userPrincipalName).toLowerCase();
    this.displayName = user.displayName ?? this.address;
    this.proxies = user.proxyAddresses.map((proxy) => proxy.toLowerCase());
    this.addresses = [
      ...new Set([...(user.mail ? [this.address] : []), ...this.proxies.flatMap(smtpAddress)]),
    ];
    this.keys = [...new Set([this.id, user.userPrincipalName.toLowerCase(), ...this.addresses])];
    this.hasPlan = user.assignedPlans.some(
      (plan) => plan.capabilityStatus === 'Enabled' && exchangePlan(plan.servicePlanId) !== undefined,
    );
    // A user may have a hundred of them, and nobody looks at them again.
    user.assignedPlans = [];
  }

  get hasMailbox(): boolean {
    return this.hasPlan || this.isRoom;
  }

  /** What a filter may know of it, by the name of the property in lower case. */
  property(name: string): PropertyValue | undefined {
    switch (name) {
      case 'recipienttypedetails':
        return recipientType(this.isRoom);
      case 'primarysmtpaddress':
        // Such a filter matches the other addresses as well: https://learn.microsoft.com/powershell/exchange/recipientfilter-properties
        return this.addresses;
      case 'emailaddresses':
        return emailAddresses(this.proxies, this.addresses);
      default:
        return lowerCase(knownProperties[name]?.(this.user));
    }
  }
}

/**
 * A room is a RoomMailbox and nothing else. Of anybody else only that is known: it is no RoomMailbox, so a comparison
 * with any other type stays open.
 */
export function recipientType(isRoom: boolean): PropertyValue {
  if (isRoom) return 'roommailbox';
  return (test) => (test.operator === 'eq' && ['roommailbox', ''].includes(test.value) ? false : undefined);
}

/**
 * Addresses are kept with a prefix, `smtp:` for instance, and a whole address is found without it too. Whether a
 * beginning is, does not follow from the documentation, so it counts only where both ways agree.
 */
function emailAddresses(proxies: readonly string[], addresses: readonly string[]): PropertyValue {
  return (test: Test): Truth => {
    const withPrefix = test.matches(proxies);
    if (test.value.includes(':')) return withPrefix;
    const without = test.matches(addresses);
    if (test.operator === 'eq') return test.value === '' ? withPrefix : without;
    return withPrefix === without ? withPrefix : undefined;
  };
}

/** Names of properties that Microsoft Graph knows for every user, in lower case. */
export const decidedProperties: ReadonlySet<string> = new Set([
  ...Object.keys(knownProperties),
  'primarysmtpaddress',
  'emailaddresses',
]);

/** As filters compare it. Undefined stays what it is: not known. */
function lowerCase(value: string | null | undefined): PropertyValue | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function smtpAddress(proxy: string): string[] {
  return proxy.startsWith('smtp:') ? [proxy.slice('smtp:'.length)] : [];
}

/** Parses a user of Microsoft Graph. */
export const GraphRecipientRow = UserRow.transform((user) => new GraphRecipient(user));

/** A room among the places without a user that goes by its address: all that is known of it is that it is a room. */
export class PlaceRecipient implements Recipient, FilterRecipient {
  readonly id = undefined;
  readonly address: string;
  readonly displayName: string;
  readonly keys: readonly string[];
  readonly hasMailbox = true;

  constructor({ address, displayName, keys }: Recipient) {
    this.address = address;
    this.displayName = displayName;
    this.keys = keys;
  }

  property(name: string): PropertyValue | undefined {
    return name === 'recipienttypedetails' ? recipientType(true) : undefined;
  }
}

/** Marks the room mailboxes among recipients by their addresses: nothing about a user itself says that it is one. */
export function markRooms(recipients: readonly GraphRecipient[], addresses: ReadonlySet<string>): void {
  for (const recipient of recipients) recipient.isRoom = recipient.keys.some((key) => addresses.has(key));
}
