import { control } from '../../../../src/lib/controls';
import type { Tenant } from '../../../../src/lib/microsoft365/tenant';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../src/lib/model/target';
import type { ResourceRow } from '../../../../src/lib/model/verdict';
import { profile } from '../../../../src/lib/profiles';
import { addGroup, addRecipient, addRoomList, room, roomNames } from '../../../support/exchange-views';
import { type Audit, SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const audit = (options: Partial<StoredTarget> = {}) =>
  tenant.audit('rooms', { exchangeReader: 'admin-api', ...options });
const rooms = roomNames.map(room);
const amber = room('amber');
const denied = 'unknown unreadable.permission';

const exchange = () => tenant.state.exchange;
const rowOf = (found: Audit, resource: string) => found.resources?.find((row) => row.resource === resource);
const verdicts = (found: Audit) => new Set(found.resources?.map((row: ResourceRow) => row.verdict));
const named = (...mailboxes: string[]): Partial<StoredTarget> => ({
  rooms: { source: 'mailboxes', mailboxes },
});

/** Makes Beryl a violation. */
function breakBeryl(): void {
  const settings = exchange().calendarProcessing.find(({ Identity }) => Identity === 'Beryl');
  Object.assign(settings ?? {}, { AutomateProcessing: 'None' });
}

/** A part of a batch that asks about this mailbox. */
const asksAbout = (mailbox: string) => (request: { cmdlet?: string | undefined; requestBody: unknown }) =>
  request.cmdlet === 'Get-CalendarProcessing' && JSON.stringify(request.requestBody).includes(mailbox);
/** About which mailboxes each batch asked. */
const batches = () =>
  tenant.simulator.requests
    .filter(({ url }) => url.endsWith('/$batch'))
    .map(({ requestBody }) =>
      (
        requestBody as { requests: { body: { CmdletInput: { Parameters: { Identity: string } } } }[] }
      ).requests.map(({ body }) => body.CmdletInput.Parameters.Identity),
    );

describe('the calendar settings', () => {
  it.each([
    [10, [10]],
    [11, [10, 1]],
  ])('of %i rooms are read in batches of %j', async (count, sizes) => {
    const found = await audit(named(...rooms.slice(0, count)));
    expect(found.resources).toHaveLength(count);
    // Which of them comes first is open: they are under way together.
    const longestFirst = batches()
      .map(({ length }) => length)
      .sort((a, b) => b - a);
    expect(longestFirst).toEqual(sizes);
    expect(batches().flat().sort()).toEqual(rooms.slice(0, count));
  });

  it('are asked for by name, and no others', async () => {
    await audit(named(amber));
    const asked = tenant.simulator.requests.flatMap(({ url, cmdlet }) =>
      cmdlet === 'Get-CalendarProcessing' ? [new URL(url, 'https://exchange.test')] : [],
    );
    expect(asked.map(({ searchParams }) => searchParams.get('$select')?.split(',').sort())).toEqual([
      [
        ...['AddOrganizerToSubject', 'AllBookInPolicy', 'AllowRecurringMeetings', 'AutomateProcessing'],
        'DeleteSubject',
      ],
    ]);
  });

  it('are asked for again alone where one part of a batch is throttled', async () => {
    tenant.simulator.fail({ match: asksAbout(amber), status: 429, retryAfter: 5, times: 1 });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    expect(batches()).toHaveLength(3);
    expect(batches()).toContainEqual([amber]);
  });

  it.each([
    ['throttled', { status: 429, retryAfter: 600 }, 'throttled'],
    ['refused', { status: 403 }, 'permission'],
    ['unavailable', { status: 503 }, 'unavailable'],
    ['broken', { drop: true }, 'unavailable'],
    ['empty', { change: () => ({ value: [] }) }, 'notFound'],
    ['nonsense', { change: () => 'nonsense' }, 'malformed'],
  ])('of one room are unknown where its part stays %s', async (_case, fault, cause) => {
    tenant.simulator.fail({ match: asksAbout(amber), ...fault });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [`unknown unreadable.${cause}`] });
    expect(found.reasons[0]?.resource).toBe(amber);
    expect(rowOf(found, amber)).toMatchObject({ verdict: 'unknown', codes: [`unreadable.${cause}`] });
    expect(verdicts(found)).toEqual(new Set(['compliant', 'unknown']));
  });

  it('of one room are unknown where its mailbox has gone meanwhile, and violations of others stay', async () => {
    breakBeryl();
    const message = 'Ex6F9304|Microsoft.Exchange.ManagementObjectNotFoundException|No such mailbox.';
    tenant.simulator.fail({ match: asksAbout(amber), status: 404, code: 'NotFound', message });
    const found = await audit();
    expect(found.codes).toEqual(['violation rooms.calendarSetting', 'unknown unreadable.notFound']);
  });

  it.each([
    [20_000, 2000],
    [20_001, 0],
  ])('of %i rooms take %i batches', async (count, expected) => {
    let asked = 0;
    const recipients = Array.from({ length: count }, (_, index) => `room-${index}@contoso.com`).map(
      (mail) => ({
        ...{
          address: mail,
          displayName: mail,
          keys: [mail],
          hasMailbox: true,
          recipientTypeDetails: 'RoomMailbox',
        },
      }),
    );
    const settings = {
      AutomateProcessing: 'AutoAccept',
      AllBookInPolicy: true,
      DeleteSubject: false,
      AddOrganizerToSubject: false,
      AllowRecurringMeetings: true,
    };
    const adminApi = {
      list: (cmdlet: { name: string }) =>
        Promise.resolve(
          readOk(cmdlet.name === 'Get-DistributionGroup' ? [{ PrimarySmtpAddress: 'l' }] : recipients),
        ),
      getEach: (cmdlets: unknown[]) => {
        asked++;
        return Promise.resolve(cmdlets.map(() => readOk(settings)));
      },
    };
    const target = tenant.target({ exchangeReader: 'admin-api' });
    const facts = await control('rooms').collect({ adminApi } as unknown as Tenant, target);
    const now = new Date('2026-11-23T02:00:00Z');
    const found = control('rooms').evaluate(facts, { profile: profile(target.profile), target, now });
    expect(asked).toBe(expected);
    expect(found.verdict).toBe(expected === 0 ? 'unknown' : 'compliant');
    if (expected === 0) {
      expect(found.reasons).toMatchObject([{ code: 'unreadable.unavailable' }]);
      expect(found.summary).toContain('20,001 rooms');
      expect(found.resources).toBeUndefined();
    }
  });
});

