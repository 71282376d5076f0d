import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Provider, type ProviderOptions } from "./server/provider";
import { service } from "./server/service";

/** The packages that the simulated clouds stand for. */
const PACKAGES = ["aws", "cloudflare", "github", "random"] as const;
/** A Lambda's code or a workflow file is larger than gRPC's own limit in no case that is known; the engine allows this much. */
const MESSAGE_BYTES = 400 * 1024 * 1024;

/** A provider server that Pulumi's engine can attach to. */
export interface RehearsalServer {
  readonly port: number;
  /** The value of `PULUMI_DEBUG_PROVIDERS`, which makes the engine use this server and load no plugin. */
  readonly debugProviders: string;
  close(): void;
}

/** Serves the simulated clouds to Pulumi's engine, on loopback only, as long as it is not closed. */
export async function serve(options: ProviderOptions): Promise<RehearsalServer> {
  const server = new Server({
    "grpc.max_receive_message_length": MESSAGE_BYTES,
    "grpc.max_send_message_length": MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, service(new Provider(options)));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return {
    port,
    debugProviders: PACKAGES.map((name) => `${name}:${port}`).join(","),
    close: () => server.forceShutdown(),
  };
}
