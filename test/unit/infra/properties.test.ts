import { type BicepFile, bicepParser, bodyOf, parseInfra } from './bicep';
import { resourceVersions } from './documented';
import { propertyComplaints } from './properties';
import { graph } from './shapes/graph';
import { insights } from './shapes/insights';
import { resources } from './shapes/resources';
import { names, type Shape, type Shapes, type Within } from './shapes/shape';
import { web } from './shapes/web';

const shapes: Shapes = { ...graph, ...insights, ...resources, ...web };

let files: BicepFile[];
let parse: (name: string, source: string) => BicepFile;
beforeAll(async () => {
  files = await parseInfra();
  parse = await bicepParser();
});
const deployed = ({ declarations }: BicepFile) =>
  declarations.filter(({ kind, isExisting }) => kind === 'resource' && !isExisting);

it('writes properties that Azure knows, all that it asks for, with values that it takes', () => {
  expect(files.flatMap((file) => propertyComplaints(file, shapes))).toEqual([]);
});

it('would not get away with a misspelt property anywhere but in maps', () => {
  const keys = files.flatMap((file) =>
    deployed(file).flatMap((resource) =>
      bodyOf(resource)
        .descendantsOfType('object_property')
        .flatMap((property) => {
          const key = property.namedChild(0);
          return key === null ? [] : [{ file, key }];
        }),
    ),
  );
  const unnoticed = keys.filter(({ file: { name, tree }, key }) => {
    const at = key.type === 'string' ? key.endIndex - 1 : key.endIndex;
    const misspelt = parse(name, `${tree.text.slice(0, at)}s${tree.text.slice(at)}`);
    return propertyComplaints(misspelt, shapes).length === 0;
  });
  expect(unnoticed.map(({ key }) => key.text)).toEqual([
    "'${reader.id}'",
    "'hidden-link:${applicationInsightsId}'",
    "'hidden-link:${applicationInsightsId}'",
    "'hidden-link:${healthTest.id}'",
    "'azd-service-name'",
  ]);
});

describe('the lists of properties', () => {
  it('are there for what is deployed, at its version, and for nothing else', () => {
    const types = new Set(files.flatMap((file) => deployed(file).map(({ of }) => of)));
    expect(Object.keys(shapes).sort()).toEqual([...types].sort());
    const pinned = Object.entries(resourceVersions).map(([type, version]) => `${type}@${version}`);
    expect(Object.keys(shapes).filter((key) => !pinned.includes(key))).toEqual([]);
  });

  it('are sorted, name nothing twice, and go into nothing that they do not name', () => {
    const within = (shape: Within): Shape[] => {
      if (shape === 'open') return [];
      const ones = 'by' in shape ? Object.values(shape.shapes) : [shape];
      return ones.flatMap((one) => [one, ...Object.values(one.objects ?? {}).flatMap(within)]);
    };
    const all = Object.values(shapes).flatMap(within);
    const lists = all.flatMap(({ required, optional }) => [names(required), names(optional)]);
    const byLetters = (one: string, other: string) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1);
    expect(lists).toEqual(lists.map((list) => [...new Set(list)].sort(byLetters)));
    for (const { required, optional, values, objects } of all) {
      const known = [...names(required), ...names(optional)];
      expect(new Set(known).size).toBe(known.length);
      const mentioned = [...Object.keys(values ?? {}), ...Object.keys(objects ?? {})];
      expect(known).toEqual(expect.arrayContaining(mentioned.map((name) => name.replace('[]', ''))));
    }
  });
});

describe('what the check finds', () => {
  const rule: Shape = { required: 'id', optional: 'action', values: { action: ['Allow', 'Deny'] } };
  const example: Shapes = {
    'A/b@1': {
      required: 'name',
      optional: 'properties tags',
      objects: {
        properties: {
          optional: 'default hours rules state',
          values: { state: ['off', 'on'] },
          objects: {
            default: rule,
            hours: { by: 'kind', shapes: { fixed: { required: 'from kind' } } },
            'rules[]': rule,
          },
        },
        tags: 'open',
      },
    },
  };
  const complaints = (body: string, type = 'A/b@1') =>
    propertyComplaints(parse('x.bicep', `resource r '${type}' = ${body}`), example);
  const inProperties = (source: string) =>
    complaints(`{\n  name: 'n'\n  properties: ${source}\n}`).map((complaint) =>
      complaint.replace('x.bicep r: properties.', ''),
    );

  it('a resource whose properties are not listed', () => {
    expect(complaints("{ name: 'n' }", 'A/b@2')).toEqual(['x.bicep r: A/b@2 has no list of properties']);
  });

  it('what is wrong at the top, but for what is of Bicep', () => {
    expect(complaints('{ parent: p, scope: s, dependsOn: [d], sku: {}, properties: {} }')).toEqual([
      'x.bicep r: name is missing',
      'x.bicep r: sku is not documented',
    ]);
    expect(complaints("[for n in ns: if (n.on) { name: n, tag: 'a' }]")).toEqual([
      'x.bicep r: tag is not documented',
    ]);
  });

  it.each([
    ['a misspelt property', "{ State: 'on' }", ['State is not documented']],
    ['a property that is missing', "{ default: { action: 'Deny' } }", ['default.id is missing']],
    ['a value that is not allowed', "{ state: 'On' }", ["state 'On' is none of off, on"]],
    ['one of two values', "{ state: empty(a) ? 'on' : 'of' }", ["state 'of' is none of off, on"]],
    [
      'one of two objects',
      '{ default: (a ? { id: 1 } : { ids: 1 }) }',
      ['default.id is missing', 'default.ids is not documented'],
    ],
    ['an item of a list', '{ rules: [{ id: 1 }, { id: 2, what: 3 }] }', ['rules.what is not documented']],
    ['an item of a loop', '{ rules: [for a in b: { action: a }] }', ['rules.id is missing']],
    [
      'an item that is mapped',
      "{ rules: map(b, a => { id: a, action: 'No' }) }",
      ["rules.action 'No' is none of Allow, Deny"],
    ],
    [
      'a part of what is merged',
      "{ default: union(a, { action: 'No' }) }",
      ["default.action 'No' is none of Allow, Deny"],
    ],
    ['an object where a list belongs', '{ rules: { id: 1 } }', ['rules is a list']],
    ['a list where an object belongs', '{ default: [{ id: 1 }] }', ['default is no list']],
    ['a text where an object belongs', "{ default: 'a' }", ['default is a text']],
    ['an object that is not listed', '{ state: { id: 1 } }', ['state has no list of properties']],
    [
      'what its kind lacks',
      "{ hours: { kind: 'fixed', until: 1 } }",
      ['hours.from is missing', 'hours.until is not documented'],
    ],
    ['a kind that is not listed', "{ hours: { kind: 'other' } }", ['hours.kind is none of fixed']],
    [
      'nothing where all is well',
      "{ state: 'on', default: { id: 1 }, rules: [{ id: 1, action: 'Deny' }] }",
      [],
    ],
    [
      'nothing where the value is not known here',
      "{ state: 'o${n}', default: a.b, rules: concat(a, b) }",
      [],
    ],
  ])('%s', (_what, source, expected) => {
    expect(inProperties(source)).toEqual(expected);
  });

  it('what stands in a variable', () => {
    const source = "var state = 'up'\nresource r 'A/b@1' = {\n  name: 'n'\n  properties: { state: state }\n}";
    expect(propertyComplaints(parse('x.bicep', source), example)).toEqual([
      "x.bicep r: properties.state 'up' is none of off, on",
    ]);
  });
});
