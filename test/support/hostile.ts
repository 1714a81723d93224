import fc from 'fast-check';
import { TargetBody } from '../../src/lib/model/target';
import { controlIds } from '../../src/lib/model/verdict';

/** Anything that somebody may send to the app. */
export type Hostile =
  | { kind: 'request'; method: string; route: string; body?: string }
  /** A definition that the app takes, however odd it is. */
  | { kind: 'target'; definition: object }
  /** What would be taken, but for half of a character in one place. */
  | { kind: 'illFormed'; method: string; route: string; body: object; path: string }
  | { kind: 'message'; text: string };

/** What addresses, HTML, filters and formulas are made of. */
const signs = Array.from('\'"`<>&%/\\?#{}[]()|=+-@.,;:!$~^* ');

/** Halves of characters, control characters, and whatever means something somewhere. */
const oddUnits = fc.oneof(
  fc.integer({ min: 0xd7ff, max: 0xe000 }).map((unit) => String.fromCharCode(unit)),
  fc.constantFrom('\0', '\u0007', '\n', '\u001b', '\u0085', '\u202e', '\ufeff', '\ufffd', '\uffff'),
  fc.constantFrom(...signs),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.constantFrom(
    '%00',
    '%ED%A0%80',
    '%2e%2e',
    '../',
    "' or 1 eq 1",
    '{{x.id}}',
    '=cmd|',
    '__proto__',
    '</script>',
  ),
);
const oddText = fc.oneof(
  fc.string({ unit: oddUnits, maxLength: 12 }),
  fc.tuple(oddUnits, fc.constantFrom(1, 100, 5_000)).map(([text, times]) => text.repeat(times)),
);

/** Any value of JSON, also such as no schema expects. */
const { anyJson } = fc.letrec<{ anyJson: unknown }>((tie) => ({
  anyJson: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    oddText,
    fc.constantFrom(null, true, false, 0, -1, 1e308, 0.1, 2 ** 53, '', [], {}),
    fc.array(tie('anyJson'), { maxLength: 4 }),
    fc.dictionary(oddText, tie('anyJson'), { maxKeys: 4 }),
  ),
}));

/** JSON, or something that is only nearly JSON. */
const spoilt = (json: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 6, arbitrary: json },
    fc.tuple(json, fc.nat(), oddText).map(([text, at, odd]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + odd + text.slice(place + odd.length);
    }),
    fc.constantFrom(
      '',
      ' ',
      'null',
      '[',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      `{"a":${'9'.repeat(5_000)}}`,
    ),
  );
const anyBody = spoilt(anyJson.map((value) => JSON.stringify(value)));

/** An object of which some properties are something else, or have another name. */
function spoiltObject(properties: Record<string, unknown>): fc.Arbitrary<string> {
  const changes = fc.array(fc.tuple(fc.constantFrom(...Object.keys(properties)), anyJson), { maxLength: 3 });
  const more = fc.dictionary(oddText, anyJson, { maxKeys: 1 });
  return spoilt(
    fc
      .tuple(changes, more)
      .map(([changed, added]) => JSON.stringify({ ...properties, ...Object.fromEntries(changed), ...added })),
  );
}

/** What stands in an address, well and not so well encoded. */
const oddPart = fc.oneof(
  oddText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 1500)),
  fc.constantFrom('%', '%zz', '%ED%A0%80', '%FF', '%00', '%2F', '..', '.', '%25', 'a%0Ab'),
);
const part = (...usual: readonly string[]) =>
  fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: oddPart });

/** A continuation as this API gives them, with anything in it. */
const continuation = fc.oneof(
  fc
    .record(
      { nextPartitionKey: fc.oneof(oddText, anyJson), nextRowKey: fc.oneof(oddText, anyJson) },
      { requiredKeys: [] },
    )
    .map((keys) => Buffer.from(JSON.stringify(keys)).toString('base64url').slice(0, 2000)),
  oddPart,
);

const query = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constant('continuation'), continuation),
      fc.tuple(
        fc.constantFrom(
          'limit',
          'targetId',
          'control',
          'verdict',
          'from',
          'to',
          'since',
          'until',
          'changedSince',
          'severity',
          'waived',
          'stale',
          'customer',
          'tag',
          'resources',
          'q',
          'page',
          'sort',
          'rq',
        ),
        part('1', 'witness', 'license', 'unknown', '2026-11-01', 'all', 'high', 'true'),
      ),
      fc.tuple(oddPart, oddPart),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));

