import * as z from 'zod';
import { NotFoundError } from '../lib/errors';
import { type Content, route, type Reply } from '../lib/http/route';
import { collectOverview } from '../lib/report/overview';
import { type Frame, overviewPage, problemPage, type Rendered, targetPage } from '../lib/report/page';
import { titleOfProblem } from '../lib/http/problem';
import { ReportQuery } from '../lib/report/query';
import { collectTargetReport } from '../lib/report/target-report';
import type { Services } from '../lib/services';

/** The page for people: all targets, or one. */
export const reportRoutes = (services: Services) => ({
  report: route({
    role: 'Syncwarden.Read',
    summary: 'The report, as a page for a browser: all targets, or one.',
    query: ReportQuery,
    replies: { 200: { description: 'The page.', content: { 'text/html': z.string() } } },
    problems: ['notFound', 'kept.unreadable'],
    problemPage: (problem) => {
      const { code, message: detail, errors = [] } = problem;
      const page = problemPage({ title: titleOfProblem(problem), detail, code, errors }, services.now());
      return contentOf(page, undefined);
    },
    async handle({ query, caller }) {
      const { targetId, resources, rq, rpage, customer, download, ...grid } = query;
      const isFile = download !== undefined;
      const frame: Frame = { viewer: isFile ? null : caller };
      const day = services.now().toISOString().slice(0, 10);
      const replyOf = (page: Rendered, about: string): Reply => ({
        status: 200,
        content: contentOf(page, isFile ? `syncwarden-${about}-${day}.html` : undefined),
      });
      if (targetId === undefined) {
        const model = await collectOverview(services, services.now(), customer);
        if (customer !== undefined && model.rows.length === 0)
          throw new NotFoundError(`There is no target of the customer ${customer}.`);
        return replyOf(overviewPage(model, frame, { ...grid, customer }), customer ?? 'all');
      }
      const rows = { verdict: resources, q: rq };
      const wanted = { resources: { ...rows, page: rpage } };
      const model = await collectTargetReport(services, targetId, wanted);
      return replyOf(targetPage(model, frame, rows), targetId);
    },
  }),
});

/** @param fileName of a file to keep; undefined for a page to look at. */
function contentOf({ html, headers }: Rendered, fileName: string | undefined): Content {
  const kept = fileName === undefined ? {} : { 'content-disposition': `attachment; filename="${fileName}"` };
  return { type: 'text/html; charset=utf-8', text: html, headers: { ...headers, ...kept } };
}
