import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { CreatedButFailed } from "../faults";
import { SECRET, SIGNATURE, toWire } from "../serialize";
import { type Props, UNKNOWN } from "../types";

/** Properties as they came over the wire. */
export interface Received {
  readonly values: Props;
  /** Top-level names with a secret anywhere inside. */
  readonly secrets: readonly string[];
}

/** Takes the secrets' wrapping off. A null is what a provider takes for a property that is not set. */
export function fromStruct(struct: Struct | undefined): Received {
  const wire = (struct?.toJavaScript() ?? {}) as Props;
  return {
    values: unwrap(wire) as Props,
    secrets: Object.keys(wire).filter((name) => hasSecret(wire[name])),
  };
}

/** @param secrets the properties to mark secret, as far as they are there */
export function toStruct(values: Props, secrets: readonly string[] = []): Struct {
  return Struct.fromJavaScript(toWire(values, secrets) as Record<string, JavaScriptValue>);
}

/** Whether a value is not known yet, or has something in it that is not. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/**
 * What the engine is told when an operation fails: the message and nothing of this process. An object that
 * came to be before it failed goes with it, so that the engine keeps it in the state.
 */
export function toServiceError(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const answer = { code: status.UNKNOWN, details: message };
  if (!(error instanceof CreatedButFailed)) return answer;
  const created = new ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(toStruct(error.outputs))
    .setReasonsList([message]);
  const detail = new Any();
  detail.pack(created.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new Status().setCode(status.UNKNOWN).setMessage(message);
  whole.addDetails(detail);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { ...answer, metadata };
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET) return unwrap(value.value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, unwrap(inner)]));
}

function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && (value[SIGNATURE] === SECRET || Object.values(value).some(hasSecret));
}

function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null;
}
