import * as z from 'zod';
import { fallbackWords } from '../../permission-fallback';
import { groupMemberReadBasicAll } from '../../permissions';
import type { Tenant } from '../../tenant';
import type { Read } from '../../wire/read';
import { type Group, GroupRow, identity } from './members';
import type { GraphRecipient } from './recipient';

/** A direct member of a room list, whatever it is. */
export type ListMember =
  | { kind: 'user'; user: GraphRecipient }
  | { kind: 'group'; group: Group }
  /** Somebody outside of the tenant. */
  | { kind: 'contact'; address: string; displayName: string | undefined }
  /** Something that has no mailbox and no members; `type` is Microsoft's name for it. */
  | { kind: 'other'; type: string };

const Contact = z
  .object({ mail: z.string(), displayName: z.string().nullish() })
  .transform(({ mail, displayName }) => ({
    address: mail.toLowerCase(),
    displayName: displayName ?? undefined,
  }));

/** https://learn.microsoft.com/graph/api/group-list-members */
const Member = z.looseObject({ '@odata.type': z.string() }).transform((row, context): ListMember => {
  const type = row['@odata.type'].replace(/^#microsoft\.graph\./, '');
  switch (type) {
    case 'user':
      return { kind: 'user', user: parse(identity.row, row, context) };
    case 'group':
      return { kind: 'group', group: parse(GroupRow, row, context) };
    case 'orgContact':
      return { kind: 'contact', ...parse(Contact, row, context) };
    default:
      return { kind: 'other', type };
  }
});

/** A row as its type has it; one that is not so makes the reading fail. */
function parse<S extends z.ZodType>(schema: S, row: unknown, context: z.RefinementCtx): z.infer<S> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
}

/** Everybody and everything that is a direct member of a room list. */
export function readListMembers(tenant: Tenant, { id, address }: Group): Promise<Read<ListMember[]>> {
  return tenant.graph.list(`/groups/${encodeURIComponent(id)}/members?${identity.query}&$top=999`, Member, {
    what: `the members of the room list ${address ?? id}`,
    permission: fallbackWords(groupMemberReadBasicAll),
  });
}
