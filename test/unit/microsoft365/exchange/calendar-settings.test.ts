import type { Room } from '../../../../src/lib/microsoft365/exchange';
import {
  readCalendarSettings,
  type SettingValue,
} from '../../../../src/lib/microsoft365/exchange/calendar-settings';
import { type CalendarSettingName, largest, switches } from '../../../../src/lib/profiles/calendar-setting';
import { room as addressOf } from '../../../support/exchange-views';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const address = addressOf('amber');
const amber: Room = { address, displayName: 'Amber', keys: [address], hasMailbox: true, exists: true };
const numbers = Object.keys(largest) as (keyof typeof largest)[];

/** What is understood of a setting that Exchange gives so. */
async function read(name: CalendarSettingName, value: unknown): Promise<SettingValue | undefined> {
  const { exchange } = tenant.state;
  exchange.calendarProcessing = [{ Identity: 'Amber', [name]: value }];
  const view = tenant.tenants().open(tenant.target().tenantId)();
  const found = (await readCalendarSettings(view, [amber], [name])).get(address);
  if (found?.ok !== true) throw new Error('The room was expected to be read.');
  return found.value[name];
}

describe('a calendar setting', () => {
  it.each([
    ['AutoAccept', 'AutoAccept'],
    ['AUTOACCEPT', 'AutoAccept'],
    [' none ', 'None'],
    ['AutoDecline', undefined],
    ['', undefined],
    [null, undefined],
    [2, undefined],
    [true, undefined],
  ])('AutomateProcessing %j is understood as %j', async (given, understood) => {
    expect(await read('AutomateProcessing', given)).toEqual(understood);
  });

  it.each(switches)('%s is understood as a boolean, or as its word, and as nothing else', async (name) => {
    const table: [unknown, boolean | undefined][] = [
      ...([true, 'True', 'TRUE'].map((given) => [given, true]) as [unknown, boolean][]),
      ...([false, 'False', 'false'].map((given) => [given, false]) as [unknown, boolean][]),
      ...([null, '', 'yes', '$true', 0, 1, [], {}].map((given) => [given, undefined]) as [
        unknown,
        undefined,
      ][]),
    ];
    for (const [given, understood] of table)
      expect([given, await read(name, given)]).toEqual([given, understood]);
  });

  it.each(numbers)(
    '%s is understood as a whole number, or as its digits, and as nothing else',
    async (name) => {
      for (const given of [365, '365', ' 365 ']) expect(await read(name, given)).toBe(365);
      expect(await read(name, 0)).toBe(0);
      for (const given of [null, '', -1, 1.5, '1.5', '1e3', 'Unlimited', true, ['365']])
        expect([given, await read(name, given)]).toEqual([given, undefined]);
    },
  );

  it.each([
    [
      ['Ben', ' Ada ', 'Ben'],
      ['Ada', 'Ben'],
    ],
    ['Nwosu, Ada', ['Nwosu, Ada']],
    [[], []],
    [null, []],
    ['', []],
    [[7], undefined],
    [{ name: 'Ada' }, undefined],
    [true, undefined],
  ])('ResourceDelegates %j is understood as %j', async (given, understood) => {
    expect(await read('ResourceDelegates', given)).toEqual(understood);
  });

  it('that the answer leaves out is not understood', async () => {
    tenant.simulator.fail({
      match: ({ cmdlet }) => cmdlet === 'Get-CalendarProcessing',
      change: () => ({ value: [{ Identity: 'Amber' }] }),
    });
    for (const name of ['AutomateProcessing', 'DeleteSubject', 'ResourceDelegates'] as const)
      expect(await read(name, undefined)).toBeUndefined();
  });
});
