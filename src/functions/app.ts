import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { dispatchNight } from '../lib/audit/dispatch';
import { work } from '../lib/audit/work';
import { answer, type Handled, type Route } from '../lib/http/route';
import { type RouteName, routeNames, routes } from '../lib/http/routes';
import { createServices, type Services } from '../lib/services';
import type { Night, Settings } from '../lib/settings';
import { alertRoutes } from './alerts';
import { auditRoutes } from './audits';
import { digestOnce } from './digest';
import { exportRoutes } from './exports';
import { findingRoutes } from './findings';
import { healthRoutes } from './health';
import { openApiRoutes } from './openapi';
import { poisonRoutes } from './poison';
import { remediationRoutes } from './remediations';
import { reportRoutes } from './report';
import { targetRoutes } from './targets';
import { waiverRoutes } from './waivers';
import { retainOnce, watchOnce } from './watch';

/** What the functions do. It is a bundle of its own, which the first invocation loads. */
export interface App {
  /** Answers a request to a route. */
  answer(name: RouteName, request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit>;
  /** Puts a visit of each target into the queue. A late one is as good as a timely one. */
  dispatch(night: Night, context: InvocationContext): Promise<void>;
  /** Does what a message of the queue asks for. */
  work(message: unknown, context: InvocationContext): Promise<void>;
  watch(context: InvocationContext): Promise<void>;
  digest(context: InvocationContext): Promise<void>;
  retain(context: InvocationContext): Promise<void>;
}

/** Puts the functions together. Nothing is connected to before it is used. */
export function createApp(settings: Settings, services: Services = createServices(settings)): App {
  const all = allRoutes(services);
  return {
    answer: (name, request, context) =>
      services.invoke(context, (invocation) => answer(all[name], request, services.callers, invocation)),
    dispatch: (night, context) =>
      services.invoke(context, ({ telemetry, log }) => dispatchNight({ ...services, log }, telemetry, night)),
    work: (message, context) =>
      services.invoke(context, ({ telemetry, log }) =>
        work(services, telemetry, log, message, context.triggerMetadata),
      ),
    watch: (context) => services.invoke(context, (invocation) => watchOnce(services, invocation)),
    digest: (context) => services.invoke(context, (invocation) => digestOnce(services, invocation)),
    retain: (context) => services.invoke(context, (invocation) => retainOnce(services, invocation)),
  };
}

/** Every route by its name, with its address and what it does. */
export function allRoutes(services: Services): Record<RouteName, Route> {
  const handled: Record<RouteName, Handled> = {
    ...alertRoutes(services),
    ...auditRoutes(services),
    ...exportRoutes(services),
    ...findingRoutes(services),
    ...healthRoutes(services),
    ...openApiRoutes(() => Object.values(all)),
    ...poisonRoutes(services),
    ...remediationRoutes(services),
    ...reportRoutes(services),
    ...targetRoutes(services),
    ...waiverRoutes(services),
  };
  const all = Object.fromEntries(
    routeNames.map((name) => [name, { name, ...routes[name], ...handled[name] }]),
  ) as Record<RouteName, Route>;
  return all;
}
