import { evaluated } from '../../support/bicep/expressions';

const surroundings = {
  parameters: { split: 'tenant', names: ['a', 'b'], on: true },
  variables: { token: 'x1', appName: "[format('func-{0}', variables('token'))]" },
  tenantId: 'home',
  known: (name: string) => (name === 'published.ids.a' ? 'id of a' : undefined),
};
const value = (expression: string) => evaluated(`[${expression}]`, surroundings);

it.each([
  ["format('{0}/{1}', variables('appName'), tenant().tenantId)", 'func-x1/home'],
  ["if(parameters('on'), 'it''s on', parameters('nobody knows'))", "it's on"],
  [
    "union(createObject('a', 1), if(parameters('on'), createObject('b', -2), createObject()))",
    { a: 1, b: -2 },
  ],
  [
    "toObject(filter(items(createObject('a', '', 'b', 'c')), lambda('i', not(empty(lambdaVariables('i').value)))), lambda('i', lambdaVariables('i').key), lambda('i', lambdaVariables('i').value))",
    { b: 'c' },
  ],
  ["map(parameters('names'), lambda('n', concat('-', lambdaVariables('n'))))", ['-a', '-b']],
  [
    "reference('/subscriptions/1/providers/Some/type/id-reader', '2023-01-31').clientId",
    '{id-reader.clientId}',
  ],
  ["reference('module').outputs.name.value", '{module.name}'],
  ["reference('published').outputs.ids.value['a']", 'id of a'],
  ["empty(reference('module').outputs.name.value)", false],
])('%s', (expression, expected) => {
  expect(value(expression)).toEqual(expected);
});

it('leaves alone what is no expression', () => {
  expect(evaluated({ "[format('{0}', 'key')]": ['[[1]', 'text', 7, null] }, surroundings)).toEqual({
    key: ['[1]', 'text', 7, null],
  });
});

it('does not guess', () => {
  expect(() => value("shout('a')")).toThrow('shout is a function that is not known here.');
  expect(() => value("format('a'")).toThrow(/was expected/);
});
