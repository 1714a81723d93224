import { post } from '../../../src/lib/notify/post';
import {
  instantTime,
  type PostSink,
  type PostTreatment,
  signature,
  startPostSink,
} from '../../support/post-sink';

let sink: PostSink;
let other: PostSink;
beforeAll(async () => {
  sink = await startPostSink();
  other = await startPostSink();
});
beforeEach(() => {
  sink.treatments = [];
  sink.posted.splice(0);
  sink.taken.splice(0);
});
afterAll(async () => {
  await sink.close();
  await other.close();
});

/** What becomes of a post that is treated so, and how long was waited before each further attempt. */
async function posted(treatments: PostTreatment[], otherwise: PostTreatment = { status: 202 }) {
  Object.assign(sink, { treatments, otherwise });
  const { tools, waits } = instantTime();
  const isHanging = [...treatments, otherwise].includes('hang');
  const one = { url: sink.url, contentType: 'application/json', body: '{"a":1}' };
  const outcome = await post(one, isHanging ? { ...tools, answerMs: 100 } : tools);
  expect(JSON.stringify(outcome)).not.toContain(signature);
  expect(JSON.stringify(outcome)).not.toMatch(/127\.0\.0\.1|workflows/);
  return { ...outcome, waits };
}

const busy = { status: 503 };

it.each([200, 201, 202, 204])('is done where the answer is %d', async (status) => {
  expect(await posted([{ status }])).toEqual({ problem: undefined, attempts: 1, waits: [] });
  expect(sink.taken).toMatchObject([{ contentType: 'application/json', body: '{"a":1}' }]);
  expect(sink.taken[0]?.path).toContain(signature);
});

it.each<[string, PostTreatment]>([
  ['408', { status: 408 }],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['502', { status: 502 }],
  ['503', busy],
  ['504', { status: 504 }],
  ['a connection that breaks', 'break'],
  ['no answer', 'hang'],
])('tries again after %s', async (_case, treatment) => {
  expect(await posted([treatment])).toEqual({ problem: undefined, attempts: 2, waits: [4000] });
  expect(sink.taken).toHaveLength(1);
});

it.each([301, 302, 303, 307, 308])('follows no redirect: %d', async (status) => {
  const away = { status, headers: { location: other.url } };
  expect(await posted([away])).toEqual({ problem: `status ${status}`, attempts: 1, waits: [] });
  expect(other.posted).toEqual([]);
});

it.each([400, 401, 403, 404, 410, 413, 501])('does not try again after %d', async (status) => {
  expect(await posted([{ status }])).toEqual({ problem: `status ${status}`, attempts: 1, waits: [] });
});

it('waits longer each time, and gives up after five attempts', async () => {
  expect(await posted([], busy)).toEqual({
    problem: 'status 503',
    attempts: 5,
    waits: [4000, 8000, 16_000, 30_000],
  });
  expect(sink.posted).toHaveLength(5);
});

it('waits as long as it is asked to', async () => {
  const later = { status: 429, headers: { 'retry-after': '90' } };
  expect(await posted([later])).toMatchObject({ problem: undefined, waits: [90_000] });
  const at = new Date(Date.parse('2026-11-01T00:01:00Z')).toUTCString();
  expect(await posted([{ status: 503, headers: { 'retry-after': at } }])).toMatchObject({ waits: [60_000] });
});

it('does not wait for longer than the digest may take: the next one tells it', async () => {
  const muchLater = { status: 429, headers: { 'retry-after': '3600' } };
  expect(await posted([muchLater])).toEqual({ problem: 'status 429', attempts: 1, waits: [] });
  const later = { status: 429, headers: { 'retry-after': '100' } };
  expect(await posted([], later)).toEqual({ problem: 'status 429', attempts: 2, waits: [100_000] });
});

it('does not read what is answered', async () => {
  expect(await posted(['endless'])).toMatchObject({ problem: undefined, attempts: 1 });
  expect(await posted([{ status: 400, body: `because of ${signature}` }])).toMatchObject({
    problem: 'status 400',
  });
});

it('says in a word what is wrong with the connection', async () => {
  const closed = await startPostSink();
  await closed.close();
  const problemOf = async (url: string) =>
    (await post({ url, contentType: 'text/plain', body: '' }, instantTime().tools)).problem;
  expect(await problemOf(closed.url)).toBe('ECONNREFUSED');
  expect(await problemOf(`http://nobody.invalid/?sig=${signature}`)).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
});

it('says that there was no answer in time', async () => {
  expect(await posted([], 'hang')).toMatchObject({ problem: 'no answer in time', attempts: 5 });
});
