import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'rooms.calendarSetting': {
    level: ['violation', 'notice'],
    title: 'A room is set up otherwise than the vendor asks',
  },
  'rooms.notInRoomList': { level: 'violation', title: 'A room is in no room list' },
  // What the vendor needs does not change from night to night: whoever has asked may say that it is well.
  'rooms.notKnown': {
    level: 'unknown',
    acceptable: true,
    title: 'What the vendor needs of rooms is not all known',
  },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
