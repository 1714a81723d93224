import { randomBytes, randomUUID } from 'node:crypto';
import type * as core from '@azure/functions-core';
import type { LoadedApp, RegisteredFunction } from './core-module';
import { write } from './log';

/** How the app counts what is running, so that it can end in order. */
export class Invocations {
  private readonly running = new Set<Promise<unknown>>();

  constructor(private readonly app: LoadedApp) {}

  /**
   * Runs a function as the worker does: the library converts its arguments and its result.
   * @throws what the function throws.
   */
  async run(
    target: RegisteredFunction,
    input: core.RpcTypedData,
    triggerMetadata: Record<string, core.RpcTypedData>,
    traceParent = newTraceParent(),
  ): Promise<core.RpcInvocationResponse> {
    const running = this.invoke(target, input, triggerMetadata, traceParent);
    this.running.add(running);
    try {
      return await running;
    } finally {
      this.running.delete(running);
    }
  }

  /** Waits for what is running, but not for ever. */
  async settle(timeoutMs: number): Promise<void> {
    const timeout = new Promise((resolve) => setTimeout(resolve, timeoutMs).unref());
    await Promise.race([Promise.allSettled(this.running), timeout]);
  }

  private async invoke(
    { metadata, callback, trigger }: RegisteredFunction,
    input: core.RpcTypedData,
    triggerMetadata: Record<string, core.RpcTypedData>,
    traceParent: string,
  ): Promise<core.RpcInvocationResponse> {
    const invocationId = randomUUID();
    const source = `${metadata.name} ${invocationId.slice(0, 8)}`;
    const model = this.app.model.getInvocationModel({
      invocationId,
      metadata,
      request: {
        invocationId,
        inputData: [{ name: trigger.name, data: input }],
        triggerMetadata,
        traceContext: { traceParent, traceState: '', attributes: {} },
      },
      state: undefined,
      log: (level: core.RpcLogLevel, _category: core.RpcLogCategory, message: string) =>
        write(level === 'none' ? 'information' : level, source, message),
    });
    try {
      const { context, inputs = [] } = await model.getArguments();
      const hookData = {};
      const before = { invocationContext: context, functionCallback: callback, inputs, hookData };
      await this.app.runHooks('preInvocation', before);
      const result = await model.invokeFunction(context, before.inputs, before.functionCallback);
      const after = { invocationContext: context, inputs, hookData, result, error: undefined };
      await this.app.runHooks('postInvocation', after);
      return await model.getResponse(context, after.result);
    } catch (error) {
      write('error', source, error instanceof Error ? (error.stack ?? error.message) : String(error));
      throw error;
    }
  }
}

/** A trace of its own, sampled. https://www.w3.org/TR/trace-context/ */
export function newTraceParent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}
