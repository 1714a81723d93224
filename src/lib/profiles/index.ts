import askcody from './askcody.json';
import biampEvokoLiso from './biamp-evoko-liso.json';
import condecoExchangeSync from './condeco-exchange-sync.json';
import condecoMicrosoft365Integration from './condeco-microsoft-365-integration.json';
import envoyRooms from './envoy-rooms.json';
import joan from './joan.json';
import meetingRoom365 from './meeting-room-365.json';
import neowit from './neowit.json';
import planonConnectForCalendars from './planon-connect-for-calendars.json';
import ricohSpaces from './ricoh-spaces.json';
import robinApplication from './robin-application.json';
import robinDelegate from './robin-delegate.json';
import robinFullAccess from './robin-full-access.json';
import roomzAccount from './roomz-account.json';
import roomzApplication from './roomz-application.json';
import webexHybridCalendar from './webex-hybrid-calendar.json';
import zoomRoomsAccount from './zoom-rooms-account.json';
import zoomRoomsApplication from './zoom-rooms-application.json';
import { Profile } from './profile';

export type { Profile } from './profile';

/** A new vendor is a new file and a new line here. */
const documents = {
  askcody,
  'biamp-evoko-liso': biampEvokoLiso,
  'condeco-exchange-sync': condecoExchangeSync,
  'condeco-microsoft-365-integration': condecoMicrosoft365Integration,
  'envoy-rooms': envoyRooms,
  joan,
  'meeting-room-365': meetingRoom365,
  neowit,
  'planon-connect-for-calendars': planonConnectForCalendars,
  'ricoh-spaces': ricohSpaces,
  'robin-application': robinApplication,
  'robin-delegate': robinDelegate,
  'robin-full-access': robinFullAccess,
  'roomz-account': roomzAccount,
  'roomz-application': roomzApplication,
  'webex-hybrid-calendar': webexHybridCalendar,
  'zoom-rooms-account': zoomRoomsAccount,
  'zoom-rooms-application': zoomRoomsApplication,
} as const;

export type ProfileId = keyof typeof documents;

/** Of every vendor that is known. */
export const profileIds = Object.keys(documents) as [ProfileId, ...ProfileId[]];

const parsed = new Map(profileIds.map((id) => [id, Profile.parse(documents[id])]));

/** The profile with this id. @throws for what is no {@link ProfileId}. */
export function profile(id: ProfileId): Profile {
  const found = parsed.get(id);
  if (found === undefined) throw new Error(`There is no profile ${id}.`);
  return found;
}
