import { fromBatchReply, largestBatch, toBatchBody } from '../../../../src/lib/microsoft365/wire/batch';

const noAnswer = { cause: 'unavailable', problem: 'the batch came back without an answer to it' };
const answer = (body: unknown) => ({ status: 200, headers: {}, body });

describe('a batch', () => {
  it('asks for each path under its place in the list', () => {
    expect(toBatchBody(['/domains', '/users/1?$select=id'])).toEqual({
      requests: [
        { id: '0', method: 'GET', url: '/domains' },
        { id: '1', method: 'GET', url: '/users/1?$select=id' },
      ],
    });
  });

  it('holds at most what Graph takes', () => {
    expect(largestBatch).toBe(20);
  });

  it('is taken apart in the order of asking, each part with its own status, headers and body', () => {
    const responses = [
      { id: '2', status: 429, headers: { 'Retry-After': '7', 'REQUEST-ID': 'r-2' } },
      { id: '0', status: 200, body: { value: [] } },
      { id: '1', status: 403, headers: {}, body: { error: { code: 'Denied' } } },
    ];
    expect(fromBatchReply(answer({ responses }), 3)).toEqual([
      { status: 200, headers: {}, body: { value: [] } },
      { status: 403, headers: {}, body: { error: { code: 'Denied' } } },
      { status: 429, headers: { 'retry-after': '7', 'request-id': 'r-2' }, body: undefined },
    ]);
  });

  it('counts a part without an answer as not answered, and ignores answers that nobody asked for', () => {
    const responses = [
      { id: '1', status: 200, body: 1 },
      { id: '7', status: 200, body: 7 },
    ];
    expect(fromBatchReply(answer({ responses }), 2)).toEqual([
      noAnswer,
      { status: 200, headers: {}, body: 1 },
    ]);
  });

  it('has the other answers when one part is not as it should be', () => {
    const odd = [
      { id: '0', status: 200, headers: null, body: 1 },
      { id: '1', status: 'OK' },
      { id: '2', status: 429, headers: { 'Retry-After': 7 } },
    ];
    expect(fromBatchReply(answer({ responses: odd }), 3)).toEqual([
      { status: 200, headers: {}, body: 1 },
      noAnswer,
      { status: 429, headers: { 'retry-after': '7' }, body: undefined },
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['text', '<html>'],
    ['no responses', {}],
    ['a response without a status', { responses: [{ id: '0' }] }],
    ['a status that is no number', { responses: [{ id: '0', status: '200' }] }],
    ['an id that is no text', { responses: [{ id: 0, status: 200 }] }],
  ])('has no answers at all when it came back with %s', (_case, body) => {
    expect(fromBatchReply(answer(body), 2)).toEqual([noAnswer, noAnswer]);
  });
});
