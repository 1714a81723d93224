import * as z from 'zod';
import { addTo, removeFrom } from '../lists';
import { project } from '../query';
import { existing, findUser, type GraphCall, type GraphRoute, isOf, pathOf, requireOneOf } from '../route';
import type { GraphObject, TenantState } from '../state';
import type { Change } from '../tenancy';
import { userDefaults } from '../users';
import { bodied, wrong } from './body';

const writeUsers = ['User.ReadWrite.All', 'Directory.ReadWrite.All'];
const id = '([^/]+)';

/** Flags, separated by commas. https://learn.microsoft.com/graph/api/resources/user */
const policies = /^(None|DisablePasswordExpiration|DisableStrongPassword)$/i;
const PasswordPolicies = z
  .string()
  .refine((flags) => flags.split(',').every((flag) => policies.test(flag.trim())), 'is not a known policy')
  .nullable();

const UserChange = z
  .strictObject({
    accountEnabled: z.boolean(),
    passwordPolicies: PasswordPolicies,
    // Graph takes a country here, and never takes it away again.
    usageLocation: z.string().regex(/^[A-Z]{2}$/i),
  })
  .partial();

/** What can be changed of users, and their way back from the deleted ones. */
export const userWrites: readonly GraphRoute[] = [
  bodied({
    method: 'PATCH',
    path: pathOf(`/users/${id}`),
    operation: 'PATCH /users/{user-id}',
    version: 'v1.0',
    permissions: [...writeUsers, 'User.EnableDisableAccount.All'],
    body: UserChange,
    answer(call, change) {
      const { accountEnabled, ...rest } = change;
      // The small permission is for one property alone.
      if (Object.keys(rest).length > 0) requireOneOf(writeUsers, call.roles);
      const user = wantedUser(call);
      if (accountEnabled !== undefined && user.onPremisesSyncEnabled === true) throw masteredElsewhere();
      call.write(changeOfUser(user.id, (own) => Object.assign(own, change)));
      return { status: 204 };
    },
  }),
  {
    method: 'POST',
    path: pathOf(`/directory/deletedItems/${id}/restore`),
    operation: 'POST /directory/deletedItems/{directoryObject-id}/restore',
    version: 'v1.0',
    permissions: ['User.DeleteRestore.All', 'User.ReadWrite.All'],
    answer(call) {
      const [wanted = ''] = call.params;
      if (call.body !== undefined) throw wrong('Restoring with options is not simulated.');
      const deleted = existing(call.tenant.deletedUsers.find(isOf('id', wanted)), wanted);
      const { deletedDateTime, ...kept } = deleted;
      const user: GraphObject = { ...kept, userPrincipalName: originalName(deleted) };
      refuseTaken(call.tenant, user);
      call.write((state) => {
        removeFrom(state.deletedUsers, isOf('id', user.id));
        addTo(state.users, user);
      });
      return { status: 200, body: project(user, call.url.searchParams, userDefaults) };
    },
  },
];

/** The user whom the path names. @throws a 404 when there is none. */
export function wantedUser({ tenant, params: [name = ''] }: GraphCall): GraphObject {
  return existing(findUser(tenant, name), name);
}

/** Changes one user, where he is still there. */
export function changeOfUser(userId: string, change: (user: GraphObject) => void): Change {
  return ({ users }) => {
    const user = users.find(isOf('id', userId));
    if (user !== undefined) change(user);
  };
}

function masteredElsewhere() {
  return wrong(
    'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
  );
}

/** A deleted user's name carries his object id in front, as 32 hex digits. */
function originalName({ id: userId, userPrincipalName }: GraphObject): string {
  const name = String(userPrincipalName);
  const prefix = userId.replaceAll('-', '');
  return name.toLowerCase().startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** @throws a 400 when someone else has the name or one of the addresses by now. */
function refuseTaken({ users, groups }: TenantState, wanted: GraphObject): void {
  const taken = (property: string) =>
    wrong(`Another object with the same value for property ${property} already exists.`);
  if (users.some(isOf('userPrincipalName', String(wanted.userPrincipalName)))) {
    throw taken('userPrincipalName');
  }
  const others = new Set([...users, ...groups].flatMap(addressesOf));
  if (addressesOf(wanted).some((address) => others.has(address))) throw taken('proxyAddresses');
}

function addressesOf({ proxyAddresses }: GraphObject): string[] {
  return z
    .array(z.string())
    .catch([])
    .parse(proxyAddresses)
    .map((address) => address.toLowerCase());
}
