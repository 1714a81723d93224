import * as z from 'zod';
import { deleteTarget, getTarget, pageOfTargets, putTarget } from '../lib/api/targets';
import { importTargets } from '../lib/api/import';
import { rowsOfCsv, rowsOfJsonLines } from '../lib/api/import-format';
import { TextBody } from '../lib/http/body';
import { ImportQuery, PageQuery, TargetParams, toTarget } from '../lib/http/inputs';
import { json, pageOf } from '../lib/http/replies';
import { route } from '../lib/http/route';
import { ImportedTarget, TargetBody, TargetView } from '../lib/model/target';
import type { Services } from '../lib/services';

/** What many targets may come as. */
const importTypes = {
  'text/csv': rowsOfCsv,
  'application/jsonl': rowsOfJsonLines,
  'application/x-ndjson': rowsOfJsonLines,
};

/** The watched integrations. */
export const targetRoutes = (services: Services) => ({
  'targets-list': route({
    role: 'Syncwarden.Read',
    summary: 'The watched targets.',
    query: PageQuery,
    replies: { 200: json('A page of them, in the order of their ids.', pageOf(TargetView)) },
    handle: async ({ query }) => ({ status: 200, body: await pageOfTargets(services, query) }),
  }),

  'target-get': route({
    role: 'Syncwarden.Read',
    summary: 'One target.',
    params: TargetParams,
    replies: { 200: json('The target.', TargetView) },
    problems: ['notFound', 'kept.unreadable'],
    handle: async ({ params }) => ({ status: 200, body: await getTarget(services, params.targetId) }),
  }),

  'target-put': route({
    role: 'Syncwarden.Admin',
    summary: 'Creates a target, or replaces it as a whole.',
    params: TargetParams,
    body: TargetBody,
    replies: {
      200: json('The target in place of what was before.', TargetView),
      201: json('The new target.', TargetView),
    },
    async handle({ params, body }) {
      const { created, target } = await putTarget(services, toTarget(params.targetId, body));
      return { status: created ? 201 : 200, body: target };
    },
  }),

  'targets-import': route({
    role: 'Syncwarden.Admin',
    summary:
      'Puts many targets. All are checked before the first is written; doing it again changes nothing.',
    query: ImportQuery,
    body: TextBody,
    bodyTypes: Object.keys(importTypes),
    replies: { 200: json('What became of each line.', z.object({ items: z.array(ImportedTarget) })) },
    async handle({ query: { dryRun }, body: { type, text } }) {
      const rows = importTypes[type as keyof typeof importTypes](text);
      return { status: 200, body: { items: await importTargets(services, rows, dryRun) } };
    },
  }),

  'target-delete': route({
    role: 'Syncwarden.Admin',
    summary: 'Deletes a target with its findings and waivers. Its history stays readable.',
    params: TargetParams,
    replies: { 204: { description: 'It is gone.' } },
    problems: ['notFound'],
    async handle({ params }) {
      await deleteTarget(services, params.targetId);
      return { status: 204 };
    },
  }),
});
