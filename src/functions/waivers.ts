import { control } from '../lib/controls';
import { ControlParams, PageQuery, TargetParams, WaiverBody } from '../lib/http/inputs';
import { ProblemError } from '../lib/http/problem';
import { json, pageOf } from '../lib/http/replies';
import { route } from '../lib/http/route';
import { Waiver } from '../lib/model/waiver';
import type { Services } from '../lib/services';
import { acceptRisk } from '../lib/waivers/accept';
import { pageOfWaivers, takeBack } from '../lib/waivers/waivers';

/** Accepted risks: what they are, accepting one, and taking that back. */
export const waiverRoutes = (services: Services) => ({
  'waivers-list': route({
    role: 'Syncwarden.Read',
    summary: 'The accepted risks of a target, also those that have ended.',
    params: TargetParams,
    query: PageQuery,
    replies: { 200: json('A page of them, in the order of controls.', pageOf(Waiver)) },
    problems: ['notFound'],
    handle: async ({ params, query }) => ({
      status: 200,
      body: await pageOfWaivers(services, params.targetId, query),
    }),
  }),

  'waiver-put': route({
    role: 'Syncwarden.Admin',
    summary: 'Accepts the risk of what a control finds on a target now.',
    params: ControlParams,
    body: WaiverBody,
    replies: {
      200: json('The waiver in place of what was before.', Waiver),
      201: json('The new waiver.', Waiver),
    },
    problems: ['notFound', 'kept.unreadable', 'waiver.nothingToAccept'],
    async handle({ params, body, caller }, { telemetry, log }) {
      // Somebody has to answer for it.
      if (caller === null) throw new ProblemError('auth.required', 'A risk is accepted by somebody.');
      const what = [params.targetId, control(params.control), body] as const;
      const { created, waiver } = await acceptRisk({ ...services, log }, telemetry, ...what, caller);
      return { status: created ? 201 : 200, body: waiver };
    },
  }),

  'waiver-delete': route({
    role: 'Syncwarden.Admin',
    summary: 'Takes an acceptance back.',
    params: ControlParams,
    replies: { 204: { description: 'The finding is open again.' } },
    problems: ['notFound'],
    async handle({ params }, { telemetry, log }) {
      await takeBack({ ...services, log }, telemetry, params.targetId, params.control);
      return { status: 204 };
    },
  }),
});
