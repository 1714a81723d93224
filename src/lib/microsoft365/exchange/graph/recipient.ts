import * as z from 'zod';
import type { Test } from '../../opath/comparison';
import type { PropertyValue, Recipient as FilterRecipient } from '../../opath/evaluate';
import type { Truth } from '../../opath/ternary';
import type { Recipient } from '../recipient';
import { anyType, detailedType } from '../recipient-type';
import type { PlaceKind } from './places';

/** A user, as far as rooms and scopes look at it. https://learn.microsoft.com/graph/api/resources/user */
const UserRow = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  proxyAddresses: z.array(z.string()),
  userType: z.string().nullish(),
  mailNickname: z.string().nullish(),
  department: z.string().nullish(),
  officeLocation: z.string().nullish(),
  city: z.string().nullish(),
  companyName: z.string().nullish(),
  state: z.string().nullish(),
  jobTitle: z.string().nullish(),
  onPremisesExtensionAttributes: z.unknown().transform(textsIn).optional(),
});
type UserRow = z.infer<typeof UserRow>;

/** Every user has fifteen of these attributes, most of them null: only texts are kept. */
function textsIn(attributes: unknown, context: z.RefinementCtx): Record<string, string> | undefined {
  let texts: Record<string, string> | undefined;
  let isWrong = typeof attributes !== 'object' && attributes !== undefined;
  const values = attributes as Record<string, unknown>;
  for (const name in values) {
    const text = values[name];
    if (typeof text === 'string') (texts ??= {})[name] = text;
    else if (text !== null) isWrong = true;
  }
  if (isWrong) context.addIssue('Invalid input: expected a record of texts');
  return texts;
}

/** What is always asked for: who it is. */
const identity = ['id', 'userPrincipalName', 'displayName', 'mail', 'proxyAddresses', 'userType'] as const;

/** The properties of Exchange that a user of Microsoft Graph has beside its addresses, by their names in filters. */
const knownProperties = new Map<string, { selected: keyof UserRow; read: (user: UserRow) => string | null }>([
  ...(
    [
      ['alias', 'mailNickname'],
      ['displayname', 'displayName'],
      ['department', 'department'],
      ['office', 'officeLocation'],
      ['city', 'city'],
      ['company', 'companyName'],
      ['stateorprovince', 'state'],
      ['title', 'jobTitle'],
      ['userprincipalname', 'userPrincipalName'],
      ['externaldirectoryobjectid', 'id'],
    ] as const
  ).map(([name, selected]) => [name, { selected, read: (user: UserRow) => user[selected] ?? null }] as const),
  ...Array.from({ length: 15 }, (_, index) => {
    const attribute = `extensionAttribute${index + 1}`;
    const read = (user: UserRow) => user.onPremisesExtensionAttributes?.[attribute] ?? null;
    return [`customattribute${index + 1}`, { selected: 'onPremisesExtensionAttributes', read }] as const;
  }),
]);

/**
 * A user of the directory who may be a mailbox in Exchange. Nothing is worked out before it is asked for: of most users
 * nothing ever is.
 */
export class GraphRecipient implements Recipient, FilterRecipient {
  /** Whether a service plan gives it a mailbox; undefined until that was asked. */
  hasPlan: boolean | undefined;
  /** Whether Exchange itself has a mailbox for it; undefined unless it was asked. */
  isInExchange: boolean | undefined;
  /** What it is among the tenant's places: a room or a desk is a room mailbox. */
  place: PlaceKind = 'none';
  private knownKeys: readonly string[] | undefined;

  constructor(private readonly user: UserRow) {}

  /** Object id in Microsoft Entra, in lower case. */
  get id(): string {
    return this.user.id.toLowerCase();
  }

  get address(): string {
    return (this.user.mail ?? this.user.userPrincipalName).toLowerCase();
  }

  get displayName(): string {
    return this.user.displayName ?? this.address;
  }

  get keys(): readonly string[] {
    const { id, user } = this;
    return (this.knownKeys ??= [...new Set([id, user.userPrincipalName.toLowerCase(), ...this.addresses])]);
  }

