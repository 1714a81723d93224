import * as z from 'zod';
import { NotFoundError } from '../lib/errors';
import { attachment } from '../lib/http/attachment';
import { type Content, route, type Reply } from '../lib/http/route';
import { collectOverview } from '../lib/report/overview';
import {
  type Frame,
  historyPage,
  overviewPage,
  problemPage,
  type Rendered,
  targetFormPage,
  targetPage,
} from '../lib/report/page';
import { collectHistory } from '../lib/report/history-report';
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
      return contentOf(page, {});
    },
    async handle({ query, caller }) {
      const { targetId, download, form, history } = query;
      const isFile = download !== undefined;
      const frame: Frame = { viewer: isFile ? null : caller };
      const now = services.now();
      const replyOf = (page: Rendered, about: string): Reply => ({
        status: 200,
        content: contentOf(page, isFile ? attachment(about, now, 'html') : {}),
      });
      if (form !== undefined) return replyOf(await formPage(services, targetId, frame), 'form');
      if (targetId === undefined) {
        const { verdict, control, severity, tag, sort, q, page } = query;
        const customer = query.customer || undefined;
        const model = await collectOverview(services, now, customer);
        if (customer !== undefined && model.rows.length === 0)
          throw new NotFoundError(`There is no target of the customer ${customer}.`);
        const grid = { verdict, control, severity, tag, sort, q, page, customer };
        return replyOf(overviewPage(model, frame, grid), customer ?? 'all');
      }
      if (history !== undefined)
        return replyOf(historyPage(await collectHistory(services, targetId, query, now), frame), targetId);
      const rows = { verdict: query.resources, q: query.rq };
      const wanted = { resources: { ...rows, page: query.rpage } };
      const model = await collectTargetReport(services, targetId, wanted);
      return replyOf(targetPage(model, frame, rows), targetId);
    },
  }),
});

/** The form for a new target, or the one that is named. @throws {NotFoundError} where there is none of that name. */
async function formPage(services: Services, targetId: string | undefined, frame: Frame): Promise<Rendered> {
  const generatedAt = services.now().toISOString();
  if (targetId === undefined) return targetFormPage({ generatedAt, target: undefined }, frame);
  const target = await services.targets.get(targetId);
  if (target === undefined) throw new NotFoundError(`There is no target ${targetId}.`);
  return targetFormPage({ generatedAt, target }, frame);
}

/** @param kept the headers of a file to keep; none for a page to look at. */
function contentOf({ html, headers }: Rendered, kept: Readonly<Record<string, string>>): Content {
  return { type: 'text/html; charset=utf-8', text: html, headers: { ...headers, ...kept } };
}