const targetId = part('witness', 'nobody', 'odd');
const control = part(...controlIds);

/** A request to a route that only reads. */
const reading: fc.Arbitrary<Hostile> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        'targets',
        'findings',
        'report',
        'export/csv',
        'export/json',
        'export/md',
        'export/xlsx',
        'history',
        'poison',
        'health',
        'openapi.json',
      ),
      oddPart.map((format) => `export/${format}`),
      targetId.map((id) => `targets/${id}`),
      fc
        .tuple(targetId, fc.constantFrom('history', 'waivers', 'remediations'))
        .map(([id, what]) => `targets/${id}/${what}`),
      fc.tuple(targetId, control).map(([id, one]) => `targets/${id}/findings/${one}`),
      fc.tuple(targetId, oddPart).map(([id, one]) => `targets/${id}/remediations/${one}`),
    ),
    query,
  )
  .map(([path, asked]) => ({
    kind: 'request',
    method: 'GET',
    route: asked === '' ? path : `${path}?${asked}`,
  }));

const waiver = {
  reason: 'It is known, and bearable.',
  expiresAt: '2027-01-01T00:00:00Z',
  codes: ['license.none'],
};
const repair = { control: 'license', mode: 'apply', planHash: 'f'.repeat(64), include: ['revocations'] };

/** A request that would change something, if only it could be understood. Nothing that is understood hurts the witness. */
function changing(definition: Record<string, unknown>): fc.Arbitrary<Hostile> {
  const send = (
    method: string,
    route: fc.Arbitrary<string>,
    body: fc.Arbitrary<string>,
  ): fc.Arbitrary<Hostile> =>
    fc.tuple(route, body).map(([path, text]) => ({ kind: 'request', method, route: path, body: text }));
  const { targetId: _targetId, ...unnamed } = definition;
  return fc.oneof(
    {
      weight: 6,
      arbitrary: send(
        'PUT',
        oddPart.map((id) => `targets/${id}`),
        spoiltObject(unnamed),
      ),
    },
    { weight: 6, arbitrary: send('PUT', fc.constant('targets/odd'), spoiltObject(unnamed)) },
    {
      weight: 3,
      arbitrary: send(
        'POST',
        targetId.map((id) => `targets/${id}/audits`),
        spoiltObject({ controls: ['account'] }),
      ),
    },
    {
      weight: 3,
      arbitrary: send(
        'PUT',
        fc.tuple(part('nobody', 'odd'), control).map(([id, one]) => `targets/${id}/waivers/${one}`),
        spoiltObject(waiver),
      ),
    },
    {
      weight: 3,
      arbitrary: send(
        'POST',
        part('nobody', 'odd').map((id) => `targets/${id}/remediations`),
        spoiltObject(repair),
      ),
    },
    send(
      'POST',
      oddPart.map((id) => `targets/witness/remediations/${id}/undo`),
      anyBody,
    ),
    send(
      'POST',
      fc.constantFrom('audits', 'poison/replay'),
      anyBody.filter((body) => body !== '' && body !== '{}'),
    ),
    send(
      'DELETE',
      oddPart.map((id) => `targets/${id}`),
      fc.constant(''),
    ),
  );
}

const name = fc
  .string({
    unit: fc.constantFrom('a', 'Z', '0', '_', 'ä', 'ß', '中', '💪', '\0', '\u202e', ...signs),
    minLength: 1,
    maxLength: 20,
  })
  .filter((text) => !/[\s@<>"]/.test(text));
const address = fc.tuple(name, name).map(([local, domain]) => `${local}@${domain}.com`);
const exchange = 'Office 365 Exchange Online';
const shownText = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });

