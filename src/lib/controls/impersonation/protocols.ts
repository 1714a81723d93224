import type { RoleAssignment } from '../../microsoft365/exchange';
import { type Protocol, protocols } from '../../profiles/protocol';
import { protocolsOf } from '../../profiles/roles';
import type { Requirement } from '../control';

/** What a vendor and a customer ask for. */
export type Demand = Pick<Requirement, 'profile' | 'target'>;

/** The protocol that the product is known to use; undefined where neither its vendor nor the target says it. */
export function neededProtocol({ profile, target }: Demand): Protocol | undefined {
  const { protocol } = profile.impersonation;
  return protocol === 'open' ? target.protocol : protocol;
}

/** The protocols that the product may use. */
export function possibleProtocols(demand: Demand): readonly Protocol[] {
  const needed = neededProtocol(demand);
  return needed === undefined ? protocols : [needed];
}

/** Whether a role opens one of these protocols. One without a name may open any. */
export function opens(
  { role, nameless }: Pick<RoleAssignment, 'role' | 'nameless'>,
  wanted: readonly Protocol[],
): boolean {
  return nameless === true || wanted.some((protocol) => protocolsOf(role).includes(protocol));
}

/** The role that a repair assigns: the first one of the profile that opens the protocol; undefined where it names none. */
export function roleToAssign(demand: Demand): string | undefined {
  const wanted = possibleProtocols(demand);
  return demand.profile.impersonation.applicationRoles.find((role) => opens({ role }, wanted));
}

/** Whether the vendor asks for a role at all: where it does not, its product reaches rooms in another way. */
export function asksForRoles({ profile }: Pick<Demand, 'profile'>): boolean {
  return profile.impersonation.applicationRoles.length > 0;
}