describe('what could not be read of rooms', () => {
  it.each([/Get-DistributionGroup$/, /Get-DistributionGroupMember/])(
    'leaves lists open: %s',
    async (match) => {
      breakBeryl();
      exchange().distributionGroups[0]?.members.shift();
      tenant.simulator.fail({ match, status: 403, message: 'No.' });
      const found = await audit();
      expect(found.codes).toEqual(['violation rooms.calendarSetting', denied]);
      expect(found.reasons[1]?.expected).toBe('Exchange.ManageAsApp');
      expect(found.evidence).toMatchObject({ inRoomLists: null });
      expect(rowOf(found, amber)).toMatchObject({ verdict: 'unknown', codes: ['unreadable.permission'] });
    },
  );

  it('has no rows without the rooms', async () => {
    tenant.simulator.fail({ match: /Get-Recipient/, status: 403, message: 'No.' });
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [denied] });
    expect(found.resources).toBeUndefined();
  });
});

describe('rooms that are not all known', () => {
  const open = 'unknown unreadable.malformed';
  const recipientOf = (address: string) =>
    exchange().recipients.find(({ PrimarySmtpAddress }) => PrimarySmtpAddress === address) ?? {};
  const withOddRoom = () => Object.assign(recipientOf(amber), { ResourceType: 'Cabin' });
  const withOddGroup = () => {
    addGroup(tenant.state, 'c0170507-0000-4000-8000-000000090001', 'Staff', []);
    return addRoomList(tenant.state, 'mixed', [amber, 'staff@contoso.com']);
  };

  it('are never fine: a resource of a kind that is not known', async () => {
    withOddRoom();
    const found = await audit();
    expect(found).toMatchObject({ verdict: 'unknown', codes: [open] });
    expect(found.reasons[0]).toMatchObject({
      resource: amber,
      message: `Could not read which rooms of the target there are, because of ${amber}: Exchange calls the resource ${amber} a "Cabin", which is neither a room nor a desk.`,
    });
    expect(found.resources).toHaveLength(11);
  });

  it('are never fine: a group in a room list', async () => {
    const list = withOddGroup();
    const found = await audit({ rooms: { source: 'roomLists', roomLists: [list] } });
    expect(found).toMatchObject({ verdict: 'unknown', codes: [open] });
    expect(found.reasons[0]?.resource).toBe(list);
  });

  it('change nothing about those that are', async () => {
    withOddRoom();
    breakBeryl();
    expect(await audit()).toMatchObject({
      verdict: 'nonCompliant',
      codes: ['violation rooms.calendarSetting', open],
    });
  });

  it('may be the only ones', async () => {
    for (const address of rooms) Object.assign(recipientOf(address), { ResourceType: 'Cabin' });
    expect((await audit()).verdict).toBe('unknown');
  });

  it('may be some that the target names and the tenant does not have', async () => {
    const mailboxes = [amber, 'gone@contoso.com'];
    const found = await audit({ rooms: { source: 'mailboxes', mailboxes } });
    expect(found).toMatchObject({ verdict: 'unknown', codes: [lost], evidence: { rooms: 1 } });
    expect(found.summary).toBe(
      'Could not read the settings of gone@contoso.com (gone@contoso.com): it has no mailbox in Exchange Online. See what impersonation says of it.',
    );
    expect(rowOf(found, 'gone@contoso.com')).toMatchObject({
      verdict: 'unknown',
      codes: ['unreadable.notFound'],
    });
    expect(rowOf(found, amber)).toMatchObject({ verdict: 'compliant' });
    expect((await audit({ rooms: { source: 'mailboxes', mailboxes: mailboxes.slice(1) } })).verdict).toBe(
      'unknown',
    );
  });

  describe.each(['graph', 'admin-api'] as const)('read by %s', (exchangeReader) => {
    const inLists = (...roomLists: string[]) => ({ rooms: { source: 'roomLists' as const, roomLists } });
    const list = 'condeco-rooms@contoso.com';

    it.each([
      ['a list that is gone', () => inLists(list, 'gone@contoso.com')],
      ['a list that is gone, and nothing else', () => inLists('gone@contoso.com')],
      [
        'a group that is no list',
        () => {
          addGroup(tenant.state, 'c0170507-0000-4000-8000-000000090001', 'Staff', [amber]);
          return inLists(list, 'staff@contoso.com');
        },
      ],
      ['a list with a group that is none', () => inLists(list, withOddGroup())],
      [
        'a mailbox that is gone',
        () => ({ rooms: { source: 'mailboxes' as const, mailboxes: [amber, 'gone@contoso.com'] } }),
      ],
      [
        'a mailbox that is gone, and nothing else',
        () => ({ rooms: { source: 'mailboxes' as const, mailboxes: ['gone@contoso.com'] } }),
      ],
    ])('are fine to neither control: %s', async (_case, prepare) => {
      const options = { exchangeReader, ...prepare() };
      const { verdict } = await tenant.audit('rooms', options);
      // Microsoft Graph knows no settings, whatever rooms there are.
      expect(verdict).toBe(exchangeReader === 'graph' ? 'notApplicable' : 'unknown');
      expect(['nonCompliant', 'unknown']).toContain((await tenant.audit('impersonation', options)).verdict);
    });
  });

  it('are as open to impersonation, in every case', async () => {
    for (const options of [{}, { rooms: { source: 'roomLists' as const, roomLists: [withOddGroup()] } }]) {
      withOddRoom();
      for (const control of ['rooms', 'impersonation'] as const)
        expect((await tenant.audit(control, { exchangeReader: 'admin-api', ...options })).verdict).toBe(
          'unknown',
        );
    }
  });
});

