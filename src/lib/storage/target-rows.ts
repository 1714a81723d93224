import type { TableEntityResult } from '@azure/data-tables';
import * as z from 'zod';
import { unknownTime } from '../clock';
import {
  definitionOf,
  Dispute,
  isReadable,
  KeptTarget,
  type ListedTarget,
  namesOf,
  type StoredTarget,
  Subject,
  subjectOf,
  type Target,
  type UnreadableTarget,
} from '../model/target';
import type { Unreadable } from '../model/unreadable';
import { jsonProperties, parseJson, readJson, writeJson } from './json';
import { encodeKey } from './keys';
import { attempt, nameOf, readOr, requireKey, understood } from './unreadable';

type Row = TableEntityResult<Record<string, unknown>>;

/** All targets stand in one partition: there are thousands, and they are mostly listed. */
export const partitionKey = 'target';

/** What was learnt about the service account, beside the definition. */
const Learnt = z.object({
  serviceAccountId: z.string().exactOptional(),
  serviceAccountUpn: z.string().exactOptional(),
});
type Learnt = z.infer<typeof Learnt> & Pick<StoredTarget, 'disputes'>;

const Entity = Learnt.extend({
  createdAt: z.iso.datetime(),
  updatedAt: z.string(),
  /** Absent in a target that was never paused. */
  watchedFrom: z.iso.datetime().exactOptional(),
});
const Disputes = z.array(Dispute).optional();
const Definition = z.record(z.string(), z.unknown());

/** The columns of a target without what is repeated of its findings: of which there is more, and which most do not ask for. */
export const targetColumns: string[] = [
  ...['PartitionKey', 'RowKey', ...Object.keys(Entity.shape)],
  ...jsonProperties('definition'),
  ...jsonProperties('disputes'),
];

/** A target as a row: what it asks for as JSON, and what was learnt about it in columns of its own. */
export function toEntity(stored: StoredTarget) {
  const { disputes } = stored;
  return {
    partitionKey,
    rowKey: encodeKey(stored.targetId),
    ...Entity.parse(stored),
    ...writeJson('definition', definitionOf(stored)),
    ...(disputes === undefined ? {} : writeJson('disputes', disputes)),
  };
}

/** What stands in a row. One that cannot be understood is listed all the same: left out, it would pass for watched. */
export function toListedTarget(entity: Row): ListedTarget {
  return readOr(
    () => fromEntity(entity),
    (kept) => unreadableTarget(entity, kept),
  );
}

function fromEntity(entity: Row): StoredTarget {
  const key = nameOf(entity.rowKey ?? '');
  return understood(
    () => aboutTarget(key),
    () => {
      const definition = KeptTarget.parse(readJson(entity, 'definition') ?? {}, { reportInput: true });
      // Under another id nobody would find it again.
      requireKey('targetId', definition.targetId, key);
      const disputes = parseJson(Disputes, entity, 'disputes');
      return {
        ...definition,
        ...Entity.parse(entity, { reportInput: true }),
        ...(disputes === undefined ? {} : { disputes }),
        etag: entity.etag,
      };
    },
  );
}

function aboutTarget(targetId: string): Omit<Unreadable, 'errors'> {
  return {
    targetId,
    what: `The target ${targetId}`,
    remedy: `PUT targets/${targetId} puts it right, and DELETE removes it; until then it is not audited.`,
  };
}

/** What can be said of a target all the same. */
function unreadableTarget(entity: Row, unreadable: Unreadable): UnreadableTarget {
  const definition = Definition.safeParse(attempt(() => readJson(entity, 'definition'))).data ?? {};
  const { tenantId, createdAt } = Subject.shape;
  const watchedFrom = Entity.shape.watchedFrom.safeParse(entity['watchedFrom']).data;
  const subject = Subject.safeParse({ ...definition, createdAt: entity['createdAt'] });
  const { displayName, customer, tags } = KeptTarget.shape;
  return {
    ...namesOf({
      displayName: displayName.safeParse(definition['displayName']).data,
      customer: customer.safeParse(definition['customer']).data,
      tags: tags.safeParse(definition['tags']).data,
    }),
    targetId: unreadable.targetId,
    tenantId: tenantId.safeParse(definition['tenantId']).data ?? '',
    createdAt: createdAt.safeParse(entity['createdAt']).data ?? unknownTime,
    paused: definition['paused'] === true,
    ...(watchedFrom === undefined ? {} : { watchedFrom }),
    unreadable,
    subject: subject.success ? subjectOf(subject.data) : undefined,
  };
}

/** What a target is about; undefined where nobody can tell. Nothing that was found or accepted may be taken for what is there then. */
export function subjectIn(target: ListedTarget): string | undefined {
  return isReadable(target) ? subjectOf(target) : target.subject;
}

/** When a target was first put, where that is known. */
export function madeAt(previous: ListedTarget | undefined): string | undefined {
  return previous?.createdAt === unknownTime ? undefined : previous?.createdAt;
}

/**
 * What a row has beside its definition, as far as it is about what the target is about now: of the service account while it is
 * the same, and what is in dispute while it is the same application. Of a definition that cannot be understood only where it
 * is about all the same.
 */
export function learntBefore(entity: Row, target: StoredTarget): Learnt {
  const previous = toListedTarget(entity);
  if (isReadable(previous)) {
    return {
      ...(isSameAccount(previous, target) ? Learnt.parse(previous) : {}),
      ...(isSameApplication(previous, target) ? disputesOf(previous) : {}),
    };
  }
  if (previous.subject !== subjectOf(target)) return {};
  const disputes = attempt(() => parseJson(Disputes, entity, 'disputes'));
  return { ...Learnt.safeParse(entity).data, ...disputesOf({ disputes }) };
}

function isSameAccount(a: Target, b: Target): boolean {
  return a.tenantId === b.tenantId && a.serviceAccount?.toLowerCase() === b.serviceAccount?.toLowerCase();
}

function isSameApplication(a: Target, b: Target): boolean {
  return a.tenantId === b.tenantId && a.clientAppId === b.clientAppId;
}

function disputesOf({ disputes }: { disputes?: StoredTarget['disputes'] | undefined }): Learnt {
  return disputes === undefined ? {} : { disputes };
}
