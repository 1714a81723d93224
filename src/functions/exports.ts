import * as z from 'zod';
import { InputError } from '../lib/errors';
import { attachment } from '../lib/http/attachment';
import { ExportParams, ExportQuery } from '../lib/http/inputs';
import { route } from '../lib/http/route';
import { csvExport } from '../lib/report/export/csv';
import { fileOf, fileOfBytes } from '../lib/report/export/file';
import { ExportDocument, jsonExport } from '../lib/report/export/json';
import { markdownExport } from '../lib/report/export/markdown';
import { columns, roomColumns } from '../lib/report/export/rows';
import { xlsxExport } from '../lib/report/export/xlsx';
import type { Services } from '../lib/services';

const types = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  md: 'text/markdown; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** Findings and their history as files, for auditors. */
export const exportRoutes = (services: Services) => ({
  export: route({
    role: 'Syncwarden.Read',
    summary: 'Findings as a file: for a spreadsheet, as a report, or in JSON with their history.',
    params: ExportParams,
    query: ExportQuery,
    replies: {
      200: {
        description: 'The whole file.',
        content: {
          'text/csv': z
            .string()
            .describe(
              `Columns: ${columns.join(', ')}; with \`resources=all\` also ${roomColumns.join(', ')}.`,
            ),
          'application/json': ExportDocument,
          'text/markdown': z.string().describe('A section for each target, and counts at the end.'),
          [types.xlsx]: z.string().describe('A workbook: bytes.'),
        },
      },
    },
    problems: ['notFound'],
    async handle({ params: { format }, query: { from, to, resources, ...filter } }) {
      const request = { filter, hasRooms: resources !== undefined };
      if (format !== 'json' && (from !== undefined || to !== undefined))
        throw onlyInJson(from === undefined ? 'to' : 'from');
      const made = {
        csv: () => fileOf(csvExport(services, request)),
        json: () => fileOf(jsonExport(services, request, { from, to })),
        md: () => fileOf(markdownExport(services, request)),
        xlsx: async () => fileOfBytes(await xlsxExport(services, request)),
      };
      const headers = attachment(filter.targetId ?? filter.customer, services.now(), format);
      return { status: 200, content: { type: types[format], text: await made[format](), headers } };
    },
  }),
});

function onlyInJson(path: string): InputError {
  return new InputError([{ path, message: 'is about the history, which only export/json has' }]);
}
