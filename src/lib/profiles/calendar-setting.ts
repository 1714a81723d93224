import * as z from 'zod';

/** What a mailbox does with meeting requests: nothing, note them, or answer them. */
export const processings = ['None', 'AutoUpdate', 'AutoAccept'] as const;

/** Settings that are on or off. */
export const switches = [
  'AllBookInPolicy',
  'AllRequestInPolicy',
  'AllRequestOutOfPolicy',
  'ForwardRequestsToDelegates',
  'AddOrganizerToSubject',
  'DeleteSubject',
  'DeleteComments',
  'DeleteAttachments',
  'RemovePrivateProperty',
  'ProcessExternalMeetingMessages',
  'AllowConflicts',
  'AllowRecurringMeetings',
  'ScheduleOnlyDuringWorkHours',
  'EnforceSchedulingHorizon',
] as const;

/** Settings that are whole numbers, with the largest that Exchange takes. The smallest is 0. */
export const largest = { BookingWindowInDays: 1080, MaximumDurationInMinutes: 2_147_483_647 } as const;

/**
 * Settings of room mailboxes that a profile may name: parameters of Set-CalendarProcessing.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing
 */
export type CalendarSettingName =
  'AutomateProcessing' | (typeof switches)[number] | keyof typeof largest | 'ResourceDelegates';

/** How a setting is compared with what is expected of it. */
export type Comparison = 'equal' | 'atLeast' | 'atMost';

const compareText =
  'equal; of numbers and of delegates also atLeast, or atMost: no less than the number or all of these people, no more than it or nobody but them.';
const OnlyEqual = (what: string) =>
  z
    .literal('equal', { error: `must be equal: ${what} is neither more nor less than another` })
    .default('equal')
    .describe(compareText);
const AnyComparison = z.enum(['equal', 'atLeast', 'atMost']).default('equal').describe(compareText);

const name = 'A parameter of Set-CalendarProcessing.';
const expected = 'The value that the vendor asks for.';
const consequences = {
  level: z
    .enum(['violation', 'notice'])
    .describe('violation: the product does not work otherwise. notice: it works, and something gets lost.'),
  why: z.string().min(1).describe('What happens otherwise, as a sentence.'),
};

const NumberUpTo = (most: number) => z.number().int().min(0).max(most);

const FromTarget = z.strictObject({
  target: z
    .literal('bookingWindowInDays')
    .describe(
      'The option of the target that says it; the setting is not compared where the target does not.',
    ),
});

/** Refuses what is true of every room, and so demands nothing. */
const demandsSomething = { path: ['compare'], error: 'demands nothing: it is true of every room' };

const Processing = z.strictObject({
  name: z.literal('AutomateProcessing').describe(name),
  expected: z.enum(processings).describe(expected),
  compare: OnlyEqual('AutomateProcessing'),
  ...consequences,
});

const Switch = z.strictObject({
  name: z.enum(switches).describe(name),
  expected: z.boolean().describe(expected),
  compare: OnlyEqual('true or false'),
  ...consequences,
});

const Window = z
  .strictObject({
    name: z.literal('BookingWindowInDays').describe(name),
    expected: z.union([NumberUpTo(largest.BookingWindowInDays), FromTarget]).describe(expected),
    compare: AnyComparison,
    ...consequences,
  })
  .refine(
    ({ expected: days, compare }) =>
      !(compare === 'atLeast' && days === 0) &&
      !(compare === 'atMost' && days === largest.BookingWindowInDays),
    demandsSomething,
  );

const Duration = z
  .strictObject({
    name: z.literal('MaximumDurationInMinutes').describe(name),
    expected: NumberUpTo(largest.MaximumDurationInMinutes).describe(expected),
    compare: AnyComparison,
    ...consequences,
  })
  // 0 is no limit at all.
  .refine(({ expected: minutes, compare }) => compare !== 'atMost' || minutes > 0, demandsSomething);

const Delegates = z
  .strictObject({
    name: z.literal('ResourceDelegates').describe(name),
    expected: z.array(z.string().min(1)).describe(expected),
    compare: AnyComparison,
    ...consequences,
  })
  .refine(({ expected: people, compare }) => compare !== 'atLeast' || people.length > 0, demandsSomething);

/** What a vendor asks for of one setting of its rooms. */
export const CalendarSetting = z.discriminatedUnion('name', [
  Processing,
  Switch,
  Window,
  Duration,
  Delegates,
]);
export type CalendarSetting = z.infer<typeof CalendarSetting>;

/** What a vendor asks for, each setting once: two demands on one could contradict each other. */
export const CalendarSettings = z
  .array(CalendarSetting)
  .refine((settings) => new Set(settings.map((setting) => setting.name)).size === settings.length, {
    error: 'names a setting twice',
  })
  .describe('Settings of room mailboxes, each of them once.');
