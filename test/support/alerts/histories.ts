import type { Deployment } from './azure';
import { type ControlId, controlIds } from '../../../src/lib/model/verdict';
import { component, type World } from './world';

/** Something that happens in the course of days, and what has to be mailed of it. */
export interface History {
  /** What happens. */
  what: string;
  /**
   * Another one, of which this shows the mails of another deployment.
   * @default it is one of its own
   */
  like?: string;
  /** How many hours it takes, from midnight on. */
  hours: number;
  /** Settings of the app. */
  env?: Readonly<Record<string, string>>;
  deployment?: Deployment;
  act: (world: World) => unknown;
  /** Each mail: the hour, whether it fires or resolves, the rule, and what it is about; or how many there are of a kind. */
  mails: readonly string[];
}

const several = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const minute = 60_000;
const hour = 60 * minute;

/** These targets are put before the first night. */
const put = (world: World, ...targetIds: string[]) =>
  world.at(0.1, async () => {
    for (const targetId of targetIds) await world.put(targetId);
  });

/** The licence of a target is missing from the first night on. */
const broken = (world: World, targetId = 'a') =>
  put(world, targetId).at(0.2, () => {
    world.break(targetId, 'license', 'license.none');
  });

/** It is repaired, and an audit sees that. */
const repaired = (world: World, at: number) =>
  world.at(at, () => {
    world.break('a', 'license');
    return world.audit('a');
  });

const told = '3 fires noncompliant a license license.none';
/** The same where it takes more than half an hour to come. */
const anHourLater = '4 fires noncompliant a license license.none';
const tenant = (index: number) => `0a0a0a0a-0000-4000-8000-${String(index).padStart(12, '0')}`;
const numbered = (count: number) =>
  Array.from({ length: count }, (_target, index) => `t${String(index).padStart(3, '0')}`);

/** What is open and stays open is told once, whatever disturbs the telling. */
const disturbed = (
  what: string,
  disturb: (world: World) => unknown,
  rest: Partial<History> = {},
): History => ({
  what,
  hours: 60,
  act: (world) => {
    disturb(broken(world));
  },
  mails: [told],
  ...rest,
});

/** So that what is unreadable is overdue within hours. */
const hourly = { AUDIT_SCHEDULE: '0 0 * * * *', STALE_AFTER_HOURS: '2' };

/** Each condition of each of these targets, one after the other, for these controls. */
function everything(
  world: World,
  targets: readonly (readonly [targetId: string, tenantId: string])[],
  ids: readonly ControlId[],
  later = 0,
): void {
  const each = async (act: (targetId: string, id: ControlId) => unknown) => {
    for (const [targetId] of targets) for (const id of ids) await act(targetId, id);
  };
  world
    .at(0.1 + 2 * later, async () => {
      for (const [targetId, tenantId] of targets) await world.put(targetId, { tenantId });
      await each((targetId, id) => {
        world.break(targetId, id, `${id}.any`);
      });
    })
    .at(2.1 + later, () => each((targetId, id) => world.repair(targetId, id, 'failed')))
    .at(3.1 + later, async () => {
      for (const [targetId] of targets)
        await world.poison(JSON.stringify({ targetId, controls: ids, runId: 'x' }));
    })
    .at(5.1, () => {
      world.replay();
    })
    // Each for a little less than the last.
    .at(6.1 + later, () => {
      let days = 10 + later;
      return each((targetId, id) => world.accept(targetId, id, (days -= 0.001)));
    })
    .at(9.1 + later, () => each((targetId, id) => world.takeBack(targetId, id)))
    .at(9.2 + later, () => {
      for (const [targetId] of targets) world.unreadable.add(targetId);
    });
}

/** Everything that can be wrong is, in four tenants; and what comes later does not take the place of what is there, whatever its name. */
function everythingInFourTenants(world: World): void {
  const targets = numbered(4).map((targetId, index) => [targetId, tenant(index)] as const);
  everything(world, targets, controlIds);
  everything(world, [['a', tenant(9)]], controlIds, 0.7);
}

