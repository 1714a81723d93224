import { capitalised } from '../../capitalised';
import type { Command } from './commands';
import type { DescribedOperation } from './operations';
import type { Parameter } from './parameters';

/** Names by which objects in the pipeline say what they are about. */
const fromPipeline = new Set(['targetId', 'control']);

/** The file of a function: its help, its parameters, and the call of what does it. */
export function functionFile(command: Command, operations: readonly DescribedOperation[]): string {
  const parameters = parametersOf(command, operations);
  return `# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function ${command.name} {
    <#
${helpOf(command, operations, parameters)
  .map((line) => (line === '' ? '' : `    ${line}`))
  .join('\n')}
    #>
${[...bindingOf(command), 'param(', ...blockOf(command, parameters), ')', ...bodyOf(command)]
  .map((line) => (line === '' ? '' : `    ${line}`))
  .join('\n')}
}
`;
}

interface Merged extends Parameter {
  isMandatory: boolean;
}

/** The parameters of all its operations: mandatory is what each of them requires. */
function parametersOf(command: Command, operations: readonly DescribedOperation[]): Merged[] {
  const unwanted = new Set([...Object.keys(command.fixed ?? {}), ...(command.without ?? [])]);
  const merged = new Map<string, Merged>();
  for (const parameter of operations.flatMap((operation) => operation.parameters)) {
    if (unwanted.has(parameter.wire)) continue;
    const isMandatory = operations.every(({ parameters }) =>
      parameters.some(({ name, required }) => name === parameter.name && required),
    );
    const before = merged.get(parameter.name);
    if (before !== undefined && before.type !== parameter.type)
      throw new Error(`${command.name}: the operations disagree on the type of ${parameter.name}.`);
    if (before === undefined) merged.set(parameter.name, { ...parameter, isMandatory });
  }
  // What says which one comes first, in the order in which it stands in addresses.
  return [...merged.values()].sort((a, b) => rank(a) - rank(b));
}

function rank({ place, wire }: Parameter): number {
  if (wire === 'targetId') return 0;
  if (place === 'path' || wire === 'control' || wire === 'controls') return 1;
  return wire === 'limit' ? 3 : 2;
}

function helpOf(
  { synopsis, examples, own = [], name, action, role }: Command,
  operations: readonly DescribedOperation[],
  parameters: readonly Merged[],
): string[] {
  const [first] = operations;
  const roles = role === undefined ? [...new Set(operations.flatMap((each) => each.role ?? []))] : [role];
  return [
    '.SYNOPSIS',
    plain(synopsis ?? first?.summary ?? name),
    '',
    '.DESCRIPTION',
    ...operations.map(({ method, path }) => `Calls ${method} /api/${path}.`),
    roles.length === 0 ? 'Anybody may call it.' : `Needs the app role ${roles.join(', ')}.`,
    ...(action === undefined ? [] : ['With -WhatIf nothing is sent.']),
    '',
    ...[...own, ...parameters].flatMap(({ name: parameter, help }) => [
      `.PARAMETER ${parameter}`,
      plain(help ?? missing(name, parameter)),
      '',
    ]),
    ...examples.flatMap(([code, remark]) => ['.EXAMPLE', code, '', remark, '']),
    '.LINK',
    'Connect-Syncwarden',
  ];
}

/** Nobody can use what is not described. */
function missing(command: string, parameter: string): never {
  throw new Error(
    `openapi.json does not say what ${parameter} of ${command} is: describe it where it is parsed.`,
  );
}

/** Help of PowerShell is no Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '').replaceAll('#>', '');
}

function bindingOf({ action, impact = 'Medium', output, own = [] }: Command): string[] {
  const options = [
    ...(action === undefined ? [] : ['SupportsShouldProcess', `ConfirmImpact = '${impact}'`]),
    ...(own.some(({ name }) => name === 'InputObject') ? ["DefaultParameterSetName = 'Objects'"] : []),
    'PositionalBinding = $false',
  ];
  return [
    `[CmdletBinding(${options.join(', ')})]`,
    ...(output === undefined ? [] : [`[OutputType('Syncwarden.${output}')]`]),
  ];
}

/** The parameters, each with its attributes. */
function blockOf({ own = [] }: Command, parameters: readonly Merged[]): string[] {
  // Where a file is named it comes first, and the rest is said by name.
  const positions = own.some(({ name }) => name === 'Path') ? [] : parameters.filter(isFirst);
  const blocks = [
    ...own.map(({ name, type, attributes }) => [...attributes, `[${type}] $${name}`]),
    ...parameters.map((each) => linesOf(each, positions.indexOf(each))),
  ];
  return blocks.flatMap((lines, index) => {
    const isLast = index === blocks.length - 1;
    return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${isLast ? '' : ','}`, ...(isLast ? [] : [''])].map(
      (line) => (line === '' ? '' : `    ${line}`),
    );
  });
}

/** @param position -1 for one that is said by its name. */
function linesOf(
  { name, wire, place, type, values, range, isMandatory }: Merged,
  position: number,
): string[] {
  const options = [
    ...(isMandatory ? ['Mandatory'] : []),
    ...(position === -1 ? [] : [`Position = ${position}`]),
    // What only chooses among the results says nothing of the objects in a pipeline.
    ...(place !== 'query' || fromPipeline.has(wire) ? ['ValueFromPipelineByPropertyName'] : []),
  ];
  const alias = capitalised(wire);
  return [
    ...(options.length === 0 ? [] : [`[Parameter(${options.join(', ')})]`]),
    ...(alias === name ? [] : [`[Alias('${alias}')]`]),
    ...(values === undefined ? [] : [`[ValidateSet(${values.map((value) => `'${value}'`).join(', ')})]`]),
    ...(range === undefined ? [] : [`[ValidateRange(${range.join(', ')})]`]),
    `[${type}] $${name}`,
  ];
}

/** Whether it says which one is meant, and so can be given without its name. */
function isFirst(parameter: Parameter): boolean {
  return rank(parameter) < 2;
}

function bodyOf({ operations, output, action, fixed, alsoStatus, via, collects }: Command): string[] {
  const pairs = Object.entries(fixed ?? {}).map(([name, value]) => `${name} = '${value}'`);
  const call = [
    via ?? 'Invoke-Operation',
    '-Cmdlet $PSCmdlet',
    `-Operation ${operations.map((id) => `'${id}'`).join(', ')}`,
    `-Given $PSBoundParameters`,
    ...(pairs.length === 0 ? [] : [`-Fixed @{ ${pairs.join('; ')} }`]),
    ...(output === undefined ? [] : [`-TypeName 'Syncwarden.${output}'`]),
    ...(action === undefined ? [] : [`-Action '${action}'`]),
    ...(alsoStatus === undefined ? [] : [`-AlsoStatus ${alsoStatus.join(', ')}`]),
    ...(collects === true ? ['-InputObject $all'] : []),
  ].join(' ');
  if (collects !== true) return ['process {', `    ${call}`, '}'];
  return [
    'begin {',
    '    $all = [System.Collections.Generic.List[psobject]]::new()',
    '}',
    'process {',
    '    foreach ($each in $InputObject) { $all.Add($each) }',
    '}',
    'end {',
    `    ${call}`,
    '}',
  ];
}
