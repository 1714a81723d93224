import { rooms as control } from '../../../../src/lib/controls/rooms';
import type { RoomsFacts } from '../../../../src/lib/controls/rooms/collect';
import type { CalendarProcessing } from '../../../../src/lib/microsoft365/exchange/calendar-settings';
import type { Room } from '../../../../src/lib/microsoft365/exchange';
import { type Read, type ReadFailure, readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../src/lib/model/target';
import type { Verdict } from '../../../../src/lib/model/verdict';
import { refused, requirement } from '../../../support/planning';
import { type Row, testTable } from '../../../support/verdict-table';

function room(name: string, changes: Partial<Room> = {}): Room {
  const address = `${name}@contoso.com`;
  return { address, displayName: name, keys: [address], hasMailbox: true, exists: true, ...changes };
}

const amber = room('amber');
const beryl = room('beryl');

const right: CalendarProcessing = {
  AutomateProcessing: 'AutoAccept',
  AllBookInPolicy: true,
  DeleteSubject: false,
  AddOrganizerToSubject: false,
  AllowRecurringMeetings: true,
};

/** Facts of two rooms that are set up as they should be, both in a room list, unless told. */
function factsOf(ofAmber: CalendarProcessing = {}, changes: Partial<RoomsFacts> = {}): RoomsFacts {
  return {
    rooms: readOk([amber, beryl]),
    roomGaps: [],
    missingLists: [],
    listed: readOk([amber, beryl]),
    settings: settingsOf(readOk({ ...right, ...ofAmber })),
    ...changes,
  };
}

function settingsOf(ofAmber: Read<CalendarProcessing>): RoomsFacts['settings'] {
  return new Map([
    [amber.address, ofAmber],
    [beryl.address, readOk(right)],
  ]);
}

function row(
  where: string,
  facts: RoomsFacts,
  verdict: Verdict,
  codes: readonly string[] = [],
  options: Partial<StoredTarget> = {},
): Row<RoomsFacts> {
  return {
    where,
    facts,
    requirement: requirement({ exchangeReader: 'admin-api', ...options }),
    verdict,
    codes,
  };
}

/** The same, of which one setting came in a form that is not known. */
const { AutomateProcessing: _, ...notUnderstood } = right;

const violation = 'violation rooms.calendarSetting';
const notice = 'notice rooms.calendarSetting';
const notListed = 'violation rooms.notInRoomList';
const unread = ['unknown unreadable.permission'];
const malformed = ['unknown unreadable.malformed'];
const notFound = ['unknown unreadable.notFound'];
const failure: ReadFailure = { cause: 'permission', message: 'That was refused.' };
const absent = room('zircon', { exists: false, hasMailbox: false });
const silver = { ...amber, keys: [amber.address], address: 'silver@contoso.com' };
/** Whose vendor asks for no room list. */
const planon = { profile: 'planon-connect-for-calendars' } as const;

describe('the verdict on how rooms are set up', () => {
  testTable(
    control,
    [
      row('both are as they should be', factsOf(), 'compliant'),
      row('one does not answer', factsOf({ AutomateProcessing: 'None' }), 'nonCompliant', [violation]),
      row('one asks a delegate', factsOf({ AllBookInPolicy: false }), 'nonCompliant', [violation]),
      row('one removes subjects', factsOf({ DeleteSubject: true }), 'compliant', [notice]),
      row(
        'one does not answer, and removes subjects',
        factsOf({ AutomateProcessing: 'None', DeleteSubject: true }),
        'nonCompliant',
        [violation, notice],
      ),
      row('one is in no room list', factsOf({}, { listed: readOk([beryl]) }), 'nonCompliant', [notListed]),
      row(
        'one is in a list under another of its addresses',
        factsOf({}, { listed: readOk([silver, beryl]) }),
        'compliant',
      ),
      row(
        'one is in no room list, which the vendor does not ask for',
        factsOf({}, { listed: readOk([]) }),
        'compliant',
        [],
        planon,
      ),
      row(
        'one can be booked for longer than the target says',
        factsOf({ BookingWindowInDays: 180 }, { rooms: readOk([amber]) }),
        'compliant',
        [notice],
        { bookingWindowInDays: 90 },
      ),
      row('there is none', factsOf({}, { rooms: readOk([]) }), 'notApplicable'),
      row(
        'one is wrong, and the settings of the other could not be read',
        factsOf(
          {},
          {
            settings: new Map<string, Read<CalendarProcessing>>([
              [amber.address, readOk({ ...right, AllBookInPolicy: false })],
              [beryl.address, refused],
            ]),
          },
        ),
        'nonCompliant',
        [violation, ...unread],
      ),
      row(
        "the vendor's pages do not say how they have to be",
        factsOf({}, { settings: new Map() }),
        'unknown',
        ['unknown rooms.notKnown'],
        { profile: 'zoom-rooms-account' },
      ),
    ],
    [
      row('the rooms could not be read', factsOf({}, { rooms: refused }), 'unknown', unread),
      row(
        'the settings of one could not be read',
        factsOf({}, { settings: settingsOf(refused) }),
        'unknown',
        unread,
      ),
      row(
        'nobody asked for the settings of one',
        factsOf({}, { settings: new Map([[beryl.address, readOk(right)]]) }),
        'unknown',
        malformed,
      ),
      row(
        'a setting of one is not understood',
        factsOf({}, { settings: settingsOf(readOk(notUnderstood)) }),
        'unknown',
        malformed,
      ),
      row('the room lists could not be read', factsOf({}, { listed: refused }), 'unknown', unread),
      row('there may be more of them', factsOf({}, { roomGaps: [{ problem: failure }] }), 'unknown', unread),
      row(
        'there may be more of them than this reader sees',
        factsOf({}, { roomGaps: [{ problem: 'nobody knows' }] }),
        'unknown',
        malformed,
      ),
      row(
        'a list of the target does not exist',
        factsOf({}, { missingLists: [{ address: 'rome@contoso.com' }] }),
        'unknown',
        notFound,
      ),
      row(
        'there is none, because the list of the target does not exist',
        factsOf({}, { rooms: readOk([]), missingLists: [{ address: 'rome@contoso.com' }] }),
        'unknown',
        notFound,
      ),
      row('one does not exist', factsOf({}, { rooms: readOk([amber, absent]) }), 'unknown', notFound),
    ],
  );
});
