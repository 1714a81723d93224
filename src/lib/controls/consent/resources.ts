import { type Read, type ReadFailure, isNotFound, readOk } from '../../microsoft365/wire/read';
import { type ResourceName, resourceAppIds } from '../../profiles/profile';
import type { ConsentFacts } from './collect';
import { resourcesById } from './known-permissions';

/** What an object id stands for to which a permission belongs. */
export type Resource =
  | {
      state: 'there';
      /** Undefined for one that profiles cannot name. */
      name: ResourceName | undefined;
      appId: string;
      /** What it is called, so that no other resource is called the same as Microsoft's. */
      label: string;
    }
  /** The tenant no longer has it: what is granted on it gives nothing. */
  | { state: 'gone' }
  /** What could not be read decides. */
  | { state: 'open'; failure: ReadFailure };

const resourceNames = Object.keys(resourceAppIds) as ResourceName[];

/** The resources whose permissions the vendor's application holds, as far as they could be read. */
export class Resources {
  private readonly byId: ReadonlyMap<string, ResourceName>;

  constructor(private readonly facts: Pick<ConsentFacts, 'resources' | 'names'>) {
    this.byId = resourcesById(facts.resources);
  }

  /** Why those that profiles can name could not be read. */
  unread(): ReadFailure[] {
    return Object.values(this.facts.resources).flatMap((read) => (read.ok ? [] : read.failure));
  }

  /** A resource is told by its application id: what it is called is up to whoever has registered it. */
  of(resourceId: string): Resource {
    const known = this.byId.get(resourceId);
    if (known !== undefined) return there(resourceAppIds[known], known);
    const read = this.facts.names.get(resourceId);
    if (read === undefined) return { state: 'open', failure: neverRead(resourceId) };
    if (isNotFound(read)) return { state: 'gone' };
    if (!read.ok) return { state: 'open', failure: read.failure };
    return there(read.value.appId, read.value.displayName ?? resourceId);
  }

  /** What an application permission is called; its id where its resource does not list it. */
  nameOfRole(resourceId: string, appRoleId: string): Read<string> {
    const read = this.facts.names.get(resourceId);
    if (read === undefined) return { ok: false, failure: neverRead(resourceId) };
    if (!read.ok) return read;
    return readOk(read.value.appRoles.find(({ id }) => id === appRoleId)?.value ?? appRoleId);
  }

  /** What a resource is called; its object id when that is not known. */
  label(resourceId: string): string {
    const resource = this.of(resourceId);
    return resource.state === 'there' ? resource.label : resourceId;
  }
}

function there(appId: string, called: string): Resource {
  const name = resourceNames.find((known) => resourceAppIds[known] === appId);
  const isImpostor = name === undefined && resourceNames.some((known) => isAlike(known, called));
  return { state: 'there', name, appId, label: name ?? (isImpostor ? `${called} ${appId}` : called) };
}

function isAlike(name: string, called: string): boolean {
  return called.trim().toLowerCase() === name.toLowerCase();
}

function neverRead(resourceId: string): ReadFailure {
  return { cause: 'unavailable', message: `The resource ${resourceId} was not read.` };
}