const lost = 'unknown unreadable.notFound';

it('has not looked at a room whose settings were never read', () => {
  const facts = {
    ...{
      rooms: readOk([existing(amber)]),
      roomGaps: [],
      missingLists: [],
      listed: readOk([existing(amber)]),
    },
    settings: new Map(),
  };
  const target = tenant.target();
  const requirement = { profile: profile(target.profile), target, now: new Date() };
  expect(control('rooms').evaluate(facts, requirement).verdict).toBe('unknown');
});

function existing(address: string) {
  return { address, displayName: address, keys: [address], hasMailbox: true, exists: true };
}

describe('room lists that the target names', () => {
  const list = 'condeco-rooms@contoso.com';
  const inLists = (...roomLists: string[]) => audit({ rooms: { source: 'roomLists', roomLists } });

  it('leave open what they stand for where they do not exist, and the rooms of others are judged', async () => {
    const alone = await inLists('gone@contoso.com');
    expect(alone).toMatchObject({ verdict: 'unknown', codes: [lost], resources: [] });
    expect(alone.reasons[0]).toMatchObject({
      resource: 'gone@contoso.com',
      message:
        'Could not read which rooms the room list gone@contoso.com of the target stands for: there is no such list. See what impersonation says of it.',
    });
    expect(await inLists(list, 'gone@contoso.com')).toMatchObject({ verdict: 'unknown', codes: [lost] });
    breakBeryl();
    const found = await inLists(list, 'gone@contoso.com');
    expect(found.codes).toEqual(['violation rooms.calendarSetting', lost]);
    expect(found.resources).toHaveLength(12);
  });

  it('may be groups of another kind, whose members are no rooms', async () => {
    addGroup(tenant.state, 'c0170507-0000-4000-8000-000000090001', 'Staff', [amber]);
    const found = await inLists('staff@contoso.com');
    expect(found).toMatchObject({ verdict: 'unknown', codes: [lost], resources: [] });
    expect(found.summary).toContain('it is a MailUniversalSecurityGroup, and no room list');
  });

  it('may be empty: then there is no room, which impersonation says', async () => {
    const options = {
      rooms: { source: 'roomLists' as const, roomLists: [addRoomList(tenant.state, 'empty', [])] },
    };
    expect(await audit(options)).toMatchObject({ verdict: 'notApplicable', codes: [], resources: [] });
    const { codes } = await tenant.audit('impersonation', { exchangeReader: 'admin-api', ...options });
    expect(codes).toContain('violation impersonation.noRooms');
  });

  it('have the rooms of lists within them, and the desks', async () => {
    addRecipient(tenant.state, 'desk-1', 'Desk');
    const inner = addRoomList(tenant.state, 'inner', ['desk-1@contoso.com']);
    const found = await inLists(addRoomList(tenant.state, 'outer', [amber, inner]));
    expect(found.resources?.map(({ resource }) => resource).sort()).toEqual(['desk-1@contoso.com', amber]);
  });

  it('make it unknown where one cannot be read', async () => {
    const other = addRoomList(tenant.state, 'other', [amber]);
    const asks = ({ cmdlet, requestBody }: { cmdlet?: string | undefined; requestBody: unknown }) =>
      cmdlet === 'Get-DistributionGroupMember' && JSON.stringify(requestBody).includes(other);
    tenant.simulator.fail({ match: asks, status: 403, message: 'No.' });
    const found = await inLists(list, other);
    expect(found).toMatchObject({ verdict: 'unknown', codes: [denied, denied] });
    expect(found.resources).toBeUndefined();
    breakBeryl();
    expect((await inLists(list, other)).codes).toEqual(['violation rooms.calendarSetting', denied, denied]);
  });
});

it('leaves desks alone, unless the target takes them in', async () => {
  addRecipient(tenant.state, 'desk-1', 'Desk');
  expect((await audit()).resources).toHaveLength(12);
  const all = await audit({ rooms: { source: 'all', desks: 'include' } });
  expect(rowOf(all, 'desk-1@contoso.com')).toMatchObject({ verdict: 'nonCompliant' });
});
