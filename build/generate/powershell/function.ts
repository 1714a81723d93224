import type { Command, OwnParameter } from './commands';
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

function blockOf({ own = [] }: Command, parameters: readonly Merged[]): string[] {
  const positions = [
    ...own.filter(isFile).map(({ name }) => name),
    ...parameters.filter(isFirst).map(({ name }) => name),
  ];
  // A file comes first; whose it is, is said by name then.
  const isPositional = (name: string) =>
    own.some(isFile) ? own.some((each) => isFile(each) && each.name === name) : positions.includes(name);
  const blocks = [
    ...own.map(({ name, type, attributes = [] }) => [
      ...attributes.map((attribute) =>
        isPositional(name) && attribute === 'Parameter(Mandatory)'
          ? '[Parameter(Mandatory, Position = 0)]'
          : `[${attribute}]`,
      ),
      `[${type}] $${name}`,
    ]),
    ...parameters.map((parameter) => {
      const options = [
        ...(parameter.isMandatory ? ['Mandatory'] : []),
        ...(isFirst(parameter) && isPositional(parameter.name)
          ? [`Position = ${positions.indexOf(parameter.name)}`]
          : []),
        ...(parameter.place !== 'query' || fromPipeline.has(parameter.wire)
          ? ['ValueFromPipelineByPropertyName']
          : []),
      ];
      return [
        ...(options.length === 0 ? [] : [`[Parameter(${options.join(', ')})]`]),
        ...(capitalised(parameter.wire) === parameter.name
          ? []
          : [`[Alias('${capitalised(parameter.wire)}')]`]),
        ...(parameter.values === undefined
          ? []
          : [`[ValidateSet(${parameter.values.map((value) => `'${value}'`).join(', ')})]`]),
        ...(parameter.range === undefined ? [] : [`[ValidateRange(${parameter.range.join(', ')})]`]),
        `[${parameter.type}] $${parameter.name}`,
      ];
    }),
  ];
  return blocks.flatMap((lines, index) => [
    ...(index === 0 ? [] : ['']),
    ...lines.map(
      (line, at) => `    ${line}${at === lines.length - 1 && index < blocks.length - 1 ? ',' : ''}`,
    ),
  ]);
}

function isFile({ name }: OwnParameter): boolean {
  return name === 'Path';
}

function isFirst(parameter: Parameter): boolean {
  return (
    (rank(parameter) < 2 && parameter.place !== 'body') || ['control', 'controls'].includes(parameter.wire)
  );
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
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
