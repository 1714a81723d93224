import Module from 'node:module';
import type * as core from '@azure/functions-core';

export interface RegisteredFunction {
  metadata: core.FunctionMetadata & { name: string };
  callback: core.FunctionCallback;
  /** The one binding that starts it. */
  trigger: core.RpcBindingInfo & { name: string };
}

/** What the app has registered by the time that it is loaded. */
export interface LoadedApp {
  model: core.ProgrammingModel;
  functions: readonly RegisteredFunction[];
  /** Runs the hooks of one kind, in the order of their registration. */
  runHooks(name: string, context: Record<string, unknown>): Promise<void>;
}

type Hook = (context: never) => unknown;

/**
 * Loads an app as the Functions worker does: it finds a module `@azure/functions-core` that the host supplies, and
 * registers its functions there.
 * @throws whatever the app throws while it loads.
 */
export function loadApp(file: string): LoadedApp {
  const functions: RegisteredFunction[] = [];
  const hooks = new Map<string, Hook[]>();
  let model: core.ProgrammingModel | undefined;
  const supplied = {
    version: '1.0.0',
    hostVersion: '4.0.0',
    Disposable: class {
      dispose(): void {
        // Nothing is ever unregistered here.
      }
    },
    getProgrammingModel: () => model,
    setProgrammingModel: (given: core.ProgrammingModel) => (model = given),
    registerFunction: (metadata: core.FunctionMetadata, callback: core.FunctionCallback) =>
      functions.push(toRegistered(metadata, callback)),
    registerHook: (name: string, hook: Hook) => hooks.set(name, [...(hooks.get(name) ?? []), hook]),
    log: () => undefined,
  };
  // The method itself, to be called on whichever module asks.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const original = Module.prototype.require;
  Module.prototype.require = Object.assign(function (this: Module, id: string): unknown {
    return id === '@azure/functions-core' ? supplied : original.call(this, id);
  }, original);
  // Outside the bundler's view: the app is a file of its own.
  Module.createRequire(file)(file);
  if (model === undefined) throw new Error('The app registers no functions with @azure/functions.');
  return {
    model,
    functions,
    async runHooks(name, context) {
      for (const hook of hooks.get(name) ?? []) await hook(context as never);
    },
  };
}

function toRegistered(metadata: core.FunctionMetadata, callback: core.FunctionCallback): RegisteredFunction {
  const { name } = metadata;
  if (!name) throw new Error('A function was registered without a name.');
  const bindings = Object.entries(metadata.bindings ?? {});
  const trigger = bindings.find(([, binding]) => /Trigger$/i.test(binding.type ?? ''));
  if (trigger === undefined) throw new Error(`The function ${name} has no trigger.`);
  const output = bindings.find(([, { direction, type }]) => direction === 'out' && type !== 'http');
  if (output !== undefined)
    throw new Error(
      `The function ${name} has an output of type ${output[1].type ?? '?'}: this host serves none.`,
    );
  return { metadata: { ...metadata, name }, callback, trigger: { ...trigger[1], name: trigger[0] } };
}
