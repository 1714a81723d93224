import { profile, profileIds } from '../../src/lib/profiles';
import { needsOf, titleOf } from '../../src/lib/profiles/needs';
import { code, table } from './markdown';

const none = '–';

/** Every profile, with its vendor's page and what it needs. */
export function profileTable(): string {
  return table(
    ['profile', 'product', 'signs in as', 'reaches rooms by', 'not known'],
    profileIds.map((id) => {
      const each = profile(id);
      const { signsInAs, reachesRoomsBy, notKnown } = needsOf(each);
      return [
        code(id),
        `[${titleOf(each)}](${each.source})`,
        signsInAs,
        reachesRoomsBy,
        notKnown.join(', ') || none,
      ];
    }),
  );
}

/** What every profile asks for, vendor by vendor, with the pages that it comes from and why something is not known. */
export function profileSections(): string {
  return profileIds.map(sectionOf).join('\n\n');
}

function sectionOf(id: (typeof profileIds)[number]): string {
  const each = profile(id);
  const { signsInAs, reachesRoomsBy, permissions, licence, rooms } = needsOf(each);
  const pages = [each.source, ...each.furtherSources].map((page, index) => `[page ${index + 1}](${page})`);
  const lines = [
    `Signs in as: ${signsInAs}. Reaches rooms by: ${reachesRoomsBy}.`,
    ...(each.clientAppId === undefined
      ? []
      : [`Application id: ${code(each.clientAppId)}: a target may leave it out.`]),
    ...(each.applicationName === undefined ? [] : [`Name of the application: _${each.applicationName}_.`]),
    ...(permissions.length === 0 ? [] : [`Permissions: ${permissions.join(', ')}.`]),
    ...(licence === undefined ? [] : [`Licence of the account: ${licence}.`]),
    ...(rooms.length === 0 ? [] : [`Rooms: ${rooms.join(', ')}.`]),
    ...(each.rooms.equipment ? ['Equipment may be within reach as well.'] : []),
    ...(each.secretMaxDays === undefined
      ? []
      : [`A client secret of ${each.secretMaxDays} days at the most.`]),
    ...each.notKnown.map(({ what, why }) => `Not known, ${what}: ${why}`),
    `From ${pages.join(', ')}.`,
  ];
  return [`### ${id}`, `${titleOf(each)}.`, lines.map((line) => `- ${line}`).join('\n')].join('\n\n');
}
