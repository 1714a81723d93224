import * as z from 'zod';
import { InputError } from '../lib/errors';
import { ExportParams, ExportQuery } from '../lib/http/inputs';
import { type Content, route } from '../lib/http/route';
import { columns, csvExport } from '../lib/report/export/csv';
import { fileOf } from '../lib/report/export/file';
import { ExportDocument, jsonExport } from '../lib/report/export/json';
import type { Services } from '../lib/services';

/** Findings and their history as files, for auditors. */
export const exportRoutes = (services: Services) => ({
  export: route({
    role: 'Syncwarden.Read',
    summary: 'Findings as a file: as rows for a spreadsheet, or in JSON with their history.',
    params: ExportParams,
    query: ExportQuery,
    replies: {
      200: {
        description: 'The whole file.',
        content: {
          'text/csv': z.string().describe(`Columns: ${columns.join(', ')}.`),
          'application/json': ExportDocument,
        },
      },
    },
    problems: ['notFound'],
    async handle({ params: { format }, query: { from, to, ...filter } }) {
      const day = services.now().toISOString().slice(0, 10);
      if (format === 'json') {
        const file = await fileOf(jsonExport(services, filter, { from, to }));
        return { status: 200, content: attachment(file, 'application/json', `syncwarden-${day}.json`) };
      }
      if (from !== undefined || to !== undefined) throw onlyInJson(from === undefined ? 'to' : 'from');
      const file = await fileOf(csvExport(services, filter));
      return { status: 200, content: attachment(file, 'text/csv; charset=utf-8', `syncwarden-${day}.csv`) };
    },
  }),
});

function attachment(text: Content['text'], type: string, name: string): Content {
  return { type, text, headers: { 'content-disposition': `attachment; filename="${name}"` } };
}

function onlyInJson(path: string): InputError {
  return new InputError([{ path, message: 'is about the history, which only export/json has' }]);
}
