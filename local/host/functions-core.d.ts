/**
 * What of the worker's own module this host supplies and uses. Its types are not published as a package.
 * Source: https://github.com/Azure/azure-functions-nodejs-worker
 */
declare module '@azure/functions-core' {
  type FunctionCallback = (...args: unknown[]) => unknown;
  type RpcLogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
  type RpcLogCategory = 'user' | 'system' | 'customMetric';

  interface RpcBindingInfo {
    type?: string;
    direction?: 'in' | 'out' | 'inout';
    [option: string]: unknown;
  }
  interface FunctionMetadata {
    name?: string;
    bindings?: Record<string, RpcBindingInfo>;
  }
  interface RpcHttpData {
    method?: string;
    url?: string;
    headers?: Record<string, string>;
    query?: Record<string, string>;
    params?: Record<string, string>;
    body?: RpcTypedData | null;
    statusCode?: string;
    cookies?: { name?: string; value?: string }[];
  }
  interface RpcTypedData {
    string?: string;
    json?: string;
    bytes?: Uint8Array;
    int?: number;
    http?: RpcHttpData;
  }
  interface RpcInvocationResponse {
    invocationId?: string;
    returnValue?: RpcTypedData | null;
    outputData?: { name?: string; data?: RpcTypedData }[];
  }
  interface CoreInvocationContext {
    invocationId: string;
    metadata: FunctionMetadata;
    request: {
      invocationId: string;
      inputData: { name: string; data: RpcTypedData }[];
      triggerMetadata: Record<string, RpcTypedData>;
      traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> };
    };
    state: string | undefined;
    log(level: RpcLogLevel, category: RpcLogCategory, message: string): void;
  }
  interface InvocationModel {
    getArguments(): Promise<{ context: unknown; inputs?: unknown[] }>;
    invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
    getResponse(context: unknown, result: unknown): Promise<RpcInvocationResponse>;
  }
  interface ProgrammingModel {
    name: string;
    version: string;
    getInvocationModel(context: CoreInvocationContext): InvocationModel;
    getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
  }
}
