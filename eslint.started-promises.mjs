/** Methods that keep what they are given. */
const keepers = ['push', 'set', 'add', 'unshift'];

/**
 * A promise that is kept, to be awaited later, has to go through `started`: should it fail before anybody awaits it, Node ends
 * the process, and with it the audits of everybody else. One that is awaited where it begins needs nothing.
 */
export const startedPromises = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      kept: 'This promise is kept and awaited later: wrap it in started(…), or await it here. Nobody may be waiting yet when it fails.',
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();

    function isPromise(type) {
      if (type.isUnion()) return type.types.some(isPromise);
      if (checker.isArrayType(type) || checker.isTupleType(type))
        return checker.getTypeArguments(type).some(isPromise);
      return type.getProperty('then') !== undefined;
    }

    /** Whether this is handled already, or only looks up what was started elsewhere. */
    function isHandled({ callee }) {
      if (callee.type === 'Identifier') return callee.name === 'started';
      if (callee.type !== 'MemberExpression') return false;
      const isLookUp =
        callee.property.name === 'get' && services.getTypeAtLocation(callee.object).symbol?.name === 'Map';
      return isLookUp || callee.property.name === 'catch';
    }

    function check(node) {
      switch (node?.type) {
        case 'LogicalExpression':
          return [node.left, node.right].forEach(check);
        case 'ConditionalExpression':
          return [node.consequent, node.alternate].forEach(check);
        case 'ArrayExpression':
          return node.elements.forEach(check);
        case 'CallExpression':
          if (isHandled(node)) return;
          break;
        case 'NewExpression':
          break;
        default:
          return;
      }
      if (isPromise(services.getTypeAtLocation(node))) context.report({ node, messageId: 'kept' });
    }

    return {
      VariableDeclarator: ({ init }) => check(init),
      PropertyDefinition: ({ value }) => check(value),
      Property: ({ value, parent }) => parent.type === 'ObjectExpression' && check(value),
      AssignmentExpression: ({ right, parent }) => parent.type !== 'AwaitExpression' && check(right),
      CallExpression({ callee, arguments: given }) {
        if (callee.type === 'MemberExpression' && keepers.includes(callee.property.name))
          given.forEach(check);
      },
    };
  },
};
