import { asksForTargets } from '../../api/target-choice';
import { NotFoundError } from '../../errors';
import type { Unreadable } from '../../model/unreadable';
import { RoomReader, type RoomsOf } from './rooms';
import type { ResourceRow } from '../../model/verdict';
import {
  type ExportedFinding,
  type ExportedTargets,
  type ExportFilter,
  type ExportServices,
  readFindings,
  readExportedTargets,
} from './sources';

/** What an export is about, and how much of it. */
export interface ExportRequest {
  filter: ExportFilter;
  /** With a row for each room and mailbox. */
  hasRooms?: boolean | undefined;
}

/** What is exported, as far as it is told by target. */
export interface ExportReading extends ExportedTargets {
  now: Date;
  /** To be read first, to its end. */
  findings: AsyncIterable<ExportedFinding>;
  /** To be read after the findings; none unless they are asked for. */
  rooms: AsyncIterable<{ of: RoomsOf; row: ResourceRow }>;
  /** What cannot be understood: complete when the others were read. */
  unreadable: Unreadable[];
  /** Notes what cannot be understood, unless it is of a target that is certainly not asked for. */
  told: (kept: Unreadable) => void;
  /** Whether something is of a target that is asked for; what names a tenant also by that: an id may have been somebody else's before. */
  isAsked: (of: { targetId: string; tenantId?: string | undefined }) => boolean;
}

/** Begins to read. The targets are there, findings and rooms follow. */
export async function beginReading(
  services: ExportServices,
  { filter, hasRooms = false }: ExportRequest,
): Promise<ExportReading> {
  const now = services.now();
  const read = await readExportedTargets(services, filter, now);
  const { listed, unreadable } = read;
  const tenants = new Map(listed.map(({ targetId, tenantId }) => [targetId, tenantId]));
  const isAsked: ExportReading['isAsked'] = ({ targetId, tenantId }) =>
    !asksForTargets(filter) ||
    (tenants.has(targetId) && (tenantId === undefined || tenantId === tenants.get(targetId)));
  const told = (kept: Unreadable) => {
    if (isAsked(kept)) unreadable.push(kept);
  };
  const reader = new RoomReader(services.resources);
  return {
    ...read,
    ...{ now, told, isAsked },
    findings: noted(readFindings(services, filter, listed, now, told), hasRooms ? reader : undefined),
    rooms: reader.rooms(),
  };
}

/** Refuses what there is nothing of: an empty file would pass for one in which nothing is wrong. @throws {NotFoundError} */
export function requireAny(
  { targetId, customer, tag }: ExportFilter,
  { listed, unreadable }: ExportedTargets,
): void {
  if (listed.length + unreadable.length > 0) return;
  const of = [
    ...(targetId === undefined ? [] : [targetId]),
    ...(customer === undefined ? [] : [`of the customer ${customer}`]),
    ...(tag === undefined ? [] : [`with the tag ${tag}`]),
  ];
  if (of.length > 0) throw new NotFoundError(`There is no target ${of.join(' ')}.`);
}

async function* noted(
  findings: AsyncIterable<ExportedFinding>,
  reader: RoomReader | undefined,
): AsyncGenerator<ExportedFinding> {
  for await (const finding of findings) {
    reader?.note(finding);
    yield finding;
  }
}