  /**
   * Whether it has a mailbox. Nothing tells that of a user of the tenant with an address, but without a plan and a place:
   * it may be a shared mailbox, equipment, or a room that is hidden from address lists.
   */
  get hasMailbox(): Truth {
    if (this.isRoomMailbox === true || this.hasPlan === true) return true;
    if (this.isInExchange !== undefined) return this.isInExchange;
    return this.isGuest || !this.hasAddress ? false : undefined;
  }

  get desk(): 'yes' | 'unknown' | undefined {
    return this.place === 'desk' ? 'yes' : this.place === 'unknown' ? 'unknown' : undefined;
  }

  /** Whether Exchange keeps it as a room; undefined where nobody knows. */
  get isRoomMailbox(): Truth {
    return this.place === 'unknown' || this.place === 'hidden' ? undefined : this.place !== 'none';
  }

  /** Somebody of another tenant, where his mailbox is too. */
  private get isGuest(): boolean {
    return this.user.userType?.toLowerCase() === 'guest';
  }

  private get hasAddress(): boolean {
    return (
      Boolean(this.user.mail) || this.user.proxyAddresses.some((proxy) => addressIn(proxy) !== undefined)
    );
  }

  /** Addresses without their prefix, the primary one first. */
  get addresses(): string[] {
    const { mail, proxyAddresses } = this.user;
    const others = proxyAddresses.flatMap((proxy) => addressIn(proxy) ?? []);
    return [...new Set([...(mail ? [mail.toLowerCase()] : []), ...others])];
  }

  /** The first of its addresses that is one of these. Nothing is put together for it: it is asked of everybody. */
  addressAmong(addresses: Pick<ReadonlySet<string>, 'has'>): string | undefined {
    const { address } = this;
    if (addresses.has(address)) return address;
    for (const proxy of this.user.proxyAddresses) {
      const other = addressIn(proxy);
      if (other !== undefined && addresses.has(other)) return other;
    }
    return undefined;
  }

  /** What a filter may know of it, by the name of the property in lower case. */
  property(name: string): PropertyValue | undefined {
    switch (name) {
      case 'recipienttypedetails':
        return detailedType(this.isRoomMailbox);
      case 'recipienttype':
        return anyType;
      case 'primarysmtpaddress':
        // Such a filter matches the other addresses as well: https://learn.microsoft.com/powershell/exchange/recipientfilter-properties
        return this.addresses;
      case 'emailaddresses':
        return emailAddresses(
          this.user.proxyAddresses.map((proxy) => proxy.toLowerCase()),
          this.addresses,
        );
      default:
        return lowerCase(knownProperties.get(name)?.read(this.user));
    }
  }
}

/** The address in a proxy address; undefined in one that is no mail address. */
function addressIn(proxy: string): string | undefined {
  return /^smtp:/i.test(proxy) ? proxy.slice('smtp:'.length).toLowerCase() : undefined;
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

/** As filters compare it. Undefined stays what it is: not known. */
function lowerCase(value: string | null | undefined): PropertyValue | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** What is asked of users, as a query selects it and as their rows are parsed. */
export interface Selection {
  query: string;
  row: z.ZodType<GraphRecipient>;
}

const selections = new Map<string, Selection>();

/**
 * What to select of users, so that filters over these properties (names in lower case) can be decided. A row looks only
 * for what was selected: there may be half a million of them.
 */
export function selectionFor(properties: Iterable<string> = []): Selection {
  const needed = [...properties].flatMap((name) => knownProperties.get(name)?.selected ?? []);
  const names = [...new Set([...identity, ...needed.sort()])];
  const query = `$select=${names.join(',')}`;
  const known = selections.get(query);
  if (known !== undefined) return known;
  const selected = Object.fromEntries(names.map((name) => [name, true])) as Record<keyof UserRow, true>;
  const row = UserRow.pick(selected).transform((user) => new GraphRecipient(user));
  // The same selection is read once, which takes the same row.
  const selection = { query, row };
  selections.set(query, selection);
  return selection;
}
