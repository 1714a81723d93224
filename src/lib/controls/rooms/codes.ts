import type { CodeOf, Codes, ReasonOf } from '../codes';

/** Every code that this control can give, beside those for what could not be read. */
export const codes = {
  'rooms.calendarSetting': {
    level: ['violation', 'notice'],
    title: 'A room is set up otherwise than the vendor asks',
  },
  'rooms.notInRoomList': { level: 'violation', title: 'A room is in no room list' },
} as const satisfies Codes;

export type Code = CodeOf<typeof codes>;
export type Reason = ReasonOf<typeof codes>;
