import * as z from 'zod';
import { getFinding, pageOfFindings } from '../lib/api/findings';
import { pageOfAllHistory, pageOfHistory } from '../lib/api/history';
import {
  AllHistoryQuery,
  ControlParams,
  FindingQuery,
  FindingsQuery,
  HistoryQuery,
  TargetParams,
} from '../lib/http/inputs';
import { FindingReply, json, pageOf } from '../lib/http/replies';
import { route } from '../lib/http/route';
import { Finding, Transition } from '../lib/model/finding';
import { Cause } from '../lib/report/causes';
import { collectCauses } from '../lib/report/overview';
import type { Services } from '../lib/services';

/** What was found, and how it came about. */
export const findingRoutes = (services: Services) => ({
  'findings-list': route({
    role: 'Syncwarden.Read',
    summary: 'Findings of all targets.',
    query: FindingsQuery,
    replies: { 200: json('A page of them, in the order of targets.', pageOf(Finding)) },
    handle: async ({ query }) => ({ status: 200, body: await pageOfFindings(services, query, query) }),
  }),

  'causes-list': route({
    role: 'Syncwarden.Read',
    summary: 'What is violated, by its cause: the same violation on however many targets.',
    replies: {
      200: json('All of them, what most targets have first.', z.object({ items: z.array(Cause) })),
    },
    handle: async () => ({
      status: 200,
      body: { items: await collectCauses(services, services.now()) },
    }),
  }),

  'finding-get': route({
    role: 'Syncwarden.Read',
    params: ControlParams,
    summary: 'One finding, with its rows where they are asked for.',
    query: FindingQuery,
    replies: { 200: json('The finding.', FindingReply) },
    problems: ['notFound', 'kept.unreadable'],
    handle: async ({ params, query }) => ({
      status: 200,
      body: await getFinding(services, params.targetId, params.control, query.rows),
    }),
  }),

  'history-all': route({
    role: 'Syncwarden.Read',
    summary: 'The transitions of all targets, also of those that were deleted.',
    query: AllHistoryQuery,
    replies: { 200: json('A page of them, newest first.', pageOf(Transition)) },
    handle: async ({ query }) => ({ status: 200, body: await pageOfAllHistory(services, query, query) }),
  }),

  'history-list': route({
    role: 'Syncwarden.Read',
    params: TargetParams,
    summary: 'The transitions of a target, also of one that was deleted.',
    query: HistoryQuery,
    replies: { 200: json('A page of them, newest first.', pageOf(Transition)) },
    problems: ['notFound'],
    handle: async ({ params, query }) => ({
      status: 200,
      body: await pageOfHistory(services, params.targetId, query, query),
    }),
  }),
});
