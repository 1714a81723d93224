import type { ResourceRow } from '../../model/verdict';
import type { ResourceReport } from '../model';
import { codeList } from './changes';
import { html, type Markup } from './markup';
import { kindOf, reachOf, searchTextOf } from './row-text';
import { words } from './words';

/**
 * One page of rows. With a target it says where all of them are, and holds an empty row to fill.
 * @param targetId absent in a file
 */
export function rowsTable(report: ResourceReport, targetId: string | undefined): Markup {
  const { control, rows, pageSize } = report;
  return html`<div class="scroll" role="group" aria-labelledby="${control}-rows" tabindex="0">
    <table
      class="rows stacking"
      aria-labelledby="${control}-rows"
      data-resources
      data-control="${control}"
      data-page-size="${pageSize}"
      ${report.complete && html`data-complete`}
      ${targetId !== undefined && html`data-source="targets/${targetId}/findings/${control}?resources=all&amp;limit=1000"`}
    >
      <thead>
        <tr>
          <th scope="col">Room or mailbox</th>
          <th scope="col">Verdict</th>
          <th scope="col">Codes</th>
          <th scope="col">Reached by</th>
          <th scope="col">Remarks</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(resourceRow)}
      </tbody>
    </table>
  </div>`;
}

/** A row without anything in it, for those that the script loads: they look like the others then. */
export function emptyRow(): Markup {
  const row = resourceRow({ resource: '', kind: 'room', displayName: '', verdict: 'unknown', codes: [] });
  return html`<template data-resource-template>${row}</template>`;
}

function resourceRow(row: ResourceRow): Markup {
  const { verdict, displayName, resource, codes, detail } = row;
  return html`<tr data-resource data-verdict="${verdict}" data-text="${searchTextOf(row)}">
    <th scope="row">
      <bdi data-field="name">${displayName}</bdi> <i data-field="kind">${kindOf(row)}</i>
      <span class="address" data-field="resource">${resource}</span>
    </th>
    <td><span class="verdict" data-field="verdict" data-look="${verdict}">${words[verdict]}</span></td>
    <td data-title="Codes" data-field="codes">${codeList(codes)}</td>
    <td data-title="Reached by" data-field="reach">${reachOf(row)}</td>
    <td data-title="Remarks" data-field="detail">${detail}</td>
  </tr>`;
}
