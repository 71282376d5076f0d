import type { handleUnaryCall, ServiceError, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { parseUrn } from "../urn";
import { same } from "../values";
import type { Provider } from "./provider";
import { fromStruct, toServiceError, toStruct } from "./wire";

const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;

/** Newer than every SDK asks for: one server stands for the plugins of all packages. */
const VERSION = "999.0.0";

/** The provider protocol of Pulumi's engine in front of a {@link Provider}. */
export function service(provider: Provider): UntypedServiceImplementation {
  return {
    handshake: answer(() => new rpc.ProviderHandshakeResponse()),
    attach: answer(() => new Empty()),
    cancel: answer(() => new Empty()),
    getPluginInfo: answer(() => new PluginInfo().setVersion(VERSION)),
    ...configuration(provider),
    ...resources(provider),
    invoke: answer((q: rpc.InvokeRequest) => {
      const { values } = fromStruct(q.getArgs());
      return new rpc.InvokeResponse().setReturn(
        toStruct(provider.invoke({ token: q.getTok(), args: values })),
      );
    }),
  };
}

function configuration(provider: Provider) {
  return {
    checkConfig: answer((q: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(q.getNews())),
    diffConfig: answer((q: rpc.DiffRequest) => {
      const olds = fromStruct(q.getOldInputs() ?? q.getOlds()).values;
      const unchanged = same(olds, fromStruct(q.getNews()).values);
      return new rpc.DiffResponse().setChanges(unchanged ? DIFF_NONE : DIFF_SOME);
    }),
    configure: answer((q: rpc.ConfigureRequest) => {
      provider.configure(q.getUrn() ?? "", accountIds(q));
      return new rpc.ConfigureResponse().setSupportspreview(true).setAcceptsecrets(true);
    }),
  };
}

function resources(provider: Provider) {
  return {
    check: answer((q: rpc.CheckRequest) => check(provider, q)),
    diff: answer((q: rpc.DiffRequest) => diff(provider, q)),
    create: answer((q: rpc.CreateRequest) => {
      const { values: inputs, secrets } = fromStruct(q.getProperties());
      const { id, outputs } = provider.create({ ...what(q), inputs, secrets, preview: q.getPreview() });
      return new rpc.CreateResponse().setId(id).setProperties(toStruct(outputs, secrets));
    }),
    update: answer((q: rpc.UpdateRequest) => {
      const { values: inputs, secrets } = fromStruct(q.getNews());
      const olds = fromStruct(q.getOlds()).values;
      const wish = { ...what(q), id: q.getId(), inputs, secrets, olds, preview: q.getPreview() };
      return new rpc.UpdateResponse().setProperties(toStruct(provider.update(wish).outputs, secrets));
    }),
    delete: answer((q: rpc.DeleteRequest) => {
      provider.remove({ ...what(q), id: q.getId(), olds: fromStruct(q.getProperties()).values });
      return new Empty();
    }),
    read: answer((q: rpc.ReadRequest) => {
      const found = provider.read({ ...what(q), id: q.getId() });
      // No id in the answer is how a provider says that there is no such object.
      if (!found) return new rpc.ReadResponse();
      const secrets = [q.getInputs(), q.getProperties()].flatMap((known) => fromStruct(known).secrets);
      return new rpc.ReadResponse()
        .setId(found.id)
        .setInputs(toStruct(found.inputs, secrets))
        .setProperties(toStruct(found.outputs, secrets));
    }),
  };
}

/** A handler that answers at once: the clouds are synchronous, so each request is atomic. */
function answer<Q, A>(work: (request: Q) => A): handleUnaryCall<Q, A> {
  return ({ request }, callback) => {
    let response: A;
    try {
      response = work(request);
    } catch (error) {
      callback(toServiceError(error) as ServiceError);
      return;
    }
    callback(null, response);
  };
}

function what(q: { getUrn(): string }): { urn: string; type: string } {
  const urn = q.getUrn();
  return { urn, type: parseUrn(urn).qualifiedType.split("$").at(-1) ?? "" };
}

function check(provider: Provider, q: rpc.CheckRequest): rpc.CheckResponse {
  const { values: news, secrets } = fromStruct(q.getNews());
  const olds = q.hasOlds() ? { olds: fromStruct(q.getOlds()).values } : {};
  const { inputs, failures } = provider.check({ ...what(q), news, ...olds });
  const list = failures.map(({ property = "", reason }) =>
    new rpc.CheckFailure().setProperty(property).setReason(reason),
  );
  return new rpc.CheckResponse().setInputs(toStruct(inputs, secrets)).setFailuresList(list);
}

function diff(provider: Provider, q: rpc.DiffRequest): rpc.DiffResponse {
  const { changed, replaces, deleteBeforeReplace } = provider.diff({
    ...what(q),
    id: q.getId(),
    olds: fromStruct(q.getOldInputs() ?? q.getOlds()).values,
    news: fromStruct(q.getNews()).values,
    ignoreChanges: q.getIgnorechangesList(),
  });
  return new rpc.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...changed])
    .setReplacesList([...replaces])
    .setDeletebeforereplace(deleteBeforeReplace);
}

/** Lists reach a provider's configuration as JSON text. */
function accountIds(q: rpc.ConfigureRequest): readonly string[] {
  const given =
    fromStruct(q.getArgs()).values.allowedAccountIds ??
    q.getVariablesMap().get("aws:config:allowedAccountIds");
  const list: unknown = typeof given === "string" && given !== "" ? JSON.parse(given) : given;
  return Array.isArray(list) ? list.map(String) : [];
}
