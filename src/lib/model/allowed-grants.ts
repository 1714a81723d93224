import { type PermissionKind, type ResourceName, resourceAppIds } from '../profiles/profile';

/** A permission that a target allows beyond its profile. A permission is the pair of resource and name. */
export interface AllowedGrant {
  /** Either kind unless told. */
  kind?: PermissionKind;
  /** Application id of the resource that the permission belongs to, in lower case. */
  appId: string;
  name: string;
}

/** A permission that is held, as far as it matters for whether it is allowed. */
export interface NamedPermission {
  kind: PermissionKind;
  /** Application id of its resource. */
  appId: string;
  name: string;
}

/**
 * Permissions that Office 365 Exchange Online has and Microsoft Graph has not, in lower case: by their name alone they mean
 * nothing. https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
 */
export const onlyOnExchange = [
  'exchange.manage',
  'exchange.manageasapp',
  'exchange.manageasappv2',
  'exchange.managev2',
  'full_access_as_app',
  'full_access_as_user',
  'imap.accessasapp',
  'pop.accessasapp',
  'smtp.sendasapp',
];

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What an entry may look like, as the end of a sentence. */
const forms =
  'Place.Read.All for a permission of Microsoft Graph, Office 365 Exchange Online/Mail.Read or an application id before the slash for one of another resource, and delegated: or application: in front of the whole for one kind alone';

/**
 * Reads an entry of `allowedExtraGrants`: the name of a permission; its resource and a slash before it where that is not
 * Microsoft Graph; `delegated:` or `application:` before the whole where only one kind is meant. Names of resources are
 * taken from Microsoft's own alone: anybody may call another application as he likes.
 * @returns what is wrong with it, as a sentence without its subject, where it cannot be read.
 */
export function parseAllowedGrant(entry: string): AllowedGrant | { problem: string } {
  const [, prefix, rest = ''] = /^(?:(application|delegated):)?(.*)$/is.exec(entry) ?? [];
  const slash = rest.indexOf('/');
  const resource = slash < 0 ? ('Microsoft Graph' satisfies ResourceName) : rest.slice(0, slash);
  const name = rest.slice(slash + 1);
  // Custom permissions may have a colon, or another slash, in their names: behind the resource anything goes.
  if ((slash < 0 ? name : resource).includes(':')) {
    return { problem: `has a prefix that is not known: write ${forms}` };
  }
  if (resource === '' || name === '') return { problem: `has an empty part: write ${forms}` };
  if (/\s/.test(name)) return { problem: `must be one permission, without spaces around it: write ${forms}` };
  const appId = appIdOf(resource);
  if (appId === undefined) return { problem: `names a resource that is not known: write ${forms}` };
  if (appId === resourceAppIds['Microsoft Graph'] && onlyOnExchange.includes(name.toLowerCase())) {
    const meant = `${prefix === undefined ? '' : `${prefix}:`}${'Office 365 Exchange Online' satisfies ResourceName}/${name}`;
    return { problem: `allows nothing, because Microsoft Graph has no permission ${name}: write ${meant}` };
  }
  const kind = prefix?.toLowerCase() as PermissionKind | undefined;
  return { ...(kind === undefined ? {} : { kind }), appId, name };
}

/** Whether one of the entries of a target is about this permission. Entries that cannot be read allow nothing. */
export function isAllowed(entries: readonly string[] | undefined, held: NamedPermission): boolean {
  return (entries ?? []).some((entry) => {
    const allowed = parseAllowedGrant(entry);
    return (
      !('problem' in allowed) &&
      (allowed.kind ?? held.kind) === held.kind &&
      allowed.appId === held.appId &&
      allowed.name.toLowerCase() === held.name.toLowerCase()
    );
  });
}

/** The entries that have the name of this permission and do not allow it: they are about another one, or about none. */
export function namesakes(entries: readonly string[] | undefined, held: NamedPermission): string[] {
  const name = held.name.toLowerCase();
  return (entries ?? []).filter(
    (entry) => entry.toLowerCase().split(/[:/]/).at(-1)?.trim() === name && !isAllowed([entry], held),
  );
}

/** The entry that allows this permission and no other. */
export function entryFor({ kind, appId, name }: NamedPermission): string {
  const resource = resourceNames.find((known) => resourceAppIds[known] === appId) ?? appId;
  return `${kind}:${resource === 'Microsoft Graph' ? '' : `${resource}/`}${name}`;
}

const resourceNames = Object.keys(resourceAppIds) as ResourceName[];

function appIdOf(resource: string): string | undefined {
  const wanted = resource.toLowerCase();
  const known = resourceNames.find((name) => name.toLowerCase() === wanted);
  if (known !== undefined) return resourceAppIds[known];
  return guid.test(wanted) ? wanted : undefined;
}