/** Histories of the app and its alerts. Hours count from midnight; the night is at two, the watchdog at half past every hour. */
export const histories: readonly History[] = [
  {
    what: 'a violation is accepted while its tenant is unreadable',
    hours: 130,
    act: (world) =>
      put(world, 'a')
        .at(0.2, () => {
          world.break('a', 'impersonation', 'impersonation.none');
        })
        .at(30, () => {
          world.doubt('a', 'impersonation', 'impersonation.scopeUnresolved');
        })
        .at(60, () => world.accept('a', 'impersonation', 100)),
    mails: [
      '3 fires noncompliant a impersonation impersonation.none',
      '53 fires unverified a impersonation critical',
      '64 resolves noncompliant a impersonation impersonation.none',
      '64 resolves unverified a impersonation critical',
    ],
  },
  {
    what: 'one target is un-paused after three days',
    hours: 130,
    act: (world) =>
      put(world, ...several)
        .at(12, () => world.put('a', { paused: true }))
        .at(84, () => world.put('a')),
    mails: [],
  },
  {
    what: 'the app is dead for 55 hours',
    hours: 120,
    act: (world) =>
      broken(world)
        .at(30, () => world.dead.add('app'))
        .at(85, () => world.dead.delete('app')),
    mails: [
      told,
      '34 fires silence',
      '79 resolves noncompliant a license license.none',
      '86 fires noncompliant a license license.none',
      '100 resolves silence',
    ],
  },
  {
    what: 'the nightly timers are dead, and one audit of the last night was put off to 05:50',
    hours: 60,
    act: (world) => {
      world.waitMs = (targetId) => (targetId === 'a' ? 3 * hour + 50 * minute : minute);
      put(world, ...several)
        .at(3, () => world.dead.add('nightly'))
        .at(49, () => world.dead.delete('nightly'));
    },
    mails: ['29 fires silence', '52 resolves silence'],
  },
  {
    what: 'a night of seven hours, in another order than the last',
    hours: 100,
    act: (world) => {
      world.waitMs = (targetId, night) => {
        const place = several.indexOf(targetId);
        return (night % 2 === 0 ? place : 7 - place) * hour + minute;
      };
      put(world, ...several);
    },
    mails: [],
  },
  {
    what: '300 targets are broken, then one more, and then the first is repaired',
    hours: 20,
    // The others have their time.
    env: { AUDIT_SCHEDULE: '0 0 2 * * 3', AUDIT_SCHEDULE_LICENSE: '0 0 2 * * *' },
    act: (world) => {
      for (const targetId of numbered(300)) broken(world, targetId);
      world
        .at(7, async () => {
          await world.put('a');
          world.break('a', 'license', 'license.none');
          await world.audit('a', 'license');
        })
        .at(13, () => {
          world.break('t000', 'license');
          return world.audit('t000', 'license');
        });
    },
    mails: [
      '3 fires noncompliant: 300',
      '16 fires noncompliant t299 license license.none',
      '17 resolves noncompliant t000 license license.none',
    ],
  },
  {
    what: 'alerts by tenant: a violation stands, then a critical one on another target',
    hours: 40,
    deployment: { isByTenant: true, ruleCount: 2 },
    act: (world) =>
      broken(world).at(12, async () => {
        await world.put('b');
        world.break('b', 'account', 'account.notFound');
        await world.audit('b');
      }),
    mails: ['3 fires noncompliant high', '13 fires noncompliant critical'],
  },
  {
    what: 'all targets are paused, and one is un-paused',
    hours: 130,
    act: (world) =>
      put(world, 'a', 'b')
        .at(12, async () => {
          for (const targetId of ['a', 'b']) await world.put(targetId, { paused: true });
        })
        .at(100, () => world.put('a')),
    mails: [],
  },
  {
    what: 'the first deployment: the rules are there before the app has run',
    hours: 40,
    act: (world) => {
      world.dead.add('app');
      world.at(5, () => world.dead.delete('app')).at(9, () => world.put('a'));
    },
    mails: ['1 fires silence', '7 resolves silence'],
  },
  {
    what: 'a second code',
    hours: 60,
    act: (world) =>
      broken(world).at(30, () => {
        world.break('a', 'license', 'license.none', 'license.suspended');
      }),
    mails: [told, '51 fires noncompliant a license license.suspended'],
  },
  {
    what: 'a waiver is added, and ends',
    hours: 70,
    act: (world) => broken(world).at(30, () => world.accept('a', 'license', 1)),
    mails: [
      told,
      '31 fires waiver a license 2026-11-03T06:00:00.000Z',
      '34 resolves noncompliant a license license.none',
      '55 fires noncompliant a license license.none',
      '58 resolves waiver a license 2026-11-03T06:00:00.000Z',
    ],
  },
  {
    what: 'a tenant is unreadable for two days, and was repaired meanwhile',
    hours: 90,
    act: (world) =>
      broken(world)
        .at(20, () => world.unreadable.add('a'))
        .at(70, () => {
          world.unreadable.delete('a');
          world.break('a', 'license');
        }),
    mails: [
      told,
      '29 fires unverified: 8',
      '78 resolves noncompliant a license license.none',
      '78 resolves unverified: 8',
    ],
  },
  {
    what: 'a target is deleted and put again',
    hours: 90,
    act: (world) =>
      broken(world)
        .at(30, () => world.delete('a'))
        .at(60, () => world.put('a')),
    mails: [
      told,
      '34 resolves noncompliant a license license.none',
      '75 fires noncompliant a license license.none',
    ],
  },
  {
    what: 'a target is paused and un-paused, and nobody has repaired it',
    hours: 60,
    act: (world) =>
      broken(world)
        .at(30, () => world.put('a', { paused: true }))
        .at(40, () => world.put('a')),
    mails: [
      told,
      '34 resolves noncompliant a license license.none',
      '41 fires noncompliant a license license.none',
    ],
  },
  disturbed('everything arrives twice', (world) => (world.copies = 2)),
  disturbed(
    'what one round has said arrives six hours late, and was repaired meanwhile',
    (world) => {
      world.latencyMs = (name) => (name === 'ConditionOpen' && world.hours === 28.5 ? 6 * hour : minute);
      repaired(world, 30);
    },
    { mails: [told, '34 resolves noncompliant a license license.none'] },
  ),
  disturbed('Application Insights is away for two hours, and gets old events later', (world) =>
    world.at(27, () => (world.isAway = true)).at(29, () => (world.isAway = false)),
  ),
  disturbed(
    'what is open is ingested 45 minutes late',
    (world) => {
      world.latencyMs = (name) => (name === 'ConditionOpen' ? 45 : 1) * minute;
    },
    { mails: [anHourLater] },
  ),
  disturbed(
    'everything is ingested up to 45 minutes late',
    (world) => {
      world.latencyMs = () => (1 + ((world.hours * 2 * 17) % 45)) * minute;
    },
    { mails: [anHourLater] },
  ),
  disturbed('one of four events is kept, with ItemCount 4', (world) => (world.itemCount = 4)),
  disturbed('the watchdog misses two rounds', (world) =>
    world.at(27, () => world.dead.add('watchdog')).at(29, () => world.dead.delete('watchdog')),
  ),
  disturbed('the watchdog misses two rounds, and the next one is 45 minutes on its way', (world) => {
    world.at(27, () => world.dead.add('watchdog')).at(29, () => world.dead.delete('watchdog'));
    world.latencyMs = () => (world.hours < 20 ? 1 : 45) * minute;
  }),
  disturbed(
    'the clock of one instance is five hours ahead, and was repaired meanwhile',
    (world) => {
      world.at(27, () => (world.aheadMs = 5 * hour)).at(29, () => (world.aheadMs = 0));
      repaired(world, 29.2);
    },
    { mails: [told, '31 resolves noncompliant a license license.none'] },
  ),
  {
    what: 'a weekly control',
    hours: 220,
    env: { AUDIT_SCHEDULE_LICENSE: '0 0 2 * * 0' },
    act: (world) => broken(world),
    mails: [told],
  },
  {
    what: 'a schedule of working days',
    hours: 220,
    env: { AUDIT_SCHEDULE: '0 0 2 * * 1-5' },
    act: (world) => broken(world),
    mails: ['27 fires noncompliant a license license.none'],
  },
  {
    what: 'a remediation fails, and a later one is verified',
    hours: 50,
    act: (world) => {
      broken(world).at(12, () => world.repair('a', 'license', 'failed'));
      repaired(world, 30).at(30.1, () => world.repair('a', 'license', 'verified'));
    },
    mails: [
      told,
      '13 fires remediation a license 20261101T120000000Z-a-license',
      '34 resolves noncompliant a license license.none',
      '34 resolves remediation a license 20261101T120000000Z-a-license',
    ],
  },
  {
    what: 'a remediation is not seen in the tenant a day later, and then it is',
    hours: 70,
    act: (world) => {
      broken(world).at(12, () => world.repair('a', 'license', 'unverified'));
      repaired(world, 60);
    },
    mails: [
      told,
      '37 fires remediation a license 20261101T120000000Z-a-license',
      '64 resolves noncompliant a license license.none',
      '64 resolves remediation a license 20261101T120000000Z-a-license',
    ],
  },
  {
    what: 'an audit fails five times, and is put back',
    hours: 40,
    act: (world) =>
      put(world, 'a')
        .at(12, async () => {
          await world.poison(JSON.stringify({ targetId: 'a', controls: ['license'], runId: 'x' }));
          await world.poison('no JSON');
        })
        .at(20, () => {
          world.replay();
        }),
    mails: [
      '13 fires poison',
      '13 fires poison a license high',
      '24 resolves poison',
      '24 resolves poison a license high',
    ],
  },
  {
    what: 'nobody works on the queue',
    hours: 60,
    act: (world) =>
      put(world, 'a')
        .at(20, () => world.dead.add('audit-worker'))
        .at(45, () => world.dead.delete('audit-worker')),
    mails: ['35 fires unverified: 8', '54 resolves unverified: 8'],
  },
  {
    what: 'there is more of everything than there are places',

    hours: 16,
    env: hourly,
    deployment: { places: 29 },
    act: everythingInFourTenants,
    mails: [
      '2 fires noncompliant: 30',
      '3 fires remediation: 30',
      '4 fires poison: 30',
      '7 fires waiver: 30',
      '9 fires noncompliant: 8',
      '9 fires remediation: 8',
      '9 resolves poison: 30',
      '11 resolves noncompliant: 8',
      '11 resolves remediation: 8',
      '12 fires unverified: 30',
      '12 fires waiver: 8',
      '13 resolves waiver: 30',
      '14 resolves waiver: 8',
    ],
  },
  {
    what: 'alerts by tenant: everything is wrong in four tenants',
    like: 'there is more of everything than there are places',
    hours: 16,
    env: hourly,
    deployment: { isByTenant: true, places: 29 },
    act: everythingInFourTenants,
    mails: [
      '2 fires noncompliant: 12',
      '3 fires noncompliant: 3',
      '3 fires remediation: 30',
      '4 fires poison: 30',
      '7 fires waiver: 12',
      '8 fires waiver: 3',
      '9 fires remediation: 8',
      '9 resolves poison: 30',
      '11 resolves remediation: 8',
      '12 fires unverified: 12',
      '13 fires unverified: 3',
      '13 resolves waiver: 12',
      '14 resolves waiver: 3',
    ],
  },
  {
    what: 'alerts by tenant: more tenants than there are places',

    hours: 16,
    env: hourly,
    deployment: { isByTenant: true, places: 29 },
    act: (world) => {
      everything(
        world,
        numbered(31).map((targetId, index) => [targetId, tenant(index)] as const),
        ['license'],
      );
    },
    mails: [
      '2 fires noncompliant: 30',
      '3 fires remediation: 30',
      '4 fires poison: 30',
      '7 fires waiver: 30',
      '9 resolves poison: 30',
      '12 fires unverified: 30',
      '13 resolves waiver: 30',
    ],
  },
  {
    what: 'alerts by tenant: more targets in one tenant than there are places',

    hours: 16,
    env: hourly,
    deployment: { isByTenant: true, places: 29 },
    act: (world) => {
      everything(
        world,
        numbered(31).map((targetId) => [targetId, tenant(1)] as const),
        ['license'],
      );
    },
    mails: [
      '2 fires noncompliant high',
      '3 fires remediation: 30',
      '4 fires poison: 30',
      '7 fires waiver high',
      '9 resolves poison: 30',
      '12 fires unverified: 3',
      '13 resolves waiver high',
    ],
  },
  {
    what: 'alerts by tenant: everything, in two tenants',
    hours: 40,
    deployment: { isByTenant: true, ruleCount: 2 },
    act: (world) => {
      const tenants = { a: tenant(2), b: tenant(3) };
      world
        .at(0.1, async () => {
          for (const [targetId, tenantId] of Object.entries(tenants)) {
            await world.put(targetId, { tenantId });
            for (const id of ['license', 'rooms'] as const) world.break(targetId, id, `${id}.any`);
          }
        })
        .at(8, () => Promise.all(['a', 'b'].map((targetId) => world.accept(targetId, 'license', 10))))
        .at(20, () => {
          world.unreadable.add('a').add('b');
        });
    },
    mails: [
      '3 fires noncompliant: 4',
      '9 fires waiver high',
      '9 fires waiver high',
      '12 resolves noncompliant high',
      '12 resolves noncompliant high',
      '29 fires unverified: 6',
    ],
  },
  {
    what: 'another app sends to the same workspace, and this one is dead',
    hours: 46,
    act: (world) =>
      broken(world)
        .at(0.3, async () => {
          for (const targetId of ['b', 'c']) await world.put(targetId);
        })
        .at(20, () => world.unreadable.add('b'))
        .at(28.2, async () => {
          world.component = `${component}-other`;
          world.break('c', 'license', 'license.none');
          world.break('c', 'rooms', 'rooms.any');
          await world.audit('c');
          await world.repair('c', 'license', 'failed');
          await world.poison('no JSON');
        })
        .at(28.3, () => world.accept('c', 'rooms', 10))
        .at(40, async () => {
          world.unreadable.delete('b');
          world.break('c', 'license');
          world.break('c', 'rooms');
          for (const targetId of ['b', 'c']) await world.audit(targetId);
          world.replay();
        })
        .at(40.1, async () => {
          await world.delete('c');
          world.component = component;
        }),
    mails: [told, '32 fires silence', '42 resolves silence'],
  },
  {
    what: 'rounds die half way: what they had no time to say stands',
    hours: 46,
    act: (world) => {
      put(world, 'a', 'b', 'c')
        .at(0.2, () => {
          for (const targetId of ['a', 'b', 'c']) world.break(targetId, 'license', 'license.none');
          world.break('c', 'rooms', 'rooms.any');
        })
        .at(3, async () => {
          for (const targetId of ['b', 'c']) await world.repair(targetId, 'license', 'failed');
          await world.accept('c', 'rooms', 10);
          await world.poison('no JSON');
        })
        .at(3.1, () => world.unreadable.add('c'))
        .at(33, () => {
          world.isBroken = (filter) => filter.includes(`status eq 'verified'`);
        });
    },
    mails: [
      '3 fires noncompliant: 4',
      '4 fires remediation b license 20261101T030000000Z-b-license',
      '4 fires remediation c license 20261101T030000000Z-c-license',
      '4 fires poison',
      '4 fires waiver c rooms 2026-11-11T03:00:00.000Z',
      '7 resolves noncompliant c rooms rooms.any',
      '29 fires unverified: 7',
      '30 fires unverified c rooms medium',
      '37 fires silence',
    ],
  },
];