/** A definition that is as it should be, and unlike any that somebody would write. */
function oddTarget(definition: Record<string, unknown>): fc.Arbitrary<Hostile> {
  const { targetId: _targetId, ...unnamed } = definition;
  const changes = fc.record(
    {
      serviceAccount: fc.oneof(address, fc.uuid()),
      clientAppId: fc.uuid(),
      exchangeReader: fc.constantFrom('graph', 'admin-api'),
      access: fc.constantFrom('vendor-default', 'rooms-only'),
      acceptRetiredRole: fc.boolean(),
      authorizedViaServiceAccount: fc.boolean(),
      rooms: fc.oneof(
        fc.record({ source: fc.constant('all'), desks: fc.constantFrom('ignore', 'include') }),
        fc.record({
          source: fc.constant('roomLists'),
          roomLists: fc.array(address, { minLength: 1, maxLength: 3 }),
        }),
        fc.record({
          source: fc.constant('mailboxes'),
          mailboxes: fc.array(address, { minLength: 1, maxLength: 3 }),
        }),
      ),
      license: fc.record(
        { skuPartNumber: shownText, usageLocation: fc.constantFrom('GB', 'ZZ') },
        { requiredKeys: [] },
      ),
      allowedExtraGrants: fc.array(
        fc.oneof(shownText, fc.constantFrom('Mail.Read', 'delegated:Mail.Read', `${exchange}/Mail.Read`)),
        { maxLength: 3 },
      ),
      allowedExtraRoles: fc.array(shownText, { maxLength: 3 }),
      protocol: fc.constantFrom('ews', 'graph'),
      bookingWindowInDays: fc.nat({ max: 1080 }),
      scopeGroups: fc.dictionary(shownText, address, { maxKeys: 3 }),
    },
    { requiredKeys: [] },
  );
  return changes
    .map((changed) => ({ ...unnamed, ...changed }))
    .filter((odd) => TargetBody.safeParse(odd).success)
    .map((odd) => ({ kind: 'target', definition: odd }));
}

const message: fc.Arbitrary<Hostile> = spoiltObject({
  targetId: 'nobody',
  control: 'account',
  runId: '2026-11-29',
}).map((text) => ({ kind: 'message', text: text.slice(0, 9_000) }));

/** Inputs that are right but for one text, with the place of that text. */
function illFormed(definition: Record<string, unknown>): fc.Arbitrary<Hostile> {
  const { targetId: _targetId, ...unnamed } = definition;
  const lists = (address: string) => ({ source: 'roomLists', roomLists: ['rooms@contoso.com', address] });
  const places: [string, (text: string) => object][] = [
    ['serviceAccount', (text) => ({ serviceAccount: `${text}@contoso.com` })],
    ['rooms.roomLists.1', (text) => ({ rooms: lists(`${text}@contoso.com`) })],
    ['rooms.mailboxes.0', (text) => ({ rooms: { source: 'mailboxes', mailboxes: [`a@${text}.com`] } })],
    ['license.skuPartNumber', (text) => ({ license: { skuPartNumber: text } })],
    ['allowedExtraGrants.0', (text) => ({ allowedExtraGrants: [text] })],
    ['allowedExtraRoles.0', (text) => ({ allowedExtraRoles: [text] })],
    ['scopeGroups.CN=rooms', (text) => ({ scopeGroups: { 'CN=rooms': `${text}@contoso.com` } })],
    ['scopeGroups.', (text) => ({ scopeGroups: { [text]: 'rooms@contoso.com' } })],
  ];
  const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit));
  // Whole on both sides, so that no half finds another.
  const text = fc.tuple(name, half, name).map((parts) => parts.join(''));
  const target = fc.tuple(fc.constantFrom(...places), text).map(([[path, change], odd]): Hostile => {
    return {
      kind: 'illFormed',
      method: 'PUT',
      route: 'targets/odd',
      body: { ...unnamed, ...change(odd) },
      path,
    };
  });
  const accepted = text.map((odd): Hostile => {
    const body = { ...waiver, reason: `It is known: ${odd}` };
    return {
      kind: 'illFormed',
      method: 'PUT',
      route: 'targets/witness/waivers/license',
      body,
      path: 'reason',
    };
  });
  return fc.oneof({ weight: 6, arbitrary: target }, { weight: 1, arbitrary: accepted });
}

/** @param definition of a target that is as it should be. */
export function hostile(definition: Record<string, unknown>): fc.Arbitrary<Hostile> {
  return fc.oneof(
    { weight: 16, arbitrary: reading },
    { weight: 32, arbitrary: changing(definition) },
    { weight: 6, arbitrary: illFormed(definition) },
    { weight: 1, arbitrary: oddTarget(definition) },
    { weight: 1, arbitrary: message },
  );
}
