import * as z from 'zod';
import { type Content, registerRoute } from '../lib/http/route';
import { collectOverview } from '../lib/report/overview';
import { type Frame, overviewPage, type Rendered, targetPage } from '../lib/report/page';
import { ReportQuery } from '../lib/report/query';
import { collectTargetReport } from '../lib/report/target-report';
import type { Services } from '../lib/services';

/** The page for people: all targets, or one. */
export function registerReport(services: () => Services): void {
  registerRoute(
    {
      name: 'report',
      method: 'GET',
      path: 'report',
      role: 'Syncwarden.Read',
      summary: 'The report, as a page for a browser: all targets, or one.',
      query: ReportQuery,
      replies: { 200: { description: 'The page.', content: { 'text/html': z.string() } } },
      problems: ['notFound', 'kept.unreadable'],
      async handle({ query, caller }) {
        const { targetId, resources, rq, rpage, ...grid } = query;
        const frame: Frame = { viewer: caller };
        if (targetId === undefined) {
          const model = await collectOverview(services(), services().now());
          return { status: 200, content: contentOf(overviewPage(model, frame, grid)) };
        }
        const rows = { verdict: resources, q: rq };
        const wanted = { resources: { ...rows, page: rpage } };
        const model = await collectTargetReport(services(), targetId, wanted);
        return { status: 200, content: contentOf(targetPage(model, frame, rows)) };
      },
    },
    services,
  );
}

function contentOf({ html, headers }: Rendered): Content {
  return { type: 'text/html; charset=utf-8', text: html, headers };
}
